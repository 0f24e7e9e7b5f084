// What a check found, for people and for machines.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Kernel;
using Lizhou.Quality.Rules;

namespace Lizhou.Quality.Files;

internal static class CheckReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Refused(string path, Problem problem) => JsonSerializer.Serialize(new { path, problem = new { code = problem.Code, what = problem.What, todo = problem.Todo } }, Options);

    /// <param name="profile">Null where none was asked for.</param>
    public static string Json(string path, Grid grid, Checked found, IReadOnlyList<ColumnProfile>? profile) => JsonSerializer.Serialize(
        new
        {
            path, rows = grid.Rows, columns = grid.Columns.Select(c => c.Name), flagged = found.Cells.Count, faulty = grid.Faulty, profile,
            faults = grid.Faults.Select(f => new { line = f.Line, code = f.Fault.Code, reason = f.Fault.Reason, hint = f.Fault.Hint, mended = f.Fault.Repair is not null }),
            rules = found.Rules.Select(r => new
            {
                name = r.Found.Rule.Name, kind = r.Found.Rule.Kind, columns = r.Found.Rule.Columns, dimension = r.Found.Rule.Dimension, severity = r.Found.Rule.Severity, applied = r.Applied,
                confidence = Math.Round(r.Found.Confidence, 3), support = Math.Round(r.Found.Support, 4), witnesses = r.Found.Witnesses, why = r.Found.Why, flagged = r.Flags.Count,
            }),
            cells = found.Cells.Select(c => new
            {
                line = grid.Lines[c.Flag.Row], row = c.Flag.Row + 1, column = grid.Columns[c.Flag.Column].Name, value = grid.Columns[c.Flag.Column][c.Flag.Row],
                rule = c.By.Rule.Name, reason = c.By.Rule.Reason, proposed = c.Flag.Proposed,
            }),
        },
        Options);

    public static void Show(Grid grid, Checked found, IReadOnlyList<ColumnProfile>? profile, TextWriter to)
    {
        foreach (var column in profile ?? [])
        {
            to.WriteLine($"▪ {ProfileTable.Line(column)}");
        }

        foreach (var tried in found.Rules)
        {
            to.WriteLine(new Text("{0} {1}（{2}，把握 {3:P0}，支持 {4:P1}，{5} 行）：{6}", "{0} {1} ({2}, sure {3:P0}, support {4:P1} of {5} rows): {6}").With(
                tried.Applied ? "✓" : "·", tried.Found.Rule.Name, Words.Of(tried.Found.Rule.Dimension), tried.Found.Confidence, tried.Found.Support, tried.Found.Witnesses, tried.Found.Why));
        }

        foreach (var (line, fault) in grid.Faults)
        {
            to.WriteLine(new Text("第 {0} 行不能按原样读取：{1}（{2}）{3}", "line {0} cannot be read as it stands: {1} ({2}) {3}").With(line, fault.Reason, fault.Code, fault.Hint).ToString());
        }

        foreach (var cell in found.Cells)
        {
            to.WriteLine(Line(grid, cell).ToString());
        }

        to.WriteLine(Summary(grid, found).ToString());
    }

    public static Text Line(Grid grid, FlaggedCell cell)
    {
        var value = grid.Columns[cell.Flag.Column][cell.Flag.Row];
        var shown = value.Length == 0 ? new Text("（空）", "(empty)") : new Text($"“{value}”", $"“{value}”");
        var proposed = cell.Flag.Proposed is not { } right ? new Text("请核实", "please look it up")
            : right.Length == 0 ? new Text("建议留空", "should be empty") : new Text($"建议改为“{right}”", $"should be “{right}”");
        return new Text("第 {0} 行 {1}：{2} {3}，{4} [{5}]", "line {0}, {1}: {2} {3}; {4} [{5}]").With(grid.Lines[cell.Flag.Row], grid.Columns[cell.Flag.Column].Name, shown, cell.By.Rule.Reason, proposed, cell.By.Rule.Name);
    }

    public static Text Summary(Grid grid, Checked found) => new Text(
        "{0} 行 {1} 列，采用 {2} 条规则（另有 {3} 条把握不足），{4} 格有问题，{5} 格有改正建议，{6} 行不能按原样读取。",
        "{0} rows of {1} columns; {2} rules applied ({3} more are not sure enough); {4} cells flagged, {5} with a proposal; {6} rows cannot be read as they stand.").With(
        grid.Rows, grid.Columns.Count, found.Rules.Count(r => r.Applied), found.Rules.Count(r => !r.Applied), found.Cells.Count, found.Cells.Count(c => c.Flag.Proposed is not null), grid.Faulty);

    /// <summary>A rule's reason for being, for the comment in its file.</summary>
    public static string Note(Tried tried) => string.Create(CultureInfo.InvariantCulture, $"{tried.Found.Confidence:P0} · {tried.Found.Why}");
}
