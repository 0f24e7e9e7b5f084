// In: a resource. Out: the rules it is judged by now (kept in force, and bound ones) with their exceptions, and as what the lake is asked.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <param name="Version">Of the set in force; 0 while none is kept.</param>
/// <param name="Waivers">Those that hold today.</param>
/// <param name="Since">When it came into force; null while none is kept.</param>
internal sealed record RulesNow(int Version, IReadOnlyDictionary<Dimension, decimal> Weights, IReadOnlyList<KeptRule> Rules, IReadOnlyList<Waiver> Waivers, DateTimeOffset? Since)
{
    /// <summary>Changes when a file must be read again: with rules, exceptions and columns; and every day where a rule asks what lies in the future.</summary>
    public string Digest(Table table, DateOnly today)
    {
        var day = Rules.Any(r => r.Rule.Kind == RuleKind.NotFuture) ? $"{today:yyyy-MM-dd}" : "";
        var columns = string.Join(';', table.Columns.Select(c => $"{c.Id} {c.Name} {c.Type.Name}"));
        var waivers = string.Join(';', Waivers.OrderBy(w => w.Id).Select(w => $"{w.Rule}|{w.Item}|{w.Value}"));
        var rules = RuleFile.Write(Rules.Select(r => (r.Rule, (string?)null)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{columns}\n{waivers}\n{rules}\n{day}")))[..32];
    }
}

internal sealed class KeptRules(KeptDb db, OtherTables others, TimeProvider clock)
{
    public async Task<RulesNow> Of(ResourceCard card, CancellationToken stop)
    {
        var today = clock.Today();
        var set = await db.Sets.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == card.Id && s.State == SetState.InForce, stop);
        var waivers = (await db.Waivers.AsNoTracking().Where(w => w.Resource == card.Id && w.EndedAt == null).ToListAsync(stop)).Where(w => w.Holds(today)).ToList();
        // A set was right when it came into force; where an item has gone since, its rules go with it.
        var read = set is not null && ReadKept.Run(set.Yaml, card, strict: false) is { Refused: false } found ? found.Value : new KeptSet(Scores.Usual, []);
        return new(set?.Version ?? 0, read.Weights, [.. read.Rules.Select(r => new KeptRule(r, null)), .. BoundRules.Of(card)], waivers, set?.InForceAt);
    }

    /// <summary>What the lake is asked. Refused when a rule's values are not of the types of its columns, or a table that it refers to is not there or not to be looked into.</summary>
    /// <param name="table">Null before the resource has one: the types are those of its items then.</param>
    /// <param name="author">Who writes the rules; null for those in force.</param>
    public async Task<Result<Compiled>> Compile(ResourceCard card, RulesNow rules, Table? table, Actor? author, CancellationToken stop)
    {
        var typed = table ?? TableOfItems.Of(card);
        var beside = new Dictionary<string, Table>(StringComparer.Ordinal);
        foreach (var rule in rules.Rules.Select(r => r.Rule))
        {
            if (CompileRules.Conditions(rule).Any(c => !Warehouse.Fits(typed, c)))
            {
                return Problems.BadBound.With(rule.Name);
            }

            if (rule is { Kind: RuleKind.Range, Least: { } least, Most: { } most } && typed.Column(rule.Columns[0]) is { } column && Warehouse.Order(column, least, most) > 0)
            {
                return Problems.CrossedBounds.With(rule.Name, least, most);
            }

            if (rule.Kind is RuleKind.Reference or RuleKind.Agrees)
            {
                var other = await others.Find(card.Unit, rule, author, stop);
                if (other.Refused)
                {
                    return other.Problem!;
                }

                beside[rule.Other![..rule.Other!.LastIndexOf('.')]] = other.Value;
            }
        }

        var compiled = CompileRules.Run([.. rules.Rules.Select(r => r.Rule)], (layer, name) => beside.GetValueOrDefault($"{layer}.{name}"), clock.GetUtcNow());
        if (compiled.Refused)
        {
            return compiled;
        }

        // An exception whose value the column cannot have any more excepts nothing.
        var waivers = rules.Waivers.Where(w => Warehouse.Fits(typed, Excepts(w.Item, [w.Value]))).ToLookup(w => w.Rule, StringComparer.Ordinal);
        var tests = compiled.Value.Plan.Tests.Zip(compiled.Value.Rows, (test, rule) => Excepted(test, [.. waivers[rule.Name]])).ToList();
        return compiled.Value with { Plan = compiled.Value.Plan with { Tests = tests } };
    }

    private static RowTest Excepted(RowTest test, List<Waiver> waivers) => waivers.Count == 0
        ? test
        : new RowTest.Excepted(test, new Condition.Any([.. waivers.GroupBy(w => w.Item, StringComparer.OrdinalIgnoreCase).Select(g => Excepts(g.Key, g.Select(w => w.Value)))]));

    public static Condition Excepts(string item, IEnumerable<string> values) => new Condition.OneOf(item, [.. values]);
}
