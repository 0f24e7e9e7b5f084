// In: a question of another module. Out: units and systems as they are now.
using System.Data.Common;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Organisation;

internal sealed class UnitRegister(StateStore state) : IUnits
{
    public Task<UnitCard?> Find(Guid id, CancellationToken stop) =>
        One($"SELECT id, code, name, parent, active FROM organisation_unit WHERE id = {id.ToString()}", stop);

    public Task<UnitCard?> ByCode(string code, CancellationToken stop) =>
        One($"SELECT id, code, name, parent, active FROM organisation_unit WHERE code = {code.Trim().ToUpperInvariant()}", stop);

    public Task<UnitCard?> ByName(string name, CancellationToken stop) =>
        One($"SELECT id, code, name, parent, active FROM organisation_unit WHERE name = {name.Trim()}", stop);

    public async Task<IReadOnlyList<UnitCard>> All(CancellationToken stop) =>
        ParentsFirst(await Many($"SELECT id, code, name, parent, active FROM organisation_unit WHERE active = 1 ORDER BY code", stop));

    public async Task<IReadOnlyList<SystemCard>> Systems(Guid? unit, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        List<SystemCard> systems = [];
        await foreach (var system in connection.Rows(
            null,
            $"""
             SELECT id, unit, name, active FROM organisation_system
             WHERE active = 1 AND ({unit?.ToString() ?? ""} = '' OR unit = {unit?.ToString() ?? ""}) ORDER BY name
             """,
            r => new SystemCard(Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetString(2), r.GetInt64(3) == 1),
            stop))
        {
            systems.Add(system);
        }

        return systems;
    }

    /// <summary>Parents before children; a unit whose parent is not in the list stands at the root.</summary>
    internal static IReadOnlyList<UnitCard> ParentsFirst(IReadOnlyList<UnitCard> units)
    {
        var known = units.Select(u => u.Id).ToHashSet();
        var below = units.ToLookup(u => u.Parent is { } parent && known.Contains(parent) ? parent : Guid.Empty);
        List<UnitCard> ordered = [];
        var waiting = new Queue<Guid>([Guid.Empty]);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var unit in below[at])
            {
                ordered.Add(unit);
                waiting.Enqueue(unit.Id);
            }
        }

        return ordered;
    }

    private static UnitCard Card(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : Guid.Parse(r.GetString(3)), r.GetInt64(4) == 1);

    private async Task<UnitCard?> One(FormattableString sql, CancellationToken stop) => await Many(sql, stop) is [var only] ? only : null;

    private async Task<IReadOnlyList<UnitCard>> Many(FormattableString sql, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        List<UnitCard> units = [];
        await foreach (var unit in connection.Rows(null, sql, Card, stop))
        {
            units.Add(unit);
        }

        return units;
    }
}
