// In: nothing. Out: everything but the case itself that a decision needs – flows, calendar, classes, nodes, duties, units – loaded together and kept for a second.
using Lizhou.Cases.Classes;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Acting;

/// <param name="Flows">By version.</param>
/// <param name="Classes">In force today, by code.</param>
/// <param name="Known">Each class there ever was, by code: as it holds today; one that ended, as it held last: cases under way still have it.</param>
/// <param name="Units">Active ones.</param>
internal sealed record Desk(
    IReadOnlyDictionary<int, CaseFlow> Flows, WorkCalendar Calendar, IReadOnlyDictionary<string, CaseClass> Classes, IReadOnlyDictionary<string, CaseClass> Known, NodeBook Nodes, DutyBook Duties, IReadOnlyDictionary<Guid, UnitCard> Units)
{
    /// <summary>The version new cases begin with.</summary>
    public CaseFlow Flow => Flows[Flows.Keys.Max()];

    /// <summary>派单目录 in force; null: none was published.</summary>
    public DispatchTable? Table { get; init; }

    /// <summary>What the dispatch table says of a case; null: nothing.</summary>
    public Proposal? Proposed(CaseFile file) => Table?.Find(file, Nodes, Units.ContainsKey);

    public CaseFlow FlowOf(CaseFile file) => Flows[file.Flow];

    public string UnitName(Guid? unit) => unit is { } id && Units.TryGetValue(id, out var known) ? known.Name : "—";

    public string ClassName(string? code) => code is null ? "—" : Known.TryGetValue(code, out var known) ? known.Name : code;
}

internal sealed class DeskBook(IServiceScopeFactory scopes, PersonWords people, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim one = new(1);
    private volatile Kept? kept;

    /// <param name="At">Moment of the clock at which it was asked for; null: something of it has changed since.</param>
    private sealed record Kept(Desk Desk, long? At);

    /// <summary>As it is now; what another node changed is seen within a second.</summary>
    public async Task<Desk> Now(CancellationToken stop)
    {
        if (StillFresh(kept) is { } known)
        {
            return known;
        }

        await one.WaitAsync(stop);
        try
        {
            if (StillFresh(kept) is { } loaded)
            {
                return loaded;
            }

            var at = clock.GetTimestamp();
            kept = new(await Load(stop), at);
            return kept.Desk;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Something of it was changed here.</summary>
    public void Forget() => kept = kept is { } known ? known with { At = null } : null;

    public void Dispose() => one.Dispose();

    private Desk? StillFresh(Kept? known) => known?.At is { } at && clock.GetElapsedTime(at) < Fresh ? known.Desk : null;

    private async Task<Desk> Load(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, today) = (scope.ServiceProvider.GetRequiredService<CasesDb>(), clock.Today());
        var flows = (await db.Flows.AsNoTracking().ToListAsync(stop)).Select(f => kept?.Desk.Flows.GetValueOrDefault(f.Version) ?? FlowText.Kept(f.Text, f.Version));
        var classes = (await db.Classes.AsNoTracking().ToListAsync(stop))
            .OrderBy(c => c.Code, StringComparer.Ordinal).ThenByDescending(c => c.Holds(today)).ThenByDescending(c => c.ValidFrom <= today).ThenByDescending(c => c.ValidFrom).ToList();
        var read = await db.Nodes.AsNoTracking().ToListAsync(stop);
        // What the register works out of itself is kept with it, as long as it stays as it was.
        var nodes = kept?.Desk.Nodes is { } known && known.ByCode.Count == read.Count && read.TrueForAll(n => n == known.Find(n.Code)) ? known : new NodeBook(read.ToDictionary(n => n.Code, StringComparer.Ordinal));
        var table = await db.Tables.AsNoTracking().Where(t => t.PublishedBy != null).OrderByDescending(t => t.Version).FirstOrDefaultAsync(stop);
        return new(
            flows.ToDictionary(f => f.Version), await scope.ServiceProvider.GetRequiredService<IWorkCalendar>().Load(stop),
            classes.Where(c => c.Holds(today)).ToDictionary(c => c.Code, StringComparer.Ordinal), classes.DistinctBy(c => c.Code).ToDictionary(c => c.Code, StringComparer.Ordinal), nodes,
            new((await db.Duties.AsNoTracking().ToListAsync(stop)).Where(d => d.Holds(today)).ToList(), nodes),
            (await scope.ServiceProvider.GetRequiredService<IUnits>().All(stop)).ToDictionary(u => u.Id)) { Table = table is null ? null : new(table.Version, table.Rows) { Behalf = people.Seal(table.PublishedBy) } };
    }
}
