// In: a rule, an item's value, why its rows are right all the same, and until when. Out: the rows are not flagged any more; each exception in the ledger. One that ended, by a person or by its date, flags again.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Lake;
using Lizhou.Quality.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Kept;

internal sealed class Waivers(KeptDb db, KeptRules kept, SaveRules rules, ICatalog catalog, IRowGate gate, Warehouse lake, JobQueue jobs, ILedger ledger, TimeProvider clock)
{
    private const int MostDays = 366 * 3;

    /// <param name="Item">Column name, or the item's name.</param>
    /// <param name="Until">The last day on which it holds.</param>
    internal sealed record Ask(string? Rule, string? Item, string? Value, string? Reason, DateOnly? Until);

    /// <summary>Newest first, ended ones too.</summary>
    public Task<List<Waiver>> All(Guid resource, CancellationToken stop) => db.Waivers.AsNoTracking().Where(w => w.Resource == resource).OrderByDescending(w => w.Id).Take(500).ToListAsync(stop);

    public async Task<Result<Waiver>> Add(Guid resource, Ask ask, Actor actor, CancellationToken stop)
    {
        var mine = await rules.Mine(resource, actor, stop);
        var fault = mine.Refused ? mine.Problem : await Fault(ask, mine.Value, actor, stop);
        if (fault is not null)
        {
            await ledger.Append(actor, new("rules.excepted", resource.ToString(), fault.Code), stop);
            return fault;
        }

        var (card, now) = (mine.Value, clock.GetUtcNow());
        var waiver = db.Waivers.Add(new()
        {
            Id = Guid.CreateVersion7(now), Resource = resource, Rule = ask.Rule!.Trim(), Item = Item(card, ask.Item)!.Column, Value = ask.Value!.Trim(), Reason = ask.Reason!.Trim(), Until = ask.Until!.Value.AddDays(1),
            MadeBy = actor.Name, MadeAt = now,
        }).Entity;
        // The value may be a person's: it is not in the evidence.
        return await Save("rules.excepted", card, waiver, actor, stop) is { } late ? late : waiver;
    }

    public async Task<Problem?> End(Guid resource, Guid id, Actor actor, CancellationToken stop)
    {
        var mine = await rules.Mine(resource, actor, stop);
        if (mine.Refused)
        {
            return mine.Problem;
        }

        if (await db.Waivers.FirstOrDefaultAsync(w => w.Id == id && w.Resource == resource && w.EndedAt == null, stop) is not { } waiver)
        {
            return Problems.NoWaiver;
        }

        (waiver.EndedBy, waiver.EndedAt) = (actor.Name, clock.GetUtcNow());
        return await Save("rules.exception-ended", mine.Value, waiver, actor, stop);
    }

    /// <summary>Ends those whose last day is over.</summary>
    public async Task<int> EndDue(CancellationToken stop)
    {
        var today = clock.Today();
        var due = (await db.Waivers.Where(w => w.EndedAt == null).ToListAsync(stop)).Where(w => !w.Holds(today)).ToList();
        foreach (var waiver in due)
        {
            (waiver.EndedBy, waiver.EndedAt) = (Actor.System.Name, clock.GetUtcNow());
            if (await catalog.Published(waiver.Resource, stop) is { } card && await Save("rules.exception-ended", card, waiver, Actor.System, stop) is { } late)
            {
                throw new ProblemException(late);
            }
        }

        await db.SaveChangesAsync(stop);
        return due.Count;
    }

    private async Task<Problem?> Save(string act, ResourceCard card, Waiver waiver, Actor actor, CancellationToken stop)
    {
        var evidence = new Evidence(act, card.Code, Evidence.Done, new { rule = waiver.Rule, item = waiver.Item, reason = waiver.Reason, until = waiver.Until }) { Exchange = new() { Provider = card.Unit, Resource = card.Id } };
        return await db.Commit(
            ledger, [(actor, evidence)], stop, (connection, current) => jobs.Add(connection, current, new ScanKept.Body(card.Id), $"{ScanKept.Key(card.Id)}:{waiver.Id}:{waiver.EndedAt is null}", stop: stop));
    }

    private async Task<Problem?> Fault(Ask ask, ResourceCard card, Actor actor, CancellationToken stop)
    {
        var (now, today, table) = (await kept.Of(card, stop), clock.Today(), await lake.Resource(card.Table, stop: stop) ?? TableOfItems.Of(card));
        var compiled = await kept.Compile(card, now, table, null, stop);
        var (rule, item, value) = (compiled.Refused ? null : compiled.Value.Rows.FirstOrDefault(r => r.Name == ask.Rule?.Trim()), Item(card, ask.Item), ask.Value?.Trim() ?? "");
        var sight = await Sight.Of(card, gate, actor, stop);
        if (rule is not null && item is not null && (sight.Hides(rule) || !sight.Clear(item.Column)))
        {
            // Whether a value clears a flag tells whether it is there.
            return Problems.HiddenRule.With(rule.Name);
        }

        var twice = rule is not null && item is not null
            && (await db.Waivers.AsNoTracking().Where(w => w.Resource == card.Id && w.Rule == rule.Name && w.Item == item.Column && w.Value == value && w.EndedAt == null).ToListAsync(stop)).Exists(w => w.Holds(today));
        Text? fault = rule is null ? new("没有这条逐行判断的规则。", "there is no such rule that judges row by row.")
            : item is null ? new("没有这个信息项。", "there is no such item.")
            : rule.Kind == RuleKind.NotNull && rule.Columns.Contains(item.Column, StringComparer.OrdinalIgnoreCase) && value.Length > 0
                ? new("必填规则只对空值判断，填写的取值不会被它标记；如个别行确无此项，请按主键登记。", "a rule that wants a value flags empty cells alone, never this value; where a row rightly has none, name the row by its key.")
            : value.Length is 0 or > 200 ? new("请填写取值，不超过 200 字。", "its value is missing, at most 200 characters.")
            : !Warehouse.Fits(table, KeptRules.Excepts(item.Column, [value])) ? new("取值不是该信息项的类型。", "its value is not of the item's type.")
            : ask.Reason?.Trim().Length is null or 0 or > 200 ? new("请写明理由，不超过 200 字。", "its reason is missing, at most 200 characters.")
            : twice ? new("这条例外已有且仍有效；要改理由或截止日期，请先终止原有的一条。", "this exception is there already and holds; end it first to change its reason or last day.")
            : ask.Until is not { } until || until < today || until > today.AddDays(MostDays) ? new("截止日期为今天起三年之内。", "its last day lies within three years from today.")
            : null;
        return fault is { } text ? Problems.BadWaiver.With(text) : null;
    }

    private static ItemCard? Item(ResourceCard card, string? name) => card.Items.FirstOrDefault(i => i.Name == name?.Trim() || string.Equals(i.Column, name?.Trim(), StringComparison.OrdinalIgnoreCase));
}

/// <summary>Looks for exceptions whose last day is over.</summary>
internal sealed class EndWaivers(IServiceScopeFactory scopes) : IRounds
{
    public async Task<int> Look(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Waivers>().EndDue(stop);
    }
}
