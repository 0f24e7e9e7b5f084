// What other modules ask of the code lists: only what is published counts. A published version never changes, so its lines are read once.
using System.Collections.Concurrent;
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Standards.Lists;

internal sealed class CodeBook(StateStore state, TimeProvider clock) : ICodeLists
{
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<(Guid List, int Version), IReadOnlyList<CodeRow>> kept = new();

    public async Task<CodeListCard?> Find(string list, CancellationToken stop) => await InForceOf(list, stop) is (_, var card) ? card : null;

    public async Task<IReadOnlyList<CodeCard>?> InForce(string list, DateOnly day, CancellationToken stop) =>
        await InForceOf(list, stop) is (var id, var card) ? [.. (await Lines(id, card.Version, stop)).Where(r => r.Holds(day)).Select(r => r.Card())] : null;

    public async Task<CodeResolution?> Resolve(string list, string code, DateOnly? at, CancellationToken stop)
    {
        return await InForceOf(list, stop) is (var id, var card) ? (await Ways(list, await Lines(id, card.Version, stop), stop)).Of(code.Trim(), at) : null;
    }

    public async Task<IReadOnlyList<FormerCode>?> Former(string list, CancellationToken stop)
    {
        if (await InForceOf(list, stop) is not (var id, var card))
        {
            return null;
        }

        var (lines, today) = (await Lines(id, card.Version, stop), clock.Today());
        var (ways, holds) = (await Ways(list, lines, stop), lines.Where(l => l.Holds(today)).Select(l => l.Code).ToHashSet(StringComparer.Ordinal));
        return
        [
            .. lines.Select(l => l.Code).Distinct(StringComparer.Ordinal).Where(c => !holds.Contains(c)).Select(c => ways.Of(c, null)).Select(f =>
                new FormerCode(f.Code, f.Name!, f.Targets is [{ Certainty: Certainty.Listed or Certainty.Confirmed } only] && f.Path.All(s => s.Certainty != Certainty.Unknown) ? only.Code : null)),
        ];
    }

    private async Task<Resolve> Ways(string list, IReadOnlyList<CodeRow> lines, CancellationToken stop)
    {
        var ways = await state.Read(
            $"SELECT code, to_code, changed_on, kind, state FROM standard_crosswalk WHERE list = {list} AND to_list = {list} AND state <> {nameof(CrosswalkState.Declined)}",
            r => new Way(r.GetString(0), r.IsDBNull(1) ? null : r.GetString(1), Day(r.GetString(2)), Enum.Parse<CodeChangeKind>(r.GetString(3)), r.GetString(4) == nameof(CrosswalkState.Confirmed)), stop);
        return new(lines, ways, clock.Today());
    }

    private async Task<(Guid Id, CodeListCard Card)?> InForceOf(string list, CancellationToken stop)
    {
        var found = await state.Read(
            $"""
             SELECT s.id, s.in_force, v.body FROM standard s JOIN standard_version v ON v.standard = s.id AND v.number = s.in_force
             WHERE s.kind = {nameof(StandardKind.CodeList)} AND s.code = {list}
             """,
            r => (Id: Guid.Parse(r.GetString(0)), Number: (int)r.GetInt64(1), Body: Register.Read<ListBody>(r.GetString(2))), stop);
        return found is [var one, ..] ? (one.Id, new CodeListCard(list, one.Body.Name, one.Body.NameEn, one.Body.Source, one.Number)) : null;
    }

    private async Task<IReadOnlyList<CodeRow>> Lines(Guid list, int version, CancellationToken stop)
    {
        if (kept.TryGetValue((list, version), out var known))
        {
            return known;
        }

        var rows = await state.Read(
            $"SELECT code, name, name_en, parent, valid_from, valid_until, note FROM standard_code WHERE standard = {list.ToString()} AND number = {version} ORDER BY line",
            r => new CodeRow(r.GetString(0), r.GetString(1), Maybe(r, 2), Maybe(r, 3), MaybeDay(r, 4), MaybeDay(r, 5), Maybe(r, 6)), stop);
        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        return kept[(list, version)] = rows;
    }

    private static string? Maybe(System.Data.Common.DbDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static DateOnly? MaybeDay(System.Data.Common.DbDataReader row, int at) => row.IsDBNull(at) ? null : Day(row.GetString(at));

    private static DateOnly Day(string stored) => DateOnly.ParseExact(stored, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
