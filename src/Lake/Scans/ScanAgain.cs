// In: a test, a key, rows of an earlier snapshot and rows of a later one. Out: how many of the first failed the test and are there again, by their key, among the second, and fail it still. Rows never leave: a count does.
using Lizhou.Kernel;
using Lizhou.Lake.Reading;
using Lizhou.Lake.Scans;

namespace Lizhou.Lake;

/// <summary>Some rows of a table as a snapshot shows it.</summary>
public sealed record RowsAt(long Snapshot, Condition Where);

public sealed partial class Warehouse
{
    /// <summary>How many rows at fault came again and are at fault still. Refused when one of the snapshots is not there any more, or its table had not these columns.</summary>
    /// <param name="key">Columns that tell a row; none of them empty.</param>
    public async Task<Result<long>> StillFails(Table table, RowTest test, IReadOnlyList<string> key, RowsAt before, RowsAt after, CancellationToken stop = default)
    {
        var arguments = new Arguments();
        var (first, second) = (await Failing(table, test, key, before, "b", arguments, stop), await Failing(table, test, key, after, "a", arguments, stop));
        return (first.Problem ?? second.Problem) is { } problem
            ? problem
            : await Engine.Read<Result<long>>(
                session => Convert.ToInt64(
                    session.Scalar($"SELECT count(*)::BIGINT FROM ({first.Value}) AS f WHERE EXISTS (SELECT 1 FROM ({second.Value}) AS s WHERE {string.Join(" AND ", key.Select((_, i) => $"f.k{i} = s.k{i}"))})", arguments.Values) ?? 0L,
                    System.Globalization.CultureInfo.InvariantCulture),
                stop);
    }

    private async Task<Result<string>> Failing(Table table, RowTest test, IReadOnlyList<string> key, RowsAt rows, string alias, Arguments arguments, CancellationToken stop)
    {
        if (await Plan(table.Id, rows.Snapshot, stop) is not { } plan)
        {
            return Problems.NoTable.With(table);
        }

        if (key.FirstOrDefault(k => plan.Table.Column(k) is null) is { } missing)
        {
            return Problems.NoColumn.With(table, missing);
        }

        var relation = plan.Relation(arguments);
        var (where, sql) = (Compile.Sql(rows.Where, plan.Table, arguments, alias), CompileTest.Sql(test, plan.Table, arguments, alias));
        return (where.Problem ?? sql.Problem) is { } problem
            ? problem
            : $"SELECT {string.Join(", ", key.Select((k, i) => $"{alias}.{SqlText.Name(plan.Table.Column(k)!.Name)} AS k{i}"))} FROM ({relation}) AS {alias} WHERE {where.Value} AND NOT coalesce({sql.Value}, true)";
    }
}
