// In: the spreadsheet of rejected rows, or rows edited on their page, mended. Out: a batch of kind replay that loads these records alone; those that pass are mended in their batch.
// Cells that were shown masked and not changed get their original value back. Refuses rows of other batches, settled or doubled ones, and added rows.
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Rejects;

internal sealed class ReplayRejects(Settings settings, ShowBatch show, ReadRejects read, Originals originals, IntakeBatch intake, TimeProvider clock)
{
    internal static async Task<Results<Accepted<BatchView>, ProblemHttpResult>> Handle(
        string batch, HttpContext http, ReplayRejects replay, ShowBatch show, Originals originals, CancellationToken stop)
    {
        var actor = Actor.From(http.User)!;
        var upload = await ReceiveFiles.Read(http, originals, _ => show.Find(batch, actor, stop), stop);
        if (upload.Refused)
        {
            return upload.Problem!.ToHttp();
        }

        var (name, original) = upload.Value.Files[0];
        var taken = await replay.Run(batch, name, original, actor, stop);
        return taken.Refused ? taken.Problem!.ToHttp() : TypedResults.Accepted($"/api/v1/batches/{taken.Value.Number}", BatchView.Of(taken.Value));
    }

    public async Task<Result<Batch>> Run(string name, string file, Original original, Actor actor, CancellationToken stop)
    {
        var found = await Standing(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var path = originals.PathOf(original.Digest);
        var sheet = Sheet(path);
        if (sheet.Refused)
        {
            return sheet.Problem!.Called(original.Digest, file);
        }

        return sheet.Value is { } shape
            ? await Send(found.Value, file, (items, states) => Rows(path, shape, items, found.Value, states), actor, stop)
            : Problems.NoRejectNumbers.With(file);
    }

    /// <summary>Rows as they were edited on the page.</summary>
    /// <param name="edited">By row, the new text of each cell that was changed, by its place; a row without any is sent as it is.</param>
    public async Task<Result<Batch>> Edited(string name, IReadOnlyDictionary<long, IReadOnlyDictionary<int, string>> edited, Actor actor, CancellationToken stop)
    {
        var found = await Standing(name, actor, stop);
        return found.Refused ? found : await Send(found.Value, $"页面改正_{found.Value.Number}.csv", (items, states) => Rows(found.Value, edited, items, states, actor), actor, stop);
    }

    /// <summary>A batch that stands and has rejected rows.</summary>
    private async Task<Result<Batch>> Standing(string name, Actor actor, CancellationToken stop)
    {
        var found = await show.Find(name, actor, stop);
        return found.Refused ? found
            : found.Value.State != BatchState.Landed ? Problems.ReplayOfUndone.With(found.Value.Number)
            : found.Value.RejectDigest is null ? Problems.NoRejects.With(found.Value.Number)
            : found;
    }

    private async Task<Result<Batch>> Send(Batch batch, string file, Func<IReadOnlyList<ItemCard>, RejectStates, Result<List<MendedRow>>> read, Actor actor, CancellationToken stop)
    {
        var order = DateOrders.OfAll((await show.Detail(batch, stop)).Files);
        var mended = await Mended(batch, read, actor, stop);
        return mended.Refused
            ? mended.Problem!
            : await intake.Take(
                new(batch.Code, [new(file, mended.Value.Original, order is null ? FileHints.None : new(Hints: new() { DayFirst = order }))])
                {
                    Parent = batch.Id, Mends = mended.Value.Seqs, Drift = DriftPolicy.Ignore, Source = batch.Source, SourceName = batch.SourceName,
                },
                actor, stop);
    }

    /// <param name="Whole">False: it could not be read as the sheet's.</param>
    private sealed record MendedRow(long Seq, IReadOnlyList<string?> Cells, bool Whole);

    /// <summary>The table with the column of numbers; null when there is none.</summary>
    private static Result<FileShape?> Sheet(string path)
    {
        var inspected = Inspector.Inspect(path);
        return inspected.Refused
            ? inspected.Problem!
            : inspected.Value.Tables.Where(t => t.Problem is null && t.Shape.Columns.Any(c => RejectSheet.IsNumber(c.Name))).Select(t => t.Shape).FirstOrDefault();
    }

    /// <summary>The mended rows as a file of their own, kept like any other that came in.</summary>
    private async Task<Result<(Original Original, List<long> Seqs)>> Mended(Batch batch, Func<IReadOnlyList<ItemCard>, RejectStates, Result<List<MendedRow>>> sent, Actor actor, CancellationToken stop)
    {
        var rejects = RejectFile.PathOf(settings, batch.Id);
        var (items, _, states) = await read.About(batch, rejects, stop);
        var rows = sent(items, states);
        if (rows.Refused)
        {
            return rows.Problem!;
        }

        var seqs = new List<long>();
        Directory.CreateDirectory(settings.Work);
        await using var csv = new FileStream(
            Path.Combine(settings.Work, $"mended-{Guid.CreateVersion7(clock.GetUtcNow()):N}.csv"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        using (var writer = new CsvWriter(csv))
        {
            writer.Write(items.Select(i => i.Name));
            foreach (var (before, now) in RejectPage.Fetch(rejects, rows.Value.Select(r => r.Seq)).Zip(rows.Value))
            {
                if (now.Whole && !Untouched(batch, before, now.Cells, items, actor))
                {
                    seqs.Add(now.Seq);
                    Write(before, now.Cells);
                }
            }

            void Write(Reject before, IReadOnlyList<string?> cells) => writer.Write(cells.Select((cell, i) => Unmasked(batch, before, i, cell, items, actor)));
        }

        if (seqs.Count == 0)
        {
            return Problems.NothingMended.With(batch.Number);
        }

        csv.Position = 0;
        var kept = await originals.Keep(csv, stop);
        return kept.Refused ? kept.Problem! : (kept.Value, seqs);
    }

    /// <summary>The rejected rows as they are shown, with the edited cells over them; a cell that is not shown as it is stays.</summary>
    private Result<List<MendedRow>> Rows(Batch batch, IReadOnlyDictionary<long, IReadOnlyDictionary<int, string>> edited, IReadOnlyList<ItemCard> items, RejectStates states, Actor actor)
    {
        if (edited.Keys.FirstOrDefault(s => s < 0 || s >= states.Count, -1) is >= 0 and var stranger)
        {
            return Problems.ForeignReject.With(stranger + 1, $"{batch.Number}#{stranger + 1}", batch.Number);
        }

        if (edited.Keys.FirstOrDefault(s => states[s] != RejectState.Open, -1) is >= 0 and var settled)
        {
            return Problems.SettledReject.With(settled + 1, $"{batch.Number}#{settled + 1}");
        }

        var rows = new List<MendedRow>();
        foreach (var before in RejectPage.Fetch(RejectFile.PathOf(settings, batch.Id), edited.Keys.Order()))
        {
            var shown = read.Shown(batch, before, items, [], states, actor);
            var changes = edited[before.Seq];
            rows.Add(new(before.Seq, [.. items.Select((_, i) => changes.TryGetValue(i, out var now) && (i >= shown.Clear.Count || shown.Clear[i]) ? now : shown.Cells.ElementAtOrDefault(i))],
                // Where the cells of a row are not those of the items, a masked one could not be put back.
                before.Cells.Count == items.Count || shown.Clear.All(c => c)));
        }

        return rows.Count > 0 ? rows : Problems.NothingMended.With(batch.Number);
    }

    /// <returns>The numbers and cells; a row that could not be read as the sheet's is not whole.</returns>
    private static Result<List<MendedRow>> Rows(string path, FileShape shape, IReadOnlyList<ItemCard> items, Batch batch, RejectStates states)
    {
        var headers = shape.Columns.Select(c => MapColumns.Plain(c.Name)).ToList();
        var at = headers.FindIndex(h => RejectSheet.IsNumber(h));
        var order = items.Select(i => headers.IndexOf(MapColumns.Plain(i.Name))).ToList();
        var (rows, seen) = (new List<MendedRow>(), new HashSet<long>());
        using var reader = RowReader.Open(path, shape);
        foreach (var row in reader.Rows())
        {
            var number = row.Cells.ElementAtOrDefault(at) ?? "";
            if (!number.StartsWith(batch.Number + "#", StringComparison.Ordinal)
                || !long.TryParse(number.AsSpan(batch.Number.Length + 1), out var seq) || seq < 1 || seq > states.Count)
            {
                return Problems.ForeignReject.With(row.Line, number, batch.Number);
            }

            if (states[seq - 1] != RejectState.Open)
            {
                return Problems.SettledReject.With(row.Line, number);
            }

            if (!seen.Add(seq))
            {
                return Problems.TwiceReject.With(number);
            }

            rows.Add(new(seq - 1, [.. order.Select(o => o < 0 ? null : row.Cells.ElementAtOrDefault(o))], row.Fault is null));
        }

        return rows.Count > 0 ? rows : Problems.NoFile;
    }

    /// <summary>A row that was at fault as a whole (a cell too few or too many, a quote left open) and comes back as it was shown. In the sheet its cells stand
    /// under headers, so that it would pass for a good row with the wrong values: it stays open.</summary>
    private bool Untouched(Batch batch, Reject before, IReadOnlyList<string?> now, IReadOnlyList<ItemCard> items, Actor actor) =>
        before.Faults.Any(f => f.Item is null)
        && now.Index().All(c => Plain(c.Item) == Plain(c.Index < before.Cells.Count ? read.Cell(items, c.Index, before.Cells.Count, before.Cells[c.Index], actor, batch.Unit) : null));

    private static string Plain(string? cell) => (cell ?? "").Trim();

    private string? Unmasked(Batch batch, Reject before, int at, string? cell, IReadOnlyList<ItemCard> items, Actor actor)
    {
        var original = before.Cells.ElementAtOrDefault(at);
        return before.Cells.Count == items.Count && cell == read.Cell(items, at, items.Count, original, actor, batch.Unit) ? original : cell;
    }
}
