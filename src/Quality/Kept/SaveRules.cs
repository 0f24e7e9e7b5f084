// In: the rules of a resource as YAML by a steward of its unit or an engineer; then the word that they are in force. Out: a draft, then a version in force, the one before kept; the data are scanned by it.
// Refuses strangers, what cannot be read, with the line and what would be right, rules that would tell their author values they do not see in clear, and a unit that would ask less of its own data; the version in force stays.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Quality.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

internal sealed class SaveRules(KeptDb db, KeptRules kept, ICatalog catalog, IRowGate gate, Warehouse lake, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    /// <summary>The resource, where the actor may keep its rules.</summary>
    public async Task<Result<ResourceCard>> Mine(Guid resource, Actor actor, CancellationToken stop) =>
        await catalog.Published(resource, stop) is { } card && actor.ActsFor(card.Unit) ? card : Problems.NoRuleResource.With(resource);

    /// <summary>The draft, or else the version in force; nothing yet where there is neither.</summary>
    public async Task<string> Text(Guid resource, CancellationToken stop) =>
        (await db.Sets.AsNoTracking().Where(s => s.Resource == resource && s.State != SetState.Replaced).OrderByDescending(s => s.Version).FirstOrDefaultAsync(stop))?.Yaml ?? ReadKept.Blank;

    /// <summary>Writes the draft; there is one at most. Rules that its author is not shown stay in it.</summary>
    public async Task<Result<RuleSet>> Draft(Guid resource, string? yaml, Actor actor, CancellationToken stop)
    {
        var card = await Mine(resource, actor, stop);
        var text = card.Refused ? card.Problem! : await Whole(yaml ?? "", card.Value, actor, stop);
        if (text.Problem is { } fault)
        {
            await ledger.Append(actor, new("rules.drafted", card.Refused ? resource.ToString() : card.Value.Code, fault.Code), stop);
            return fault;
        }

        var now = clock.GetUtcNow();
        if (await db.Sets.FirstOrDefaultAsync(s => s.Resource == resource && s.State == SetState.Draft, stop) is not { } draft)
        {
            var last = await db.Sets.Where(s => s.Resource == resource).MaxAsync(s => (int?)s.Version, stop) ?? 0;
            draft = db.Sets.Add(new() { Id = Guid.CreateVersion7(now), Resource = resource, Version = last + 1, State = SetState.Draft }).Entity;
        }

        (draft.Yaml, draft.MadeBy, draft.MadeAt, draft.Revision) = (text.Value, actor.Name, now, draft.Revision + 1);
        return await db.Commit(ledger, [(actor, Told("rules.drafted", card.Value, draft))], stop) is { } late ? late : draft;
    }

    /// <summary>Puts the draft in force.</summary>
    public async Task<Result<RuleSet>> Force(Guid resource, Actor actor, CancellationToken stop)
    {
        var card = await Mine(resource, actor, stop);
        var draft = card.Refused ? null : await db.Sets.FirstOrDefaultAsync(s => s.Resource == resource && s.State == SetState.Draft, stop);
        // Items and tables may have changed since it was written; what its author may tell was asked then.
        var fault = card.Refused ? card.Problem : draft is null ? Problems.NoDraft : await Fault(draft.Yaml, card.Value, null, stop)
            ?? (!actor.Has(Roles.Engineer) && await Weakened(card.Value, stop) is { Count: > 0 } weaker ? Problems.WeakerRules.With(string.Join('、', weaker)) : null);
        if (fault is not null)
        {
            await ledger.Append(actor, new("rules.in-force", card.Refused ? resource.ToString() : card.Value.Code, fault.Code), stop);
            return fault;
        }

        foreach (var before in await db.Sets.Where(s => s.Resource == resource && s.State == SetState.InForce).ToListAsync(stop))
        {
            (before.State, before.Revision) = (SetState.Replaced, before.Revision + 1);
        }

        (draft!.State, draft.InForceBy, draft.InForceAt, draft.Revision) = (SetState.InForce, actor.Name, clock.GetUtcNow(), draft.Revision + 1);
        // With a key of its own: a scan that is under way goes by the rules before.
        return await db.Commit(
            ledger, [(actor, Told("rules.in-force", card.Value, draft))], stop, (connection, current) => jobs.Add(connection, current, new ScanKept.Body(resource), $"{ScanKept.Key(resource)}:{draft.Id}", stop: stop)) is { } late
            ? late : draft;
    }

    /// <summary>What the draft asks less of than the version in force: names of rules, the weights. Empty without a draft, and before a first version.</summary>
    public async Task<IReadOnlyList<string>> Weakened(ResourceCard card, CancellationToken stop)
    {
        var sets = await db.Sets.AsNoTracking().Where(s => s.Resource == card.Id && s.State != SetState.Replaced).ToListAsync(stop);
        KeptSet? Of(SetState state) => sets.Find(s => s.State == state) is { } set && ReadKept.Run(set.Yaml, card, strict: false) is { Refused: false } read ? read.Value : null;
        return Of(SetState.InForce) is { } before && Of(SetState.Draft) is { } after ? Weakens.Of(before, after) : [];
    }

    /// <summary>Has the resource scanned now: the id of the job.</summary>
    public async Task<Result<Guid>> Scan(Guid resource, Actor actor, CancellationToken stop)
    {
        var card = await Mine(resource, actor, stop);
        return card.Refused ? card.Problem! : await jobs.Add(new ScanKept.Body(resource), ScanKept.Key(resource), stop: stop);
    }

    /// <summary>The text with the rules that its author is not shown.</summary>
    private async Task<Result<string>> Whole(string yaml, ResourceCard card, Actor actor, CancellationToken stop)
    {
        if (await Fault(yaml, card, actor, stop) is { } fault)
        {
            return fault;
        }

        var hidden = (await Sight.Of(card, gate, actor, stop)).Hidden(await Text(card.Id, stop));
        if (hidden.Count == 0)
        {
            return yaml.ReplaceLineEndings("\n");
        }

        var set = ReadKept.Run(yaml, card).Value;
        var whole = ReadKept.Write(set with { Rules = [.. set.Rules, .. hidden] });
        return ReadKept.Run(whole, card).Problem is { } clash ? clash : whole;
    }

    /// <param name="author">Null: what they may tell was asked before.</param>
    private async Task<Problem?> Fault(string yaml, ResourceCard card, Actor? author, CancellationToken stop)
    {
        var read = ReadKept.Run(yaml, card);
        if (read.Refused)
        {
            return read.Problem;
        }

        var (table, sight) = (await lake.Resource(card.Table, stop: stop), author is null ? null : await Sight.Of(card, gate, author, stop));
        foreach (var rule in read.Value.Rules)
        {
            var fault = sight?.Hides(rule) == true ? Problems.HiddenRule.With(rule.Name)
                : FitsItems.Fault(rule, card) ?? await CheckRule.FaultInEngine(rule, lake, stop) ?? (await kept.Compile(card, new(0, read.Value.Weights, [new(rule, null)], [], null), table, author, stop)).Problem;
            if (fault is not null)
            {
                // What its author may not do keeps its own code, in the ledger too.
                return fault.Status == StatusCodes.Status403Forbidden ? fault : ReadKept.Bad(ReadKept.LineOf(yaml, rule.Name), fault.What, fault.Todo);
            }
        }

        return null;
    }

    private static Evidence Told(string act, ResourceCard card, RuleSet set) =>
        new(act, card.Code, Evidence.Done, new { version = set.Version }) { Exchange = new() { Provider = card.Unit, Resource = card.Id } };
}
