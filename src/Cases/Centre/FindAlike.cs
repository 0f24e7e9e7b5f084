// In: what a report tells. Out: open cases that may be the same, each with the reasons; only a suggestion: people merge.
// Looked for among those of the same town and of a week before and after, the newest 300, found by the index of places.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Centre;

/// <param name="Words">Share of pairs of characters that both texts have, 0 to 1 (Dice's coefficient).</param>
/// <param name="Metres">Between both; null: one of them has no coordinates.</param>
/// <param name="Apart">From one report to the other, without sign.</param>
internal sealed record Alike(string Number, string Text, string State, double Words, double? Metres, bool SameClass, bool SamePlace, bool SameAddress, TimeSpan Apart)
{
    /// <summary>For putting them in order; it says nothing by itself.</summary>
    internal double Weight => Words + (Metres is { } far ? 1 - Math.Min(1, far / FindAlike.Near) : 0) + (SameAddress ? .5 : 0) + (SameClass ? .4 : 0) + (SamePlace ? .2 : 0) - (Apart.TotalDays / 100);

    /// <summary>Close by or at one address, of one class or in like words; or in one place, not known to be far apart, in words much alike.</summary>
    internal bool Suggests => ((Metres <= FindAlike.Near || SameAddress) && (SameClass || Words >= .25)) || (SamePlace && (Metres is null or <= 3 * FindAlike.Near) && (Words >= .6 || (SameClass && Words >= .4)));

    public IReadOnlyList<Text> Reasons =>
    [
        .. SameClass ? [new Text("同一分类", "same class")] : Array.Empty<Text>(),
        .. Metres is { } far ? [new Text($"相距 {far:0} 米", $"{far:0} m apart")] : Array.Empty<Text>(),
        .. SameAddress ? [new Text("同一地址", "same address")] : SamePlace ? [new Text("同一地点", "same place")] : Array.Empty<Text>(),
        new Text($"文字相近 {Words * 100:0} %", $"words {Words * 100:0} % alike"),
        Apart.TotalHours < 1 ? new Text($"相隔 {Apart.TotalMinutes:0} 分钟", $"{Apart.TotalMinutes:0} minutes between") : Apart.TotalHours < 24 ? new Text($"相隔 {Apart.TotalHours:0} 小时", $"{Apart.TotalHours:0} h between") : new Text($"相隔 {Apart.TotalDays:0} 天", $"{Apart.TotalDays:0} days between"),
    ];
}

internal sealed class FindAlike(FindCases find, DeskBook desks)
{
    /// <summary>Metres within which two reports may be of one thing.</summary>
    public const double Near = 300;
    private const int Days = 7;
    private const int MostLookedAt = 300;
    private const int MostTold = 5;
    private const int LongestWords = 500;

    /// <param name="file">With what is known of it: words, place, class, address, coordinates, when it was reported. Itself is not among the answers.</param>
    public async Task<IReadOnlyList<Alike>> Run(CaseFile file, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var day = DateOnly.FromDateTime(file.ReportedAt.InCity().DateTime);
        var least = file.Place.Length > 9 ? file.Place[..9] : file.Place;
        var most = least.PadRight(CaseNode.Longest, '9');
        var near = (await find.Of(new(Ended: false, From: day.AddDays(-Days), To: day.AddDays(Days)), actor, stop)).Where(f => string.Compare(f.Place, least) >= 0 && string.Compare(f.Place, most) <= 0);
        var found = await near.OrderByDescending(f => f.Number).Take(MostLookedAt).ToListAsync(stop);
        var pairs = Pairs(file.Words);
        return [.. found.Where(f => f.Number != file.Number).Select(f => Compare(file, pairs, f, desk)).Where(a => a.Suggests).OrderByDescending(a => a.Weight).Take(MostTold)];
    }

    /// <summary>How many pairs of neighbouring characters two texts share, of all they have.</summary>
    internal static double Same(IReadOnlySet<string> one, IReadOnlySet<string> other) => one.Count + other.Count == 0 ? 0 : 2d * one.Count(other.Contains) / (one.Count + other.Count);

    /// <summary>Pairs of letters and digits that follow each other; signs and blanks do not count.</summary>
    internal static HashSet<string> Pairs(string text)
    {
        var plain = string.Concat(text.Take(LongestWords).Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return [.. Enumerable.Range(0, Math.Max(0, plain.Length - 1)).Select(i => plain.Substring(i, 2))];
    }

    private static Alike Compare(CaseFile file, HashSet<string> pairs, CaseFile other, Desk desk) => new(
        other.Number, other.Words.Length > 60 ? other.Words[..60] + "…" : other.Words, desk.FlowOf(other).TitleOf(other.State).ToString(), Math.Round(Same(pairs, Pairs(other.Words)), 3), Metres(file, other),
        file.Class is { Length: > 0 } && file.Class == other.Class, file.Place == other.Place && file.Place != desk.Nodes.Centre.Code,
        file.Address.Trim() is { Length: >= 4 } address && string.Equals(address, other.Address.Trim(), StringComparison.Ordinal), (file.ReportedAt - other.ReportedAt).Duration());

    /// <summary>On the sphere; good to a metre at these distances.</summary>
    private static double? Metres(CaseFile one, CaseFile other)
    {
        if (one is not { X: { } x1, Y: { } y1 } || other is not { X: { } x2, Y: { } y2 })
        {
            return null;
        }

        static double Turn(double degrees) => degrees * Math.PI / 180;
        var half = Math.Pow(Math.Sin(Turn(y2 - y1) / 2), 2) + (Math.Cos(Turn(y1)) * Math.Cos(Turn(y2)) * Math.Pow(Math.Sin(Turn(x2 - x1) / 2), 2));
        return Math.Round(2 * 6_371_000 * Math.Asin(Math.Min(1, Math.Sqrt(half))));
    }
}
