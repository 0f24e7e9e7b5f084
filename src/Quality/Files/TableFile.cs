// In: a file of any kind the reader of tables knows. Out: one of its tables in memory, with the lines of its rows. Refuses what is too large for that.
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Quality.Files;

internal static class TableFile
{
    /// <summary>About a gigabyte of memory at the worst.</summary>
    private const long MostCells = 40_000_000;

    /// <param name="table">Which of the file's tables, from 1.</param>
    /// <param name="progress">Told how many rows have been read.</param>
    public static Result<Grid> Read(string path, int table = 1, Hints? hints = null, IColumnarFiles? columnar = null, Action<long>? progress = null)
    {
        var found = Inspector.Inspect(path, hints ?? new Hints(), columnar);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var tables = found.Value.Tables;
        if (table > tables.Count)
        {
            return Problems.OneTable.With(Path.GetFileName(path), table, tables.Count);
        }

        return tables[table - 1].Problem is { } problem ? problem : Rows(path, tables[table - 1].Shape, columnar, progress);
    }

    private static Result<Grid> Rows(string path, FileShape shape, IColumnarFiles? columnar, Action<long>? progress)
    {
        var grid = new Grid(shape.Columns.Select(c => c.Name));
        try
        {
            using var reader = RowReader.Open(path, shape, columnar);
            while (reader.Next() is { } row)
            {
                grid.Add(row.Line, row.Fault?.Repair ?? row.Cells);
                if (row.Fault is { } fault)
                {
                    grid.Add(row.Line, fault);
                }

                if (grid.Rows * (long)grid.Columns.Count > MostCells)
                {
                    return Problems.TooLarge.With(Path.GetFileName(path), MostCells);
                }

                if (grid.Rows % 4096 == 0)
                {
                    progress?.Invoke(grid.Rows);
                }
            }
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }

        return grid;
    }
}
