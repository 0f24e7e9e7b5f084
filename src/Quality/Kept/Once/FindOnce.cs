// 一次采集: in: the fingerprints of columns that scans keep. Out: pairs of units that collect the same datum about the same subjects, the earlier one first, with how much of the values is common; and, for a resource
// that is being registered, which items a source has already. No row is read.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Conflicts;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept.Once;

/// <param name="Source">Whose first batch landed earlier.</param>
/// <param name="Overlap">Of the values of the items, 0 to 1 (Jaccard's measure, from 128 hashes of each).</param>
/// <param name="Subjects">Of the values of the keys.</param>
internal sealed record Repeated(ResourceCard Source, ItemCard SourceItem, ResourceCard Again, ItemCard AgainItem, double Overlap, double Subjects, Text Why);

/// <summary>The last comparison, which reads the fingerprints of all resources: good until something was scanned again.</summary>
internal sealed class Compared
{
    public (int Scans, DateTimeOffset? Last, IReadOnlyList<Repeated> Found)? Kept { get; set; }
}

internal sealed class FindOnce(KeptDb db, Compared lately, ICatalog catalog, IUnits units, ILedger ledger, TimeProvider clock) : IKnownSources
{
    private const double SameSubjects = 0.3;
    private const double SameValues = 0.5;

    /// <summary>Items of few values are alike in many registers; only those that are about mostly the same subjects say the same of them.</summary>
    private const double MostSubjects = 0.5;
    private const int ManyValues = 50;
    private const int LeastValues = 20;
    private const int LeastBesideCounters = 2;
    private const int MostPointers = 20;

    private sealed record Printed(ItemCard Item, long Distinct, IReadOnlyList<ulong> Prints);

    /// <summary>Two keys with values in common.</summary>
    private sealed record Keyed(Printed Theirs, Printed Mine, double Subjects);

    private sealed record Held(ResourceCard Card, DateTimeOffset Since, List<Printed> Keys, List<Printed> Others);

    /// <summary>The most alike first.</summary>
    public async Task<IReadOnlyList<Repeated>> All(CancellationToken stop)
    {
        var (scans, last) = (await db.Scans.CountAsync(stop), await db.Scans.AsNoTracking().OrderByDescending(s => s.ScannedAt).Select(s => (DateTimeOffset?)s.ScannedAt).FirstOrDefaultAsync(stop));
        if (lately.Kept is not { } kept || (kept.Scans, kept.Last) != (scans, last))
        {
            lately.Kept = kept = (scans, last, await Compare(stop));
        }

        // Whose they are, and what they are called, is the catalogue's to say today.
        var cards = (await catalog.All(stop)).ToDictionary(c => c.Id);
        return [.. kept.Found.Where(r => cards.ContainsKey(r.Source.Id) && cards.ContainsKey(r.Again.Id)).Select(r => r with { Source = cards[r.Source.Id], Again = cards[r.Again.Id] })];
    }

    private async Task<IReadOnlyList<Repeated>> Compare(CancellationToken stop)
    {
        // The keys of all first, then whatever else the few that are about the same subjects hold.
        var keys = await Load(db.Prints.Where(p => p.Subject), stop);
        var pairs = Pairs(keys).ToDictionary(p => (One: keys[p.Key.Item1].Card.Id, Other: keys[p.Key.Item2].Card.Id), p => p.Value);
        var concerned = pairs.Keys.SelectMany(p => new[] { p.One, p.Other }).Distinct().ToList();
        var (held, counted) = ((await Load(db.Prints.Where(p => concerned.Contains(p.Resource)), stop)).ToDictionary(h => h.Card.Id), await Counted(concerned, stop));
        bool Counts(Guid resource, ItemCard item) => counted.Contains((resource, item.Column.ToLowerInvariant()));
        var found = new List<Repeated>();
        foreach (var ((a, b), alike) in pairs.Where(p => held.ContainsKey(p.Key.One) && held.ContainsKey(p.Key.Other)))
        {
            var sure = alike.Where(k => !Counts(a, k.Theirs.Item) || !Counts(b, k.Mine.Item)).ToList();
            var subjects = (sure.Count > 0 ? sure : alike).Max(k => k.Subjects);
            var (source, again) = held[a].Since <= held[b].Since ? (held[a], held[b]) : (held[b], held[a]);
            var both = Both(source, again, subjects);
            if (sure.Count == 0)
            {
                // Numbers given out one after the other are the same everywhere: what they are about is, where two more items of many values say so.
                both = [.. both.Where(r => r.Many && !Counts(again.Card.Id, r.Told.AgainItem) && !Counts(source.Card.Id, r.Told.SourceItem))];
                both = both.Count >= LeastBesideCounters ? both : [];
            }

            found.AddRange(both.Select(r => r.Told));
        }

        return [.. found.OrderByDescending(r => r.Overlap).ThenBy(r => r.Again.Code, StringComparer.Ordinal).ThenBy(r => r.AgainItem.Column, StringComparer.Ordinal)];
    }

    /// <summary>The items of the later one that say what some item of the source says.</summary>
    /// <returns>With whether both have many different values.</returns>
    private static List<(Repeated Told, bool Many)> Both(Held source, Held again, double subjects)
    {
        var both = new List<(Repeated, bool)>();
        foreach (var item in again.Others)
        {
            var best = source.Others.Select(s => (Printed: s, Overlap: ColumnState.Likeness(s.Prints, item.Prints), Many: Math.Min(s.Distinct, item.Distinct) >= ManyValues))
                .Where(s => s.Overlap >= SameValues && (s.Many || (subjects >= MostSubjects && Named(s.Printed.Item, item.Item)))).OrderByDescending(s => s.Overlap).FirstOrDefault();
            if (best.Printed is not null)
            {
                both.Add((new(source.Card, best.Printed.Item, again.Card, item.Item, best.Overlap, subjects, Why(best.Printed.Item, item.Item, best.Overlap, subjects)), best.Many));
            }
        }

        return both;
    }

    /// <summary>The columns, in small letters, whose values are given out one after the other.</summary>
    private async Task<HashSet<(Guid Resource, string Column)>> Counted(List<Guid> resources, CancellationToken stop)
    {
        var counted = new HashSet<(Guid, string)>();
        await foreach (var scan in db.Scans.AsNoTracking().Where(s => resources.Contains(s.Resource)).AsAsyncEnumerable().WithCancellation(stop))
        {
            if (db.Unpack(scan.State) is not { } state)
            {
                continue;
            }

            var drawn = state.Sample.ToList();
            counted.UnionWith(KeptDb.From<List<ScannedColumn>>(scan.Columns).Take(state.Columns.Count)
                .Where((_, at) => Counter.Is([.. drawn.Select(cells => cells[at]).OfType<string>()], state.Columns[at].Distinct)).Select(c => (scan.Resource, c.Name.ToLowerInvariant())));
        }

        return counted;
    }

    /// <summary>Those that concern the actor's unit; all for an engineer.</summary>
    public async Task<IReadOnlyList<Repeated>> Seen(Actor actor, CancellationToken stop) => [.. (await All(stop)).Where(r => actor.ActsFor(r.Again.Unit) || actor.ActsFor(r.Source.Unit))];

    public async Task<FileContentHttpResult> Export(string? format, Actor actor, CancellationToken stop)
    {
        var (found, names) = (await Seen(actor, stop), (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name));
        await ledger.Append(actor, new("once.exported", "once", Evidence.Done, new { rows = found.Count }), stop);
        (Text Name, double Width)[] columns =
        [
            (new("重复采集的资源", "Collected again"), 32), (new("信息项", "Item"), 20), (new("单位", "Unit"), 28), (new("已有来源", "Existing source"), 32), (new("信息项", "Item"), 20), (new("单位", "Unit"), 28),
            (new("取值重合", "Common values"), 10), (new("主体重合", "Common subjects"), 10), (new("理由", "Reason"), 48),
        ];
        var title = new Text("一次采集", "Collected once");
        var file = ListFile.Of(format, title.ToString(), [.. columns.Select(c => (c.Name.ToString(), c.Width))], found.Select(r => new[]
        {
            r.Again.Name, r.AgainItem.Name, names.GetValueOrDefault(r.Again.Unit), r.Source.Name, r.SourceItem.Name, names.GetValueOrDefault(r.Source.Unit), $"{r.Overlap:P0}", $"{r.Subjects:P0}", r.Why.ToString(),
        }));
        return TypedResults.File(file.Content, file.Type, $"{title}_{clock.GetUtcNow().InCity():yyyyMMdd_HHmm}{file.Ending}");
    }

    public async Task<IReadOnlyList<KnownSource>> Of(Guid? resource, Guid unit, IReadOnlyList<ItemCard> items, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        KnownSource Told(ItemCard item, ResourceCard source, ItemCard theirs, double? overlap, Text why) => new(item.Name, source.Id, source.Name, names.GetValueOrDefault(source.Unit, "—"), theirs.Name, overlap, why);
        var compared = resource is null || !await db.Prints.AnyAsync(p => p.Resource == resource && p.Subject, stop) ? [] : (await All(stop)).Where(r => r.Again.Id == resource).Select(r => Told(r.AgainItem, r.Source, r.SourceItem, r.Overlap, r.Why)).ToList();
        var alike = new List<KnownSource>();
        foreach (var card in (await catalog.All(stop)).Where(c => c.Unit != unit && c.Id != resource && c.Items.Any(i => i.Key) && c.Items.Where(i => i.Key).All(k => items.Any(i => Named(k, i)))))
        {
            alike.AddRange(card.Items.Where(i => !i.Key).Select(theirs => (theirs, Mine: items.FirstOrDefault(i => i is { Key: false, Name.Length: > 0 } && Named(theirs, i)))).Where(p => p.Mine is not null && !Identifies(p.Mine))
                .Select(p => Told(p.Mine!, card, p.theirs, null, new("名称或数据元相同，主键也相同。", "The same name or data element, about the same key."))));
        }

        return [.. compared.Concat(alike.Where(a => !compared.Exists(c => c.Item == a.Item && c.Resource == a.Resource))).Take(MostPointers)];
    }

    private async Task<List<Held>> Load(IQueryable<PrintLine> prints, CancellationToken stop)
    {
        var cards = (await catalog.All(stop)).ToDictionary(c => c.Id);
        var since = (await db.Batches.AsNoTracking().Where(b => !b.Undone).Select(b => new { b.Resource, b.LandedAt }).ToListAsync(stop)).GroupBy(b => b.Resource).ToDictionary(g => g.Key, g => g.Min(b => b.LandedAt));
        return
        [
            .. (await prints.AsNoTracking().Where(p => p.ValuesApart > 1).ToListAsync(stop)).GroupBy(p => p.Resource).Where(g => cards.ContainsKey(g.Key)).Select(g =>
            {
                var printed = g.Select(p => (Item: cards[g.Key].Items.FirstOrDefault(i => string.Equals(i.Column, p.Item, StringComparison.OrdinalIgnoreCase)), p.ValuesApart, Prints: db.Hashes(p.Hashes)))
                    .Where(p => p.Item is not null).Select(p => new Printed(p.Item!, p.ValuesApart, p.Prints)).ToList();
                return new Held(cards[g.Key], since.GetValueOrDefault(g.Key, DateTimeOffset.MaxValue), [.. printed.Where(p => Identifies(p.Item) && p.Distinct >= LeastValues)], [.. printed.Where(p => !Identifies(p.Item))]);
            }),
        ];
    }

    /// <summary>Resources of different units about the same subjects, with how much of their keys is common. A hash they share brings a pair up; most pairs share none.</summary>
    private static Dictionary<(int, int), List<Keyed>> Pairs(List<Held> held)
    {
        var where = new Dictionary<ulong, List<(int Held, Printed Key)>>();
        var pairs = new Dictionary<(int, int), List<Keyed>>();
        for (var i = 0; i < held.Count; i++)
        {
            foreach (var key in held[i].Keys)
            {
                foreach (var (other, theirs) in key.Prints.Where(where.ContainsKey).SelectMany(p => where[p]).Where(o => held[o.Held].Card.Unit != held[i].Card.Unit).Distinct())
                {
                    var subjects = ColumnState.Likeness(key.Prints, theirs.Prints);
                    if (subjects >= SameSubjects)
                    {
                        (pairs.TryGetValue((other, i), out var alike) ? alike : pairs[(other, i)] = []).Add(new(theirs, key, subjects));
                    }
                }
            }

            foreach (var (print, key) in held[i].Keys.SelectMany(k => k.Prints.Select(p => (p, k))))
            {
                (where.TryGetValue(print, out var there) ? there : where[print] = []).Add((i, key));
            }
        }

        return pairs;
    }

    internal static bool Identifies(ItemCard item) => item.Key || item.Check != CheckCharacter.None;

    private static bool Named(ItemCard one, ItemCard other) => SameItems.Plain(one.Name) == SameItems.Plain(other.Name) || (one.Element is { } element && element == other.Element);

    private static Text Why(ItemCard source, ItemCard again, double overlap, double subjects) => Named(source, again)
        ? new Text("名称或数据元相同，取值重合 {0:P0}，主体重合 {1:P0}。", "The same name or data element; {0:P0} of the values and {1:P0} of the subjects are common.").With(overlap, subjects)
        : new Text("名称不同，但取值重合 {0:P0}，主体重合 {1:P0}。", "Another name, but {0:P0} of the values and {1:P0} of the subjects are common.").With(overlap, subjects);
}
