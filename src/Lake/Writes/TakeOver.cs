// In: a Parquet file that another process made. Out: its rows as a file of the table, with their origin beside them. Refuses links and other columns than the table's.
using DuckDB.NET.Data;
using Lizhou.Kernel;

namespace Lizhou.Lake.Writes;

internal static class TakeOver
{
    /// <param name="order">The columns by which the rows are numbered; none: as they come.</param>
    /// <returns>Null when there are no rows.</returns>
    public static async Task<Result<StagedFile?>> Run(Warehouse lake, Table table, string file, Guid run, IReadOnlyList<string> order, CancellationToken stop)
    {
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null })
        {
            return Problems.ForeignResult.With(table, Path.GetFileName(file));
        }

        var own = table.Columns.Where(c => !Origin.Has(c.Name)).ToList();
        var there = await lake.Engine.Write(session => session.Rows($"DESCRIBE SELECT * FROM read_parquet({SqlText.Literal(file)})", r => r.GetString(0)), stop);
        if (!there.Order(StringComparer.Ordinal).SequenceEqual(own.Select(c => c.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            return Problems.ForeignResult.With(table, string.Join(", ", there));
        }

        var number = order.Count == 0 ? "row_number() OVER ()" : $"row_number() OVER (ORDER BY {SqlText.Names(order)})";
        var select = $"""
            SELECT {SqlText.Names(own.Select(c => c.Name))}, {SqlText.Literal(run.ToString("D"))} AS {Origin.Batch}, 0 AS {Origin.File}, {number} AS {Origin.Record}, 0 AS {Origin.Quality}
            FROM read_parquet({SqlText.Literal(file)}) ORDER BY {Origin.Record}
            """;
        return await Writer.Guarded<StagedFile?>(async () =>
        {
            try
            {
                return await lake.Stage(table, select, [], stop);
            }
            catch (DuckDBException unfit) when (unfit.ErrorType is DuckDB.NET.Native.DuckDBErrorType.Conversion or DuckDB.NET.Native.DuckDBErrorType.OutOfRange)
            {
                return Problems.ForeignResult.With(table, unfit.ErrorType);
            }
        });
    }
}
