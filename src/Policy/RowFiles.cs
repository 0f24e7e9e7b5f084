// In: a query over a view and a format. Out: a file of it, made by the engine; the number of its rows.
using Lizhou.Contracts.Policy;
using Lizhou.Lake;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal static class RowFiles
{
    public static Task<long> Write(Engine engine, View view, Query query, bool ordered, RowFormat format, string path, CancellationToken stop)
    {
        var columns = query.Items.Select(d =>
        {
            var name = SqlText.Name(d.Item.Column);
            // Only a text can be a formula; the engine's own numbers and dates stay as they are.
            var guarded = format == RowFormat.Csv && view.Shape.Column(d.Item.Column)!.Type == ColumnType.Text;
            return guarded ? $"lz_guard(r.{name}) AS {name}" : $"r.{name}";
        });
        var select = $"SELECT {string.Join(", ", columns)} FROM {query.From}{(ordered || view.Shuffled ? $" ORDER BY {query.OrderBy()}" : "")}";
        return engine.Read(
            session => format switch
            {
                RowFormat.Csv => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT csv, HEADER true)", query.With.Values),
                RowFormat.Parquet => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)", query.With.Values),
                RowFormat.NdJson => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT json)", query.With.Values),
                RowFormat.Arrow => ArrowFile.Write(session, select, query.With.Values, path),
                _ => SheetFile.Write(session, select, [.. query.Items.Select(d => new SheetColumn(d.Item.Column, d.Item.Name, IsNumber(view.Shape.Column(d.Item.Column)!.Type)))], query.With.Values, path),
            },
            stop);
    }

    private static bool IsNumber(ColumnType type) => type.Name is "int8" or "int16" or "int32" or "float32" or "float64";
}
