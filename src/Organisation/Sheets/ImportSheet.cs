// In: a table of units, systems, posts or people in any spreadsheet or CSV. Out: what each row would do, with its line and reasons where it is wrong; then, all or nothing, the entries.
// Refuses a file without the columns, and every file with one wrong row.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Organisation.Sheets;

internal sealed class ImportSheet(OrganisationDb db, IPersonAccounts accounts, ILedger ledger, TimeProvider clock)
{
    private const int MostRows = 20_000;

    /// <param name="LeftOut">Lines under the table that are no rows of it (a date, a remark), as they stand; a row of one cell alone is taken for such a line.</param>
    internal sealed record Outcome(bool Done, int Added, int Changed, int Same, IReadOnlyList<ImportRow> Rows, IReadOnlyList<string> LeftOut);

    internal static async Task<Results<Ok<Outcome>, ProblemHttpResult>> Handle(
        Sheet sheet, IFormFile file, bool preview, ImportSheet import, Settings settings, ClaimsPrincipal user, CancellationToken stop)
    {
        await using var body = file.OpenReadStream();
        var path = await KeptUpload.Keep(sheet.Noun, body, settings, stop);
        try
        {
            var outcome = await import.Run(sheet, path, preview, Actor.From(user)!, stop);
            return outcome.Refused ? outcome.Problem!.Called(Path.GetFileName(path), file.FileName).ToHttp() : TypedResults.Ok(outcome.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Looking and taking are one and the same, but for the last step: what the preview shows is what happens.</summary>
    public async Task<Result<Outcome>> Run(Sheet sheet, string path, bool preview, Actor actor, CancellationToken stop)
    {
        var lines = Lines(sheet, path);
        if (lines.Refused)
        {
            return lines.Problem!;
        }

        var rows = await sheet.Apply(lines.Value.Rows, db, await accounts.Administrators(stop), actor, clock, stop);
        var good = rows.Where(r => r.Wrong.Count == 0).ToList();
        Outcome outcome = new(!preview, good.Count(r => r.New), good.Count(r => r is { New: false, Same: false }), good.Count(r => r.Same), rows, lines.Value.LeftOut);
        if (preview)
        {
            db.ChangeTracker.Clear();
            return outcome;
        }

        if (good.Count < rows.Count)
        {
            db.ChangeTracker.Clear();
            return Problems.BadRows.With(rows.Count - good.Count);
        }

        return await db.Commit(ledger, actor, new($"{sheet.Noun}.imported", sheet.Noun, "done", new { outcome.Added, outcome.Changed }), stop) is { } late ? late : outcome;
    }

    private static Result<(IReadOnlyList<SheetLine> Rows, IReadOnlyList<string> LeftOut)> Lines(Sheet sheet, string path)
    {
        var inspected = Inspector.Inspect(path);
        if (inspected.Refused)
        {
            return inspected.Problem!;
        }

        var table = inspected.Value.Tables[0];
        if (table.Problem is { } unreadable)
        {
            return unreadable;
        }

        var at = sheet.Columns.Select(c => table.Shape.Columns.ToList().FindIndex(h => h.Name.Trim() == c.Name.Zh || h.Name.Trim() == c.Name.En)).ToArray();
        if (sheet.Columns.Zip(at).FirstOrDefault(c => c.First.Needed && c.Second < 0) is { First.Needed: true } missing)
        {
            return Problems.NoTable.With(missing.First.Name);
        }

        List<SheetLine> rows = [];
        var has = Array.ConvertAll(at, i => i >= 0);
        using var reader = RowReader.Open(path, table.Shape);
        foreach (var row in reader.Rows().Where(r => r.Cells.Any(c => !string.IsNullOrWhiteSpace(c))))
        {
            if (rows.Count == MostRows)
            {
                return Problems.TooMany.With(MostRows);
            }

            rows.Add(new(row.Line, [.. at.Select(i => i >= 0 && i < row.Cells.Count ? row.Cells[i] : null)], has));
        }

        return (rows, reader.Notes);
    }
}
