// In: codes of refusals, a span of time, a unit. Out: how often each was said, and each time, newest first. Of the evidence alone.
using System.Globalization;
using System.Runtime.CompilerServices;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Ledger;

internal sealed class FindRefusals(StateStore state) : IRefusals
{
    public async Task<IReadOnlyDictionary<string, long>> Count(IReadOnlyCollection<string> codes, DateTimeOffset from, DateTimeOffset until, Guid? concerning, CancellationToken stop)
    {
        var (where, values) = Where(codes, from, until, concerning);
        await using var connection = await state.Open(stop);
        return await connection.Rows(null, FormattableStringFactory.Create($"SELECT result, COUNT(*) {where} GROUP BY result", values), r => (r.GetString(0), r.GetInt64(1)), stop)
            .ToDictionaryAsync(r => r.Item1, r => r.Item2, StringComparer.Ordinal, stop);
    }

    public async Task<Page<RefusedAct>> Of(IReadOnlyCollection<string> codes, DateTimeOffset from, DateTimeOffset until, Guid? concerning, PageAsk page, CancellationToken stop)
    {
        var (where, values) = Where(codes, from, until, concerning);
        await using var connection = await state.Open(stop);
        var total = Convert.ToInt64(await connection.Scalar(null, FormattableStringFactory.Create($"SELECT COUNT(*) {where}", values), stop), CultureInfo.InvariantCulture);
        var rows = FormattableStringFactory.Create(
            $"SELECT seq, at, name, unit, act, subject, result, provider, receiver, resource {where} ORDER BY seq DESC LIMIT {{{values.Length}}} OFFSET {{{values.Length + 1}}}", [.. values, page.Rows, page.Skip]);
        var found = await connection.Rows(
            null, rows,
            r =>
            {
                Guid? Id(int column) => !r.IsDBNull(column) && Guid.TryParse(r.GetString(column), out var id) ? id : null;
                return new RefusedAct(r.GetInt64(0), Clock.FromStored(r.GetString(1)), r.GetString(2), Id(3), r.GetString(4), r.GetString(5), r.GetString(6), Id(7), Id(8), Id(9));
            },
            stop).ToListAsync(stop);
        return new(found, page.Number, page.Rows, total);
    }

    private static (string Sql, object?[] Values) Where(IReadOnlyCollection<string> codes, DateTimeOffset from, DateTimeOffset until, Guid? concerning)
    {
        var (values, unit) = (new List<object?> { from.ToStored(), until.ToStored() }, concerning?.ToString());
        values.AddRange(codes);
        var places = string.Join(',', codes.Select((_, i) => $"{{{i + 2}}}"));
        var sql = $"FROM ledger_entry WHERE result <> 'done' AND result IN ({places}) AND at >= {{0}} AND at < {{1}}";
        if (unit is null)
        {
            return (sql, [.. values]);
        }

        values.AddRange([unit, unit, unit]);
        return ($"{sql} AND (unit = {{{values.Count - 3}}} OR provider = {{{values.Count - 2}}} OR receiver = {{{values.Count - 1}}})", [.. values]);
    }
}
