// In: a code list, a version and a format. Out: its lines as a spreadsheet, CSV or JSON, as the import reads them again. Leaves evidence.
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tabular.Writers;

namespace Lizhou.Standards.Lists;

internal static class ExportCodes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="version">Null for the one lists show.</param>
    /// <param name="day">Only what is in force that day; null for every line.</param>
    public static async Task<Result<(ListFile File, string Name)>> Run(
        Register register, ILedger ledger, string list, int? version, DateOnly? day, string? format, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.CodeList, list, stop) is not { } standard)
        {
            return Problems.NotFound.With(list);
        }

        var number = version ?? standard.Shown;
        List<CodeRow> rows = [.. (await register.Codes(standard, number, stop)).Select(CodeRow.Of).Where(r => day is null || r.Holds(day.Value))];
        await ledger.Append(actor, new("code-list.exported", list, "done", new { version = number, lines = rows.Count, format }), stop);
        return (Of(format, standard.Name, ImportCodes.Columns, rows.Select(ImportCodes.Cells), () => JsonSerializer.SerializeToUtf8Bytes(rows, Json)), $"{list}_v{number}");
    }

    public static ListFile Of(string? format, string title, IReadOnlyList<TableColumn> columns, IEnumerable<string?[]> rows, Func<byte[]> json) => format == "json"
        ? new(json(), "application/json", ".json")
        : ListFile.Of(format, title, [.. columns.Select(c => (c.Name.ToString(), c.Width))], rows);
}
