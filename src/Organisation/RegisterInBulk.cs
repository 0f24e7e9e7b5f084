// In: many units and systems. Out: all that were missing added in one transaction, with the checks of the narrow door; or none, and the first fault.
using System.Data.Common;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Organisation;

internal sealed class RegisterInBulk(StateStore state, ILedger ledger, TimeProvider clock) : IUnitsBulk
{
    public async Task<Result<int>> Register(IReadOnlyList<UnitCard> units, IReadOnlyList<SystemCard> systems, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var (known, codes) = await There(connection, transaction, stop);
        var before = known.Count;
        foreach (var unit in units.Where(u => !known.Contains(u.Id)))
        {
            if (Refusal(unit, known, codes) is { } refused)
            {
                return refused;
            }

            known.Add(unit.Id);
            codes[unit.Code] = unit.Name;
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO organisation_unit (id, code, name, kind, parent, active, version, changed_at)
                 VALUES ({unit.Id.ToString()}, {unit.Code}, {unit.Name}, {nameof(UnitKind.Department)}, {unit.Parent?.ToString()}, {(unit.Active ? 1 : 0)}, 1, {clock.GetUtcNow().ToStored()})
                 """,
                stop);
        }

        var added = known.Count - before;
        foreach (var system in systems)
        {
            if (!known.Contains(system.Unit))
            {
                return Problems.NoSuchUnit;
            }

            added += await connection.Execute(
                transaction,
                $"""
                 INSERT INTO organisation_system (id, unit, name, active, version, changed_at)
                 VALUES ({system.Id.ToString()}, {system.Unit.ToString()}, {system.Name}, {(system.Active ? 1 : 0)}, 1, {clock.GetUtcNow().ToStored()})
                 ON CONFLICT (id) DO NOTHING
                 """,
                stop);
        }

        if (added > 0)
        {
            await ledger.Append(connection, transaction, actor, new("unit.added-in-bulk", "", "done", new { added }), stop);
        }

        await transaction.CommitAsync(stop);
        return added;
    }

    private static Problem? Refusal(UnitCard unit, HashSet<Guid> known, Dictionary<string, string> codes) =>
        !SaveUnit.Passes(unit.Code) ? Problems.BadCode.With(unit.Code)
        : codes.TryGetValue(unit.Code, out var holder) ? Problems.CodeTaken.With(unit.Code, holder)
        : unit.Parent is { } parent && !known.Contains(parent) ? Problems.NoSuchUnit
        : null;

    private static async Task<(HashSet<Guid> Known, Dictionary<string, string> Codes)> There(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        var known = new HashSet<Guid>();
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var (id, code, name) in connection.Rows(
            transaction, $"SELECT id, code, name FROM organisation_unit", r => (Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2)), stop))
        {
            known.Add(id);
            codes[code] = name;
        }

        return (known, codes);
    }
}
