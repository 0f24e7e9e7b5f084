// In: an ask and who asks. Out: the decision and the view over the resource's table at one snapshot; or the refusal, in the ledger. Every exit begins here.
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Rules;

namespace Lizhou.Policy.Views;

/// <summary>A resource and what was decided for one who asks.</summary>
/// <param name="Version">Of the rules that decided.</param>
internal record Ruling(ResourceCard Resource, Decided Decided, long Version)
{
    /// <summary>The evidence of rows handed out.</summary>
    /// <param name="format">Null for values handed to a page or a JSON answer.</param>
    public Evidence Told(string act, Actor actor, string purpose, IReadOnlyList<ItemDecision> items, long snapshot, long rows, long bytes, string digest, RowFormat? format = null) =>
        new(act, Resource.Code, Evidence.Done, new { rule = Decided.Rule, policy = Version, grant = Decided.Grant?.Number, masked = items.Count(d => d.Verdict == Verdict.Mask), masks = Masks(items), format = format?.ToString() })
        {
            Exchange = new()
            {
                Provider = Resource.Unit,
                Receiver = actor.Unit,
                Grant = Decided.Grant?.Id,
                Purpose = purpose,
                Resource = Resource.Id,
                Snapshot = snapshot,
                Items = items.Count == 0 ? null : [.. items.Select(d => d.Item.Column)],
                Rows = rows,
                Bytes = bytes,
                Digest = digest,
                Secrecy = Decided.Grant?.Secrecy,
            },
        };

    /// <summary>How items went out that did not go out in clear, by their columns.</summary>
    public static IReadOnlyDictionary<string, string> Masks(IReadOnlyList<ItemDecision> items) =>
        items.Where(d => d.Mask is not null).DistinctBy(d => d.Item.Column, StringComparer.Ordinal).ToDictionary(d => d.Item.Column, d => d.Mask!.Value.ToString(), StringComparer.Ordinal);
}

/// <summary>The same with the view over the resource's table at a snapshot.</summary>
internal sealed record Opened(Ruling Ruling, View View, long Snapshot) : Ruling(Ruling);

internal sealed class OpenView(ICatalog catalog, Warehouse lake, IGrantBook grants, RuleBook rules, PolicyKeys keys, ILedger ledger, TimeProvider clock)
{
    public async Task<Result<Opened>> Run(RowAsk ask, Actor actor, string act, CancellationToken stop) => await Told(await Open(ask, actor, stop), ask, actor, act, stop);

    /// <summary>The decision; a refusal goes to the ledger.</summary>
    public async Task<Result<Ruling>> Rule(RowAsk ask, Actor actor, string act, CancellationToken stop) => await Told(await Decide(ask, actor, stop), ask, actor, act, stop);

    /// <summary>The view after the decision; a refusal goes to the ledger.</summary>
    public async Task<Result<Opened>> Run(Ruling ruling, RowAsk ask, Actor actor, string act, CancellationToken stop) => await Told(await Open(ruling, ask, stop), ask, actor, act, stop);

    /// <summary>The snapshot that a moment or a number means; null for now. A moment without a zone is one of the city.</summary>
    public async Task<Result<long?>> Then(string? asOf, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(asOf))
        {
            return (long?)null;
        }

        var number = long.TryParse(asOf, NumberStyles.None, CultureInfo.InvariantCulture, out var told);
        if ((number ? default(DateTimeOffset) : Clock.Read(asOf)) is not { } moment)
        {
            return Problems.NoMoment.With(asOf);
        }

        var found = number ? await lake.At(told, stop) : await lake.AsOf(moment, stop);
        return found is null ? Problems.NothingThen.With(asOf) : found.Id;
    }

    /// <summary>The view at a moment a reader has chosen: what was withdrawn since then is shown no more.</summary>
    public async Task<Result<Opened>> RunThen(RowAsk ask, Actor actor, string act, CancellationToken stop)
    {
        var opened = await Open(ask, actor, stop);
        return await Told(!opened.Refused && ask.AsOf is { } at && await lake.HasUndone(opened.Value.View.Plan.Table.Id, at, stop) ? Problems.WithdrawnSince.With(opened.Value.Resource.Name) : opened, ask, actor, act, stop);
    }

    public async Task<Result<Ruling>> Decide(RowAsk ask, Actor actor, CancellationToken stop)
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
        var decided = Decision.Of(new(resource, actor, ask.Purpose, clock.GetUtcNow(), ask.Grant, named, held) { Select = ask.Select }, current.Value.Rules);
        return decided.Refused ? decided.Problem! : new Ruling(resource, decided.Value, current.Value.Version);
    }

    /// <summary>The snapshot that last changed the resource's table; null where there is none yet.</summary>
    public Task<long?> LastChange(Ruling ruling, CancellationToken stop) => lake.LastChange(ruling.Resource.Table, stop);

    /// <summary>What tells this question from others, and its answer of now from that of another time.</summary>
    /// <param name="last">The snapshot the answer is pinned to, or the table's last change: commits to other tables leave an answer as it is.</param>
    public static string Stamp(Ruling ruling, RowAsk ask, long last)
    {
        var (decided, shown) = (ruling.Decided, ruling.Decided.Items.Select(d => (d.Verdict, d.Mask).ToString()));
        var known = new
        {
            last, ruling.Version, resource = ruling.Resource.Id, entry = ruling.Resource.Version, decided.Rule, grant = decided.Grant?.Id, shown, decided.Rows,
            question = PageMark.Of(ask), ask.Select, ask.After, ask.Skip, ask.Take, ask.Count,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(known)))[..32];
    }

    /// <summary>The view without evidence, where no row is read.</summary>
    public async Task<Result<Opened>> Open(RowAsk ask, Actor actor, CancellationToken stop)
    {
        var decided = await Decide(ask, actor, stop);
        return decided.Refused ? decided.Problem! : await Open(decided.Value, ask, stop);
    }

    public async Task<Result<Opened>> Open(Ruling ruling, RowAsk ask, CancellationToken stop)
    {
        if (ask.AsOf is { } old && await lake.At(old, stop) is null)
        {
            return Problems.SnapshotGone.With(old);
        }

        var (resource, decision) = (ruling.Resource, ruling.Decided);
        if (await lake.Resource(resource.Table, ask.AsOf, stop) is not { } table)
        {
            return Problems.NotCollected;
        }

        var plan = await lake.Plan(table.Id, ask.AsOf, Prunable(ask, decision), stop);
        if (ask.AsOf is not null && plan is not null)
        {
            plan = plan with { Table = Current(plan.Table, await lake.Get(table.Id, stop: stop)) };
        }

        return plan is null
            ? Problems.NotCollected
            : new Opened(ruling, new View(plan, decision, keys.Mask(decision.Grant?.Id ?? resource.Id)), plan.Snapshot);
    }

    /// <summary>The table as it was, without the columns that have been made anew since under the same name: theirs are other values, of another level. They keep their places, under names no item has.</summary>
    private static Table Current(Table then, Table? now) =>
        then with { Columns = [.. then.Columns.Select(c => now?.Columns.Any(o => o.Id == c.Id) == true ? c : c with { Name = $"~{c.Id}" })] };

    /// <summary>The answer; a refusal goes to the ledger.</summary>
    public async Task<Result<T>> Told<T>(Result<T> answer, RowAsk ask, Actor actor, string act, CancellationToken stop)
    {
        if (answer.Refused)
        {
            await ledger.Append(actor, new Evidence(act, ask.Resource.ToString(), answer.Problem!.Code) { Exchange = new() { Resource = ask.Resource, Receiver = actor.Unit, Grant = ask.Grant, Purpose = ask.Purpose } }, stop);
        }

        return answer;
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
