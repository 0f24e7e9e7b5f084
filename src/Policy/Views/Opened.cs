// In: an ask and who asks. Out: the decision and the view over the resource's table at one snapshot; or the refusal, in the ledger. Every exit begins here.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Rules;

namespace Lizhou.Policy.Views;

/// <param name="Version">Of the rules that decided.</param>
internal sealed record Opened(ResourceCard Resource, Decided Decided, View View, long Version, long Snapshot)
{
    /// <summary>The evidence of rows handed out.</summary>
    /// <param name="format">Null for values handed to a page or a JSON answer.</param>
    public Evidence Told(string act, Actor actor, string purpose, IReadOnlyList<ItemDecision> items, long rows, long bytes, string digest, RowFormat? format = null) =>
        new(act, Resource.Code, Evidence.Done, new { rule = Decided.Rule, policy = Version, masked = items.Count(d => d.Verdict == Verdict.Mask), format = format?.ToString() })
        {
            Exchange = new()
            {
                Provider = Resource.Unit,
                Receiver = actor.Unit,
                Grant = Decided.Grant?.Id,
                Purpose = purpose,
                Resource = Resource.Id,
                Snapshot = Snapshot,
                Items = [.. items.Select(d => d.Item.Column)],
                Rows = rows,
                Bytes = bytes,
                Digest = digest,
                Secrecy = Decided.Grant?.Secrecy,
            },
        };
}

internal sealed class OpenView(ICatalog catalog, Warehouse lake, IGrantBook grants, RuleBook rules, PolicyKeys keys, ILedger ledger, TimeProvider clock)
{
    private const string Landing = "landing";

    public async Task<Result<Opened>> Run(RowAsk ask, Actor actor, string act, CancellationToken stop)
    {
        var opened = await Open(ask, actor, stop);
        if (opened.Refused)
        {
            await ledger.Append(actor, new Evidence(act, ask.Resource.ToString(), opened.Problem!.Code) { Exchange = new() { Resource = ask.Resource, Receiver = actor.Unit, Grant = ask.Grant, Purpose = ask.Purpose } }, stop);
        }

        return opened;
    }

    public async Task<Result<(ResourceCard Resource, Decided Decided, long Version)>> Decide(RowAsk ask, Actor actor, CancellationToken stop)
    {
        if (await catalog.Published(ask.Resource, stop) is not { } resource)
        {
            return Problems.NoSuchResource;
        }

        var current = await rules.Current(stop);
        if (current.Refused)
        {
            return current.Problem!;
        }

        var named = ask.Grant is { } id ? await grants.Find(id, stop) : null;
        var held = ask.Grant is null && actor.Unit is { } unit ? await grants.Of(unit, resource.Id, 0, 100, stop) : [];
        var decided = Decision.Of(new(resource, actor, ask.Purpose, clock.GetUtcNow(), ask.Grant, named, held), current.Value.Rules);
        return decided.Refused ? decided.Problem! : (resource, decided.Value, current.Value.Version);
    }

    /// <summary>The same without evidence, where no row is read.</summary>
    public async Task<Result<Opened>> Open(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var decided = await Decide(ask, actor, stop);
        if (decided.Refused)
        {
            return decided.Problem!;
        }

        if (ask.AsOf is { } old && await lake.At(old, stop) is null)
        {
            return Problems.SnapshotGone.With(old);
        }

        var (resource, decision, version) = decided.Value;
        if (await lake.Find(Landing, resource.Table, ask.AsOf, stop) is not { } table)
        {
            return Problems.NotCollected;
        }

        var plan = await lake.Plan(table.Id, ask.AsOf, Prunable(ask, decision), stop);
        return plan is null
            ? Problems.NotCollected
            : new Opened(resource, decision, new View(plan, decision, keys.Mask(decision.Grant?.Id ?? resource.Id)), version, plan.Snapshot);
    }

    /// <summary>What lets whole files be passed over: the policy's own filter, and those of the reader's conditions that look at columns shown in clear.</summary>
    private static Condition.All? Prunable(RowAsk ask, Decided decided)
    {
        var clear = decided.Items.Where(d => d.Verdict == Verdict.Allow).Select(d => d.Item.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var wished = (ask.Where is Condition.All all ? all.Parts : ask.Where is null ? [] : [ask.Where]).Where(p => p.Columns().All(clear.Contains)).ToList();
        var parts = decided.Rows is null ? wished : [decided.Rows, .. wished];
        if (ask.Batch is { } batch)
        {
            parts = [.. parts, new Condition.Compare(Origin.Batch, Comparison.Equal, batch.ToString("D"))];
        }

        return parts.Count == 0 ? null : new Condition.All(parts);
    }
}
