// In: what became of a code, by hand; or the settling of lines that were proposed. Out: it stands in the crosswalk, with who said so. Refuses codes the lists do not have, and what is settled already.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Lists;

internal sealed record CrosswalkView(
    Guid Id, string List, string Code, string? Name, string ToList, string? ToCode, string? ToName, DateOnly ChangedOn, CodeChangeKind Kind, CrosswalkState State, string? Reason,
    string MadeBy, DateTimeOffset MadeAt, string? SettledBy, DateTimeOffset? SettledAt);

internal sealed class Crosswalk(Register register)
{
    /// <param name="ToList">Null for the same list.</param>
    /// <param name="ToCode">Null when nothing took its place.</param>
    internal sealed record Request(string? Code, string? ToCode, DateOnly? On, CodeChangeKind Kind, string? ToList = null, string? Reason = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Code))
            {
                yield return new("code", new("请填写原代码。", "must be given."));
            }

            if (On is null)
            {
                yield return new("on", new("请填写变更日期。", "must be given."));
            }

            if (string.IsNullOrWhiteSpace(ToCode) != (Kind == CodeChangeKind.Abolished))
            {
                yield return new("toCode", new("撤销的没有新代码，其余的必须有。", "is given unless the code was abolished."));
            }

            if (Reason?.Length > 500)
            {
                yield return new("reason", new("依据不超过 500 字。", "has at most 500 characters."));
            }
        }
    }

    /// <param name="Confirm">False: declined.</param>
    internal sealed record Settling(IReadOnlyList<Guid>? Ids, bool Confirm);

    /// <param name="Q">Part of a code or name.</param>
    internal sealed record Filter(string? Q = null, CrosswalkState? State = null);

    /// <summary>A page of it. Lines about codes that only a draft has are its editors' business, like the draft.</summary>
    public async Task<Result<Page<CrosswalkView>>> List(string list, Filter filter, PageAsk ask, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.CodeList, list, stop) is not { } standard || !actor.Sees(standard))
        {
            return Problems.NotFound.With(list);
        }

        var found = register.Db.Crosswalk.AsNoTracking().Where(c => c.List == list && (filter.State == null || c.State == filter.State));
        var seen = Seen(actor.Has(Roles.Engineer));
        if (!actor.Has(Roles.Engineer))
        {
            found = found.Where(c => seen.Any(s => s.List == c.List && s.Code == c.Code) && (c.ToCode == null || seen.Any(s => s.List == c.ToList && s.Code == c.ToCode)));
        }

        if (CodeRow.Clean(filter.Q) is { } part)
        {
            found = found.Where(c => c.Code.Contains(part) || (c.ToCode != null && c.ToCode.Contains(part)) || seen.Any(s => s.Name.Contains(part)
                && ((s.List == c.List && s.Code == c.Code) || (s.List == c.ToList && s.Code == c.ToCode))));
        }

        var lines = await found.OrderByDescending(c => c.ChangedOn).ThenBy(c => c.Code).ThenBy(c => c.ToCode).ThenBy(c => c.Id).Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop);
        var (lists, codes) = (lines.SelectMany(l => new[] { l.List, l.ToList }).ToHashSet(), lines.SelectMany(l => new[] { l.Code, l.ToCode }).OfType<string>().ToHashSet());
        var names = (await seen.Where(s => lists.Contains(s.List) && codes.Contains(s.Code)).ToListAsync(stop))
            .GroupBy(s => (s.List, s.Code)).ToDictionary(g => g.Key, g => g.MaxBy(s => s.From ?? DateOnly.MinValue)!.Name);
        return new Page<CrosswalkView>(
            [
                .. lines.Select(c => new CrosswalkView(
                    c.Id, c.List, c.Code, names.GetValueOrDefault((c.List, c.Code)), c.ToList, c.ToCode, c.ToCode is null ? null : names.GetValueOrDefault((c.ToList, c.ToCode)), c.ChangedOn, c.Kind, c.State,
                    c.Reason, c.MadeBy, c.MadeAt, c.SettledBy, c.SettledAt)),
            ],
            ask.Number, ask.Rows, await found.LongCountAsync(stop));
    }

    public async Task<Result<Guid>> Add(string list, Request ask, Actor actor, CancellationToken stop)
    {
        if (await register.Refusal(StandardKind.CodeList, list, actor, stop) is { } refused)
        {
            return refused;
        }

        if (ask.Check().FirstOrDefault() is { } fault)
        {
            return Problems.ListFaulty.With(fault.What);
        }

        var (code, to, toList) = (ask.Code!.Trim(), CodeRow.Clean(ask.ToCode), CodeRow.Clean(ask.ToList) ?? list);
        foreach (var (where, what) in new[] { (list, (string?)code), (toList, to) })
        {
            if (await register.Find(StandardKind.CodeList, where, stop) is null)
            {
                return Problems.NotFound.With(where);
            }

            if (what is not null && !await Seen(drafts: true).AnyAsync(s => s.List == where && s.Code == what, stop))
            {
                return Problems.NoSuchCode.With(where, what);
            }
        }

        if (await register.Db.Crosswalk.AnyAsync(c => c.List == list && c.Code == code && c.ToList == toList && c.ToCode == to && c.ChangedOn == ask.On && c.State != CrosswalkState.Declined, stop))
        {
            return Problems.CrosswalkThere.With(code, to ?? "—", ImportCodes.Day(ask.On));
        }

        var now = register.Clock.GetUtcNow();
        CrosswalkLine line = new()
        {
            Id = Guid.CreateVersion7(now), List = list, Code = code, ToList = toList, ToCode = to, ChangedOn = ask.On!.Value, Kind = ask.Kind, State = CrosswalkState.Confirmed,
            Reason = CodeRow.Clean(ask.Reason), MadeBy = actor.Name, MadeAt = now, SettledBy = actor.Name, SettledAt = now, Revision = 1,
        };
        register.Db.Crosswalk.Add(line);
        await Standardise.Treatments.Follow(register.Db, list, register.Clock, stop);
        return await register.Commit(actor, new("crosswalk.added", list, Evidence.Done, new { code, to, toList }), stop) is { } late ? late : line.Id;
    }

    /// <summary>All of them or none; the number settled.</summary>
    public async Task<Result<int>> Settle(string list, Settling ask, Actor actor, CancellationToken stop)
    {
        if (await register.Refusal(StandardKind.CodeList, list, actor, stop) is { } refused)
        {
            return refused;
        }

        var ids = (ask.Ids ?? []).ToHashSet();
        var lines = (await register.Db.Crosswalk.Where(c => c.List == list && c.State == CrosswalkState.Proposed).ToListAsync(stop)).FindAll(l => ids.Contains(l.Id));
        if (lines.Count < ids.Count || lines.Count == 0)
        {
            return Problems.SettledAlready;
        }

        foreach (var line in lines)
        {
            (line.State, line.SettledBy, line.SettledAt, line.Revision) =
                (ask.Confirm ? CrosswalkState.Confirmed : CrosswalkState.Declined, actor.Name, register.Clock.GetUtcNow(), line.Revision + 1);
        }

        await Standardise.Treatments.Follow(register.Db, list, register.Clock, stop);
        return await register.Commit(actor, new(ask.Confirm ? "crosswalk.confirmed" : "crosswalk.rejected", list, Evidence.Done, new { lines = lines.Count }), stop) is { } late ? late : lines.Count;
    }

    private sealed class SeenCode
    {
        public string List { get; init; } = "";

        public string Code { get; init; } = "";

        public string Name { get; init; } = "";

        public DateOnly? From { get; init; }
    }

    /// <summary>Every code lists ever had, with each of its names. For editors the draft counts: what it brings can be said before it is published.</summary>
    private IQueryable<SeenCode> Seen(bool drafts) => register.Db.Standards.Where(s => s.Kind == StandardKind.CodeList).Join(
        register.Db.Codes, s => s.Id, c => c.Standard, (s, c) => new { s, c }).Where(j => j.c.Number == (drafts ? j.s.Draft ?? j.s.InForce ?? j.s.Last : j.s.InForce))
        .Select(j => new SeenCode { List = j.s.Code, Code = j.c.Code, Name = j.c.Name, From = j.c.ValidFrom });
}
