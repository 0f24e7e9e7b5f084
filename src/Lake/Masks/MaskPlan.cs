// How one item is masked, as one word that travels inside a query: partial:text, noise:number:2:99999.99 …
using System.Globalization;

namespace Lizhou.Lake.Masks;

internal enum MaskWay
{
    Partial,
    Full,
    Hash,
    Generalise,
    Noise,
}

/// <summary>What kind of value the text is.</summary>
internal enum MaskOf
{
    Text,
    IdNumber,
    CreditCode,
    Number,
    Date,
    Moment,
    Truth,
}

/// <param name="Scale">Digits after the point of a number, −1 for binary fractions.</param>
/// <param name="Most">The greatest number of the column's type, up or down; null where it has more digits than matter.</param>
internal readonly record struct MaskPlan(MaskWay Way, MaskOf Of, int Scale = 0, decimal? Most = null)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Way}:{Of}:{Scale}:{Most}");

    public static MaskPlan Parse(string text)
    {
        var parts = text.Split(':');
        return new(
            Enum.Parse<MaskWay>(parts[0]), Enum.Parse<MaskOf>(parts[1]), int.Parse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            parts[3].Length == 0 ? null : decimal.Parse(parts[3], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
    }
}
