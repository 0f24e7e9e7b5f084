// In: rules somebody thinks of. Out: who would see other items or other rows than now, and what of the last thirty days would have been answered otherwise.
// Nothing is saved and no row is read: not even a count tells of one.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

/// <summary>One reader of one resource whose sight would change.</summary>
/// <param name="Reader">The grant, or the role, in the caller's language.</param>
/// <param name="Rows">Whether the filter of rows would change.</param>
internal sealed record Altered(string Resource, string Reader, IReadOnlyList<AlteredItem> Items, bool Rows)
{
    /// <summary>The catalogue's name of the resource.</summary>
    public string Name { get; init; } = "";

    /// <summary>Calls of the last thirty days of such a reader, and their rows, by every exit. Which of them had a label the evidence does not say: both lines of a role tell the same.</summary>
    public Exchanged Lately { get; init; } = new(0, 0);
}

internal sealed record AlteredItem(string Column, Sight Now, Sight Then);

/// <param name="Mask">Null unless it is masked.</param>
internal sealed record Sight(Verdict Verdict, MaskKind? Mask);

/// <param name="Grants">Grants looked at.</param>
/// <param name="Resources">Resources looked at for the roles.</param>
/// <param name="Altered">The first of them.</param>
/// <param name="Count">Readers altered in all.</param>
internal sealed record Trial(int Grants, int Resources, IReadOnlyList<Altered> Altered, int Count)
{
    /// <summary>What the altered readers were given in the last thirty days, each call once.</summary>
    public Exchanged Lately { get; init; } = new(0, 0);
}

internal sealed class TryRules(RuleBook book, IGrantBook grants, ICatalog catalog, IExchanges exchanges, TimeProvider clock)
{
    private const int MostShown = 500;
    private const int InPage = 1000;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(30);
    private static readonly Guid Nobody = Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff");

    public async Task<Result<Trial>> Run(RuleSet then, CancellationToken stop)
    {
        var now = await book.Current(stop);
        var before = now.Refused ? new RuleSet() : now.Value.Rules;
        var (moved, others) = (await exchanges.ByGrant(clock.GetUtcNow() - Lately, stop), (await exchanges.WithoutGrant(clock.GetUtcNow() - Lately, stop)).ToLookup(o => o.Key.Resource));
        var (altered, gone, asked, looked) = (new List<Altered>(), new List<Exchanged>(), 0, 0);
        for (var skip = 0; await grants.Of(null, null, skip, InPage, stop) is { Count: > 0 } page; skip += InPage)
        {
            foreach (var grant in page.Where(g => g.Holds(clock.GetUtcNow())))
            {
                asked++;
                if (await catalog.Published(grant.Resource, stop) is { } resource)
                {
                    var actor = new Actor(Guid.Empty, "", grant.Unit, new HashSet<string>()) { Label = 4 };
                    Compare(altered, gone, moved.GetValueOrDefault(grant.Id) ?? new(0, 0), before, then, (Of(grant), new(resource, actor, grant.Purpose, clock.GetUtcNow(), grant.Id, grant)));
                }
            }
        }

        for (var skip = 0; await catalog.OfUnit(null, skip, InPage, stop) is { Count: > 0 } page; skip += InPage)
        {
            foreach (var resource in page)
            {
                looked++;
                foreach (var (reader, role, unit) in ((Text, string, Guid?)[])[(Readers.Source, Roles.Steward, resource.Unit), (Readers.Other, Roles.Steward, Nobody), (Readers.Engineer, Roles.Engineer, null)])
                {
                    var lately = Sum(others[resource.Id].Where(o => unit is null ? o.Key.Receiver is null : o.Key.Receiver is { } at && (unit == Nobody ? at != resource.Unit : at == unit)).Select(o => o.Value));
                    var actor = new Actor(Guid.Empty, "", unit, new HashSet<string>([role]));
                    Compare(
                        altered, gone, lately, before, then,
                        (reader.ToString(), new(resource, actor with { Label = 4 }, Purposes.Preview, clock.GetUtcNow())),
                        (Readers.Unlabelled.With(reader.ToString()).ToString(), new(resource, actor, Purposes.Preview, clock.GetUtcNow())));
                }
            }
        }

        return new Trial(asked, looked, [.. altered.Take(MostShown)], altered.Count) { Lately = Sum(gone) };
    }

    private static string Of(Grant grant) => Readers.Grant.With(grant.Number).ToString();

    private static Exchanged Sum(IEnumerable<Exchanged> some) => some.Aggregate(new Exchanged(0, 0), (sum, one) => new(sum.Calls + one.Calls, sum.Rows + one.Rows));

    /// <param name="gone">Gets what these readers were given, once, when the sight of one of them changes.</param>
    private static void Compare(List<Altered> altered, List<Exchanged> gone, Exchanged lately, RuleSet before, RuleSet then, params ReadOnlySpan<(string Reader, Question Asked)> readers)
    {
        var known = altered.Count;
        foreach (var (reader, asked) in readers)
        {
            var (old, young) = (Decision.Of(asked, before), Decision.Of(asked, then));
            var items = asked.Resource.Items.Select((item, i) => new AlteredItem(item.Column, Of(old, i), Of(young, i))).Where(i => i.Now != i.Then).ToList();
            var rows = Rows(old) != Rows(young);
            if (items.Count > 0 || rows)
            {
                altered.Add(new(asked.Resource.Code, reader, items, rows) { Name = asked.Resource.Name, Lately = lately });
            }
        }

        if (altered.Count > known)
        {
            gone.Add(lately);
        }
    }

    private static Sight Of(Result<Decided> decided, int item) => decided.Refused
        ? new(Verdict.Refuse, null)
        : new(decided.Value.Items[item].Verdict, decided.Value.Items[item].Mask);

    private static string? Rows(Result<Decided> decided) => decided.Refused ? null : System.Text.Json.JsonSerializer.Serialize(decided.Value.Rows);

    private static class Readers
    {
        public static readonly Text Grant = new("授权 {0}", "grant {0}");
        public static readonly Text Source = new("数源单位专员", "steward of the source unit");
        public static readonly Text Other = new("其他单位专员", "steward of another unit");
        public static readonly Text Unlabelled = new("{0}（无安全标记）", "{0} (no label)");
        public static readonly Text Engineer = new("数据工程师", "engineer");
    }
}
