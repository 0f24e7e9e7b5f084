// In: closed cases, the older of which are learned from and the newer asked about. Out: how often the first guess was right, and one of the first three; the same of guessing what was most frequent. Pure.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Cases.Ledger;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lizhou.Cases.Recommending;

/// <summary>A case that was settled well.</summary>
/// <param name="Words">As <see cref="PlainWords"/> makes them.</param>
/// <param name="Town">Code of the town; of a place above towns its own.</param>
/// <param name="Unit">Lead unit, the last there was; empty: none.</param>
internal sealed record Settled(string Number, string Words, string Class, string Town, string Unit);

/// <summary>What is guessed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuessOf>))]
internal enum GuessOf
{
    Class,
    Unit,
}

/// <param name="Label">Code of a class, id of a unit.</param>
/// <param name="Cases">Of those measured.</param>
/// <param name="First">Of them guessed first.</param>
/// <param name="Three">Among the first three.</param>
/// <param name="Wrongly">Cases of others it was guessed first for.</param>
internal sealed record LabelScore(string Label, int Cases, int First, int Three, int Wrongly);

/// <summary>How a model measured on cases newer than all it learned from.</summary>
/// <param name="Labels">Different ones learned.</param>
/// <param name="BaseFirst">Right by guessing what was most frequent: of classes in all, of units in the class.</param>
/// <param name="BaseThree">Among the three most frequent ones.</param>
internal sealed record GuessScore(GuessOf What, int Learned, int Labels, int Cases, int First, int Three, int BaseFirst, int BaseThree, IReadOnlyList<LabelScore> Each)
{
    /// <summary>Whether it is worth showing: not worse than guessing what was most frequent.</summary>
    public bool Shows => Cases > 0 && First >= BaseFirst;

    /// <summary>Per cent of the cases measured, one decimal; null where there are none.</summary>
    public decimal? Share(int right) => Cases == 0 ? null : Math.Round(100m * right / Cases, 1, MidpointRounding.AwayFromZero);
}

internal static class MeasureGuesses
{
    public const int Most = 3;

    /// <summary>The older four fifths, and the newer fifth.</summary>
    public static (IReadOnlyList<Settled> Older, IReadOnlyList<Settled> Newer) Split(IEnumerable<Settled> cases)
    {
        var all = cases.OrderBy(c => c.Number, StringComparer.Ordinal).ToList();
        return (all[..(all.Count * 4 / 5)], all[(all.Count * 4 / 5)..]);
    }

    /// <summary>What a guess is made from: of a class the words alone.</summary>
    public static Told Told(Settled c, GuessOf what) => what == GuessOf.Class ? new() { Label = c.Class, Words = c.Words } : new() { Label = c.Unit, Words = c.Words, Class = c.Class, Town = c.Town };

    public static IReadOnlyList<Settled> Known(IEnumerable<Settled> cases, GuessOf what) => [.. cases.Where(c => Label(c, what).Length > 0)];

    public static GuessScore Score(GuessOf what, IReadOnlyList<Settled> older, IReadOnlyList<Settled> newer, Func<Told, IReadOnlyList<Guess>> ask)
    {
        var (learned, measured) = (Known(older, what), Known(newer, what));
        var all = Frequent(learned, what);
        var byClass = what == GuessOf.Class ? [] : learned.GroupBy(c => c.Class, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Frequent(g, what), StringComparer.Ordinal);
        var lines = measured.Select(c => (Label: Label(c, what), Guesses: ask(Told(c, what)).Select(g => g.Label).Take(Most).ToList(), Base: byClass.GetValueOrDefault(c.Class) ?? all)).ToList();
        var each = lines.Select(l => l.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(label => new LabelScore(
            label, lines.Count(l => l.Label == label), lines.Count(l => l.Label == label && l.Guesses.FirstOrDefault() == label), lines.Count(l => l.Label == label && l.Guesses.Contains(label)),
            lines.Count(l => l.Label != label && l.Guesses.FirstOrDefault() == label)));
        return new(what, learned.Count, learned.Select(c => Label(c, what)).Distinct(StringComparer.Ordinal).Count(), lines.Count, lines.Count(l => l.Guesses.FirstOrDefault() == l.Label), lines.Count(l => l.Guesses.Contains(l.Label)),
            lines.Count(l => l.Base[0] == l.Label), lines.Count(l => l.Base.Contains(l.Label)), [.. each]);
    }

    /// <summary>SHA-256 over the cases in the order of their numbers: the same cases, the same digest.</summary>
    public static string Digest(IEnumerable<Settled> cases)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in cases.OrderBy(c => c.Number, StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, CasesDb.Json)));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static string Label(Settled c, GuessOf what) => what == GuessOf.Class ? c.Class : c.Unit;

    private static List<string> Frequent(IEnumerable<Settled> cases, GuessOf what) =>
        [.. cases.GroupBy(c => Label(c, what), StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(Most).Select(g => g.Key)];
}
