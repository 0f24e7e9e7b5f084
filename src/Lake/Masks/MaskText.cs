// In: a value as the engine prints it, a plan, a key. Out: its masked text. Pure; the same for a vector of the engine and for one value of a page.
// Never longer than the value's own information, and at most ten characters of it are shown.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lizhou.Lake.Masks;

internal static class MaskText
{
    public const string Stars = "***";

    private const int DaysAround = 15;
    private const int LeastAround = 2;
    private const int DigestBytes = 16;

    private static readonly string[] Towns = ["街道", "镇", "乡"];

    public static string Apply(MaskPlan plan, ReadOnlySpan<byte> key, string text) => plan.Way switch
    {
        MaskWay.Full => Stars,
        MaskWay.Hash => Hash(key, text),
        MaskWay.Generalise => Generalise(plan.Of, text),
        MaskWay.Noise => Noise(plan, key, text),
        _ => Partial(plan.Of, text),
    };

    private static string Partial(MaskOf of, string text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        return of switch
        {
            MaskOf.Date or MaskOf.Moment => Year(text) is { } year ? year + "-**-**" : Stars,
            MaskOf.Number or MaskOf.Truth => Stars,
            _ => PartialText(of, text),
        };
    }

    private static string PartialText(MaskOf of, string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        return (of, runes.Length) switch
        {
            (MaskOf.IdNumber, 18) => Keep(runes, 6, 4),
            (MaskOf.CreditCode, 18) => Keep(runes, 4, 4),
            (_, 18) when runes.Take(17).All(IsDigit) => Keep(runes, 6, 4),
            (_, 11) when runes.All(IsDigit) => Keep(runes, 3, 4),
            (_, 1) => "*",
            (_, <= 4) => Keep(runes, 1, 0),
            _ => Keep(runes, 1, 0, stars: 4),
        };
    }

    private static string Hash(ReadOnlySpan<byte> key, string text)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Digest(key, text, digest);
        return Convert.ToHexStringLower(digest[..DigestBytes]);
    }

    private static string Generalise(MaskOf of, string text) => of switch
    {
        MaskOf.Date or MaskOf.Moment => Year(text) ?? Stars,
        MaskOf.Number => LeadingDigit(text),
        MaskOf.Text => Town(text),
        _ => Stars,
    };

    private static string Noise(MaskPlan plan, ReadOnlySpan<byte> key, string text)
    {
        var unit = Unit(key, text);
        switch (plan.Of)
        {
            case MaskOf.Number when plan.Scale < 0:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                    ? (real == 0 ? 0.1 * (double)unit : real * (1 + (0.1 * (double)unit))).ToString("R", CultureInfo.InvariantCulture)
                    : Stars;
            case MaskOf.Number:
                return Number(plan, text, unit) ?? Stars;
            case MaskOf.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                var moved = Math.Clamp(day.DayNumber + (int)Shift(DaysAround, unit), DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber);
                return DateOnly.FromDayNumber(moved).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case MaskOf.Moment when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment):
                var ticks = Math.Clamp(moment.Ticks + ((long)Shift(DaysAround * 86_400, unit) * TimeSpan.TicksPerSecond), DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
                return new DateTime(ticks).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            default:
                return Stars;
        }
    }

    /// <summary>At most a tenth up or down, but two units of the last place where a tenth is less, and always one at least: a small number would come back as it is.
    /// What would leave the column's range goes the other way, so that the result has the column's type.</summary>
    private static string? Number(MaskPlan plan, string text, decimal unit)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var (place, most) = (new decimal(1, 0, 0, false, (byte)Math.Min(plan.Scale, 28)), plan.Most ?? decimal.MaxValue);
        var shift = Shift(Math.Max(Math.Abs(number) * 0.1m, LeastAround * place), unit, place);
        var leaves = shift > 0 ? number > most - shift : number < -most - shift;
        return Math.Round(leaves ? number - shift : number + shift, place.Scale).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whole steps, never none. They are not counted: a large number with many places has more of them than a decimal holds.</summary>
    private static decimal Shift(decimal most, decimal unit, decimal step = 1) => Math.Round(most * unit, step.Scale) is var shift and not 0 ? shift : Math.Sign(unit) * step;

    /// <summary>Between −1 and 1, never 0, decided by key and value alone.</summary>
    private static decimal Unit(ReadOnlySpan<byte> key, string text)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Digest(key, "noise:" + text, digest);
        return (((BitConverter.ToUInt32(digest) + 0.5m) / (1L << 32)) * 2) - 1;
    }

    private static void Digest(ReadOnlySpan<byte> key, string text, Span<byte> into)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        var bytes = size <= 512 ? stackalloc byte[size] : new byte[size];
        Encoding.UTF8.GetBytes(text, bytes);
        HMACSHA256.HashData(key, bytes, into);
    }

    private static string? Year(string text) => text.Length >= 4 && text.AsSpan(0, 4).ContainsAnyExceptInRange('0', '9') == false ? text[..4] : null;

    /// <summary>Everything up to the town; an address that names none tells nothing.</summary>
    private static string Town(string text)
    {
        foreach (var word in Towns)
        {
            if (text.IndexOf(word, StringComparison.Ordinal) is var at and > 0)
            {
                return text[..(at + word.Length)];
            }
        }

        return Stars;
    }

    /// <summary>34567.8 → 30000, 0.042 → 0.</summary>
    private static string LeadingDigit(string text)
    {
        var sign = text.StartsWith('-') ? "-" : "";
        var whole = text.AsSpan(sign.Length);
        whole = whole.IndexOf('.') is var point and >= 0 ? whole[..point] : whole;
        whole = whole.TrimStart('0');
        return whole.IsEmpty || whole.ContainsAnyExceptInRange('0', '9') ? (whole.IsEmpty ? "0" : Stars) : sign + whole[0] + new string('0', whole.Length - 1);
    }

    private static bool IsDigit(Rune rune) => rune.Value is >= '0' and <= '9';

    private static string Keep(Rune[] runes, int head, int tail, int? stars = null) =>
        string.Concat(runes[..head]) + new string('*', stars ?? (runes.Length - head - tail)) + string.Concat(runes[(runes.Length - tail)..]);
}
