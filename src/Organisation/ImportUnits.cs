// In: a table of units in any spreadsheet or CSV. Out: what each row would do, with its line and reasons where it is wrong; then, all or nothing, the units.
// Refuses a file without the columns, and every file with one wrong row.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

/// <summary>One row of the file.</summary>
/// <param name="Line">Row of the sheet or line of the file, from 1.</param>
/// <param name="New">Whether the code is new; else the unit that has it is changed.</param>
/// <param name="Wrong">Why it cannot be taken; empty when it can.</param>
internal sealed record ImportRow(long Line, string? Name, string? Code, string? Kind, string? Parent, bool New, IReadOnlyList<Text> Wrong);

internal sealed class ImportUnits(OrganisationDb db, ILedger ledger, TimeProvider clock)
{
    private const int MostRows = 20_000;

    internal sealed record Outcome(bool Done, int Added, int Changed, IReadOnlyList<ImportRow> Rows);

    private sealed record Read(ImportRow Row, SaveUnit.Request Ask);

    internal static async Task<Results<Ok<Outcome>, ProblemHttpResult>> Handle(
        IFormFile file, bool? preview, ImportUnits import, Settings settings, ClaimsPrincipal user, CancellationToken stop)
    {
        var path = await Keep(file, settings, stop);
        try
        {
            var outcome = preview == true ? await import.Preview(path, stop) : await import.Run(path, Actor.From(user)!, stop);
            return outcome.Refused ? outcome.Problem!.ToHttp() : TypedResults.Ok(outcome.Value);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The upload as a file of its own in the work folder, which is swept at start.</summary>
    internal static async Task<string> Keep(IFormFile file, Settings settings, CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Work);
        var path = Path.Combine(settings.Work, "units-" + Path.GetRandomFileName());
        await using var to = File.Create(path);
        await file.CopyToAsync(to, stop);
        return path;
    }

    public async Task<Result<Outcome>> Preview(string path, CancellationToken stop)
    {
        var read = await Judge(path, stop);
        return read.Refused ? read.Problem! : Sum(read.Value, done: false);
    }

    public async Task<Result<Outcome>> Run(string path, Actor actor, CancellationToken stop)
    {
        var read = await Judge(path, stop);
        if (read.Refused)
        {
            return read.Problem!;
        }

        if (read.Value.Count(r => r.Row.Wrong.Count > 0) is > 0 and var bad)
        {
            return Problems.BadRows.With(bad);
        }

        var outcome = Sum(read.Value, done: true);
        await Write(read.Value, stop);
        return await db.Commit(ledger, actor, new("units.imported", "units", "done", new { outcome.Added, outcome.Changed }), stop) is { } late ? late : outcome;
    }

    private static Outcome Sum(IReadOnlyList<Read> read, bool done) =>
        new(done, read.Count(r => r.Row is { New: true, Wrong.Count: 0 }), read.Count(r => r.Row is { New: false, Wrong.Count: 0 }), [.. read.Select(r => r.Row)]);

    private async Task Write(IReadOnlyList<Read> read, CancellationToken stop)
    {
        var units = await db.Units.ToDictionaryAsync(u => u.Code, stop);
        foreach (var code in read.Select(r => r.Row.Code!).Where(c => !units.ContainsKey(c)))
        {
            units[code] = new Unit { Id = Guid.CreateVersion7(clock.GetUtcNow()), Code = code };
            db.Units.Add(units[code]);
        }

        foreach (var (row, ask) in read)
        {
            SaveUnit.Fill(units[row.Code!], ask with { Parent = string.IsNullOrEmpty(row.Parent) ? null : units[row.Parent].Id });
            db.Touch(units[row.Code!], null, clock);
        }
    }

    private async Task<Result<IReadOnlyList<Read>>> Judge(string path, CancellationToken stop)
    {
        var cells = Cells(path);
        if (cells.Refused)
        {
            return cells.Problem!;
        }

        var known = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Code, u => u.Parent, stop);
        var inFile = cells.Value.GroupBy(c => Upper(c.Cells[1]), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var above = cells.Value.Where(c => Upper(c.Cells[1]).Length > 0).GroupBy(c => Upper(c.Cells[1])).ToDictionary(g => g.Key, g => Upper(g.First().Cells[3]), StringComparer.Ordinal);
        return cells.Value.Select(c => One(c.Line, c.Cells, known.ContainsKey, inFile, above)).ToList();
    }

    // The decision about one row: pure, so that every reason can be tested.
    private static Read One(long line, string?[] cells, Func<string, bool> known, Dictionary<string, int> inFile, Dictionary<string, string> above)
    {
        var (name, code, kind, parent) = (cells[0]?.Trim(), Upper(cells[1]), UnitKinds.Read(cells[2]), Upper(cells[3]));
        SaveUnit.Request ask = new(name, code, kind ?? UnitKind.Other, null, cells[4], cells[5]);
        List<Text> wrong = [.. ask.Check().Select(f => f.What)];
        if (kind is null)
        {
            wrong.Add(new($"机构类型“{cells[2]}”无法识别。", $"The kind {cells[2]} is not known."));
        }

        if (code.Length == 18 && !SaveUnit.Passes(code) && string.IsNullOrWhiteSpace(cells[5]))
        {
            wrong.Add(Problems.BadCode.With(code).What);
        }

        if (code.Length > 0 && inFile[code] > 1)
        {
            wrong.Add(new($"代码 {code} 在文件中出现 {inFile[code]} 次。", $"The code {code} stands {inFile[code]} times in the file."));
        }

        if (parent.Length > 0 && !known(parent) && !inFile.ContainsKey(parent))
        {
            wrong.Add(new($"上级机构 {parent} 既不在系统中，也不在文件中。", $"The unit above, {parent}, is neither known nor in the file."));
        }

        if (IsCircle(code, above))
        {
            wrong.Add(Problems.Circle.What);
        }

        return new(new ImportRow(line, name, code, cells[2], parent, !known(code), wrong), ask);
    }

    private static bool IsCircle(string code, Dictionary<string, string> above)
    {
        var at = code;
        for (var steps = 0; steps <= above.Count && above.TryGetValue(at, out var next) && next.Length > 0; steps++)
        {
            at = next;
            if (at == code)
            {
                return true;
            }
        }

        return false;
    }

    private static Result<IReadOnlyList<(long Line, string?[] Cells)>> Cells(string path)
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

        var at = ExportUnits.Columns.Select(c => table.Shape.Columns.ToList().FindIndex(h => h.Name.Trim() == c.Zh || h.Name.Trim() == c.En)).ToArray();
        if (Array.FindIndex(at, 0, 2, i => i < 0) is >= 0 and var missing)
        {
            return Problems.NoTable.With(ExportUnits.Columns[missing]);
        }

        List<(long, string?[])> rows = [];
        using var reader = RowReader.Open(path, table.Shape);
        foreach (var row in reader.Rows().Where(r => r.Cells.Any(c => !string.IsNullOrWhiteSpace(c))))
        {
            if (rows.Count == MostRows)
            {
                return Problems.TooMany.With(MostRows);
            }

            rows.Add((row.Line, [.. at.Select(i => i >= 0 && i < row.Cells.Count ? row.Cells[i] : null)]));
        }

        return rows;
    }

    private static string Upper(string? cell) => (cell ?? "").Trim().ToUpperInvariant();
}
