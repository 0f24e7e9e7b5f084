// In: rules somebody thinks of. Out: which grants would show other items than now, and whether their rows would change; nothing is saved, no row is read.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

/// <summary>One reader of one resource whose sight would change.</summary>
/// <param name="Reader"><c>grant SQ-…</c>, or a role.</param>
/// <param name="Items">Column, and verdict and mask now and then.</param>
/// <param name="Rows">Whether the filter of rows would change.</param>
internal sealed record Altered(string Resource, string Reader, IReadOnlyList<AlteredItem> Items, bool Rows);

internal sealed record AlteredItem(string Column, string Now, string Then);

/// <param name="Grants">Grants looked at.</param>
/// <param name="Resources">Resources looked at for the roles.</param>
internal sealed record Trial(int Grants, int Resources, IReadOnlyList<Altered> Altered);

internal sealed class TryRules(RuleBook book, IGrantBook grants, ICatalog catalog, TimeProvider clock)
{
    private const int MostShown = 500;
    private const int InPage = 1000;

    private static readonly Guid Nobody = Guid.Parse("ffffffff-ffff-7fff-bfff-ffffffffffff");

    public async Task<Result<Trial>> Run(RuleSet then, CancellationToken stop)
    {
        var now = await book.Current(stop);
        var before = now.Refused ? new RuleSet() : now.Value.Rules;
        var (altered, asked, looked) = (new List<Altered>(), 0, 0);
        for (var skip = 0; await grants.Of(null, null, skip, InPage, stop) is { Count: > 0 } page; skip += InPage)
        {
            foreach (var grant in page.Where(g => g.Holds(clock.GetUtcNow())))
            {
                asked++;
                if (await catalog.Published(grant.Resource, stop) is { } resource)
                {
                    var actor = new Actor(Guid.Empty, "", grant.Unit, new HashSet<string>()) { Label = 4 };
                    Compare(altered, $"grant {grant.Number}", new(resource, actor, grant.Purpose, clock.GetUtcNow(), grant.Id, grant), before, then);
                }
            }
        }

        for (var skip = 0; await catalog.OfUnit(null, skip, InPage, stop) is { Count: > 0 } page; skip += InPage)
        {
            foreach (var resource in page)
            {
                looked++;
                Compare(altered, "steward of the source unit", new(resource, Of(Roles.Steward, resource.Unit), Purposes.Preview, clock.GetUtcNow()), before, then);
                Compare(altered, "steward of another unit", new(resource, Of(Roles.Steward, Nobody), Purposes.Preview, clock.GetUtcNow()), before, then);
                Compare(altered, "engineer", new(resource, Of(Roles.Engineer, null), Purposes.Preview, clock.GetUtcNow()), before, then);
            }
        }

        return new Trial(asked, looked, altered);
    }

    private static Actor Of(string role, Guid? unit) => new(Guid.Empty, "", unit, new HashSet<string>([role]));

    private static void Compare(List<Altered> altered, string reader, Question asked, RuleSet before, RuleSet then)
    {
        var (old, young) = (Decision.Of(asked, before), Decision.Of(asked, then));
        var items = asked.Resource.Items.Select((item, i) => new AlteredItem(item.Column, Word(old, i), Word(young, i))).Where(i => i.Now != i.Then).ToList();
        var rows = Rows(old) != Rows(young);
        if ((items.Count > 0 || rows) && altered.Count < MostShown)
        {
            altered.Add(new(asked.Resource.Code, reader, items, rows));
        }
    }

    private static string Word(Result<Decided> decided, int item) => decided.Refused ? nameof(Verdict.Refuse)
        : decided.Value.Items[item] is { Mask: { } mask } ? $"{Verdict.Mask} {mask}" : decided.Value.Items[item].Verdict.ToString();

    private static string? Rows(Result<Decided> decided) => decided.Refused ? null : System.Text.Json.JsonSerializer.Serialize(decided.Value.Rows);
}
