// In: a table of codes in any spreadsheet, CSV or JSON. Out: what the list would become, with the faults line by line; then, all or nothing, a draft that holds exactly these lines.
// Refuses a file without the columns, and every file with one wrong line.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Standards.Lists;

internal static class ImportCodes
{
    public const string Noun = "codes";

    public static readonly IReadOnlyList<TableColumn> Columns =
    [
        new("code", new("代码", "Code"), 16, true), new("name", new("名称", "Name"), 30, true), new("nameEn", new("英文名称", "English name"), 30), new("parent", new("上级代码", "Code above"), 16),
        new("from", new("生效日期", "From"), 14), new("until", new("失效日期", "Until"), 14), new("note", new("说明", "Note"), 40),
    ];

    /// <param name="Changes">Against the version in force, or the draft where none is.</param>
    internal sealed record Outcome(bool Done, int Lines, IReadOnlyList<CodeChange> Changes, IReadOnlyList<CodeFault> Faults);

    /// <summary>Looking and taking are one and the same, but for the last step: what the preview shows is what happens.</summary>
    public static async Task<Result<Outcome>> Run(Register register, string list, string path, bool preview, Actor actor, CancellationToken stop)
    {
        if (await register.Refusal(StandardKind.CodeList, list, actor, stop) is { } refused)
        {
            return refused;
        }

        if (await register.Find(StandardKind.CodeList, list, stop) is not { } standard)
        {
            return Problems.NotFound.With(list);
        }

        var read = ReadTable.Run(path, Columns, CodeChecks.MostCodes);
        if (read.Refused)
        {
            return read.Problem!;
        }

        List<CodeFault> faults = [];
        var rows = read.Value.Select(r => Row(r, faults)).ToList();
        faults.AddRange(CodeChecks.Faults(rows, [.. read.Value.Select(r => r.Line)]));
        List<CodeRow> before = [.. (await register.Codes(standard, standard.Shown, stop)).Select(CodeRow.Of)];
        Outcome outcome = new(!preview && faults.Count == 0, rows.Count, Compare.Versions(before, rows), [.. faults.OrderBy(f => f.Line)]);
        if (preview)
        {
            return outcome;
        }

        if (faults.Count > 0)
        {
            return Problems.CodesFaulty.With(faults.Count, outcome.Faults[0].Shown);
        }

        var body = (await register.Body<ListBody>(standard, standard.Draft ?? standard.Shown, stop))!;
        var drafted = await register.Draft(StandardKind.CodeList, list, body.Name, body, rows, null, fresh: false, actor, stop);
        return drafted.Refused ? drafted.Problem!
            : await register.Commit(actor, new("code-list.imported", list, "done", new { version = drafted.Value.Draft, lines = rows.Count }), stop) is { } late ? late : outcome;
    }

    public static string?[] Cells(CodeRow row) => [row.Code, row.Name, row.NameEn, row.Parent, Day(row.From), Day(row.Until), row.Note];

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static CodeRow Row(TableRow row, List<CodeFault> faults)
    {
        DateOnly? Date(int at)
        {
            if (row[at] is not { } cell)
            {
                return null;
            }

            if (DateOnly.TryParseExact(cell, ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || (DateTime.TryParseExact(cell, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) && (day = DateOnly.FromDateTime(moment)) == day))
            {
                return day;
            }

            faults.Add(new(row.Line, row[0], new Text("{0}“{1}”应如 2026-03-01", "{0} {1} should look like 2026-03-01").With(Columns[at].Name, cell)));
            return null;
        }

        return new CodeRow(row[0] ?? "", row[1] ?? "", row[2], row[3], Date(4), Date(5), row[6]).Tidy();
    }
}
