// An inspection as a document for machines and as tables for people.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Text = Lizhou.Kernel.Text;

namespace Lizhou.Tabular;

internal static class InspectReport
{
    /// <summary>Columns a terminal lists; JSON has them all.</summary>
    private const int ColumnsShown = 200;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static object Refused(string path, Problem problem) => new { path, problem = Refusal(problem) };

    /// <summary>The first table's fields at the top, all tables in <c>tables</c>.</summary>
    public static object Of(Inspection found, Problem? problem)
    {
        var tables = found.Tables.Select(Table).ToList();
        var document = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["path"] = found.Path, ["bytes"] = found.Bytes, ["container"] = found.Container, ["skipped"] = found.Skipped, ["problem"] = problem is null ? null : Refusal(problem),
        };
        foreach (var (name, value) in tables.Count == 0 ? [] : tables[0])
        {
            document.TryAdd(name, value);
        }

        document["tables"] = tables;
        return document;
    }

    private static Dictionary<string, object?> Table(TableInspection table)
    {
        var shape = table.Shape;
        return new(StringComparer.Ordinal)
        {
            ["format"] = shape.Format, ["entry"] = shape.Entry, ["sheet"] = shape.Sheet, ["jsonPath"] = shape.Path,
            ["encoding"] = shape.Encoding, ["confidence"] = table.Guesses.FirstOrDefault(g => g.Subject == "encoding")?.Confidence,
            ["dialect"] = shape.Dialect is not { } d ? null : new { delimiter = d.Delimiter, quote = d.Quote, escape = d.Escape, recordEnd = d.RecordEnd },
            ["preambleLines"] = shape.PreambleRows, ["preamble"] = table.Preamble, ["headerRows"] = shape.HeaderRows, ["unitRow"] = shape.UnitRow,
            ["footerRows"] = table.Notes.Count, ["notes"] = table.Notes, ["emptyColumns"] = shape.EmptyTail,
            ["columns"] = shape.Columns, ["rows"] = table.Rows,
            ["guesses"] = table.Guesses.Select(g => new { subject = g.Subject, confidence = Math.Round(g.Confidence, 3), why = g.Why }),
            ["oddities"] = table.Oddities.Select(o => new { code = o.Code, line = o.Line, what = o.What }),
            ["problem"] = table.Problem is null ? null : Refusal(table.Problem),
            ["preview"] = table.Preview.Take(10).Select(r => new { line = r.Line, cells = r.Cells, fault = r.Fault?.Code }),
        };
    }

    private static object Refusal(Problem problem) => new { code = problem.Code, what = problem.What, todo = problem.Todo };

    public static void Show(Inspection found, IAnsiConsole console)
    {
        foreach (var table in found.Tables)
        {
            var shape = table.Shape;
            console.MarkupLineInterpolated($"[bold]{found.Path}[/] {shape.Entry} {shape.Sheet} {shape.Path}");
            if (table.Problem is { } problem)
            {
                console.MarkupLineInterpolated($"  [red]{problem}[/]");
                continue;
            }

            console.MarkupLineInterpolated($"  {shape.Format.ToString().ToUpperInvariant()}{InspectWords.Of(shape)}");
            console.MarkupLineInterpolated($"  {Lines(table)}");
            foreach (var guess in table.Guesses)
            {
                console.MarkupLineInterpolated($"  [grey]{InspectWords.Of(guess)} {guess.Confidence.ToString("P0", CultureInfo.InvariantCulture)}[/] {guess.Why}");
            }

            Columns(table, console);
            foreach (var oddity in table.Oddities.Take(20))
            {
                console.MarkupLineInterpolated($"  [yellow]![/] {(oddity.Line > 0 ? new Text("第 {0} 行：", "line {0}: ").With(oddity.Line) : "")}{oddity.What} [grey]{oddity.Code}[/]");
            }
        }
    }

    private static Text Lines(TableInspection table)
    {
        var rows = table.Rows is { } counted ? new Text("数据 {0} 行", "{0} rows").With(counted) : new("数据行未数（只看了开头）", "rows not counted (only the beginning was looked at)");
        return new Text("表前 {0} 行，表头 {1} 行，{2}，表后 {3} 行", "{0} lines before, {1} of header, {2}, {3} notes under").With(table.Shape.PreambleRows, table.Shape.HeaderRows, rows, table.Notes.Count);
    }

    private static void Columns(TableInspection table, IAnsiConsole console)
    {
        if (table.Shape.Columns.Count == 0)
        {
            return;
        }

        var grid = new Table().Border(TableBorder.Simple).AddColumns("#", new Text("列", "column").ToString(), new Text("类型", "type").ToString(), new Text("格式", "format").ToString(), new Text("单位", "unit").ToString(), new Text("例", "sample").ToString());
        for (var i = 0; i < Math.Min(table.Shape.Columns.Count, ColumnsShown); i++)
        {
            var column = table.Shape.Columns[i];
            var sample = table.Preview.FirstOrDefault(r => r.Fault is null && !string.IsNullOrWhiteSpace(r.Cells[i]))?.Cells[i] ?? "";
            grid.AddRow(
                Markup.Escape((i + 1).ToString(CultureInfo.InvariantCulture)), Markup.Escape(column.Name), InspectWords.Of(column.Type).ToString(), Markup.Escape(column.Format ?? ""), Markup.Escape(column.Unit ?? ""), Markup.Escape(sample.Length > 40 ? sample[..40] + "…" : sample));
        }

        console.Write(grid);
        if (table.Shape.Columns.Count > ColumnsShown)
        {
            console.MarkupLineInterpolated($"  {new Text("只列出前 {0} 列，另有 {1} 列照样读取。", "Only the first {0} columns are listed; {1} more are read all the same.").With(ColumnsShown, table.Shape.Columns.Count - ColumnsShown)}");
        }
    }
}
