// In: the spreadsheet of rejected rows, mended. Out: a batch of kind replay that loads these records alone; those that pass are mended in their batch.
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
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        var batch = found.Value;
        if (batch.State != BatchState.Landed)
        {
            return Problems.ReplayOfUndone.With(batch.Number);
        }

        if (batch.RejectDigest is null)
        {
            return Problems.NoRejects.With(batch.Number);
        }

        var sheet = Sheet(originals.PathOf(original.Digest));
        if (sheet.Refused)
        {
            return sheet.Problem!;
        }

        if (sheet.Value is not { } shape)
        {
            return Problems.NoRejectNumbers.With(file);
        }

        var mended = await Mended(batch, originals.PathOf(original.Digest), shape, actor, stop);
        return mended.Refused
            ? mended.Problem!
            : await intake.Take(
                new(batch.Code, [new(file, mended.Value.Original, FileHints.None)])
                {
                    Parent = batch.Id, Mends = mended.Value.Seqs, Drift = DriftPolicy.Ignore, Source = batch.Source, SourceName = batch.SourceName,
                },
                actor, stop);
    }

    /// <summary>The table with the column of numbers; null when there is none.</summary>
    private static Result<FileShape?> Sheet(string path)
    {
        var inspected = Inspector.Inspect(path);
        return inspected.Refused
            ? inspected.Problem!
            : inspected.Value.Tables.Where(t => t.Problem is null && t.Shape.Columns.Any(c => RejectSheet.IsNumber(c.Name))).Select(t => t.Shape).FirstOrDefault();
    }

    /// <summary>The mended rows as a file of their own, kept like any other that came in.</summary>
    private async Task<Result<(Original Original, List<long> Seqs)>> Mended(Batch batch, string path, FileShape shape, Actor actor, CancellationToken stop)
    {
        var rejects = RejectFile.PathOf(settings, batch.Id);
        var (items, _, states) = await read.About(batch, rejects, stop);
        var rows = Rows(path, shape, items, batch, states);
        if (rows.Refused)
        {
            return rows.Problem!;
        }

        Directory.CreateDirectory(settings.Work);
        await using var csv = new FileStream(
            Path.Combine(settings.Work, $"mended-{Guid.CreateVersion7(clock.GetUtcNow()):N}.csv"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        using (var writer = new CsvWriter(csv))
        {
            writer.Write(items.Select(i => i.Name));
            foreach (var (before, now) in RejectPage.Fetch(rejects, rows.Value.Select(r => r.Seq)).Zip(rows.Value))
            {
                writer.Write(now.Cells.Select((cell, i) => Unmasked(batch, before, i, cell, items, actor)));
            }
        }

        csv.Position = 0;
        var kept = await originals.Keep(csv, stop);
        return kept.Refused ? kept.Problem! : (kept.Value, rows.Value.ConvertAll(r => r.Seq));
    }

    private static Result<List<(long Seq, IReadOnlyList<string?> Cells)>> Rows(string path, FileShape shape, IReadOnlyList<ItemCard> items, Batch batch, RejectStates states)
    {
        var headers = shape.Columns.Select(c => MapColumns.Plain(c.Name)).ToList();
        var at = headers.FindIndex(h => RejectSheet.IsNumber(h));
        var order = items.Select(i => headers.IndexOf(MapColumns.Plain(i.Name))).ToList();
        var (rows, seen) = (new List<(long, IReadOnlyList<string?>)>(), new HashSet<long>());
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

            rows.Add((seq - 1, [.. order.Select(o => o < 0 ? null : row.Cells.ElementAtOrDefault(o))]));
        }

        return rows.Count > 0 ? rows : Problems.NoFile;
    }

    private string? Unmasked(Batch batch, Reject before, int at, string? cell, IReadOnlyList<ItemCard> items, Actor actor)
    {
        var original = before.Cells.ElementAtOrDefault(at);
        return before.Cells.Count == items.Count && cell == read.Cell(items, at, items.Count, original, actor, batch.Unit) ? original : cell;
    }
}
