// In: rows by batch, file and record. Out: the number of the batch, the file's name and the line, for which the file is read once more as far as the last of them.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

internal sealed class TellPlaces(StateStore state, Originals originals) : IRowPlaces
{
    /// <summary>Larger files, and records further down, are not read for a page.</summary>
    private const long MostBytes = 32 << 20;
    private const long MostRecords = 200_000;

    public async Task<IReadOnlyDictionary<RowOrigin, RowPlace>> Of(IReadOnlyCollection<RowOrigin> rows, CancellationToken stop)
    {
        var places = new Dictionary<RowOrigin, RowPlace>();
        await using var connection = await state.Open(stop);
        foreach (var batch in rows.GroupBy(r => r.Batch))
        {
            if (await BatchRows.Find(connection, null, batch.Key, stop) is not { } found)
            {
                continue;
            }

            var files = (await BatchRows.Files(connection, null, batch.Key, stop)).ToDictionary(f => f.Part);
            foreach (var part in batch.GroupBy(r => r.File))
            {
                var file = files.GetValueOrDefault(part.Key);
                var lines = file is null ? [] : Lines(file, part.Select(r => r.Record).ToHashSet(), stop);
                foreach (var row in part.Distinct())
                {
                    places[row] = new(found.Number, file?.Name ?? "", row.Record, lines.GetValueOrDefault(row.Record));
                }
            }
        }

        return places;
    }

    private Dictionary<long, long> Lines(BatchFile file, HashSet<long> records, CancellationToken stop)
    {
        var lines = new Dictionary<long, long>();
        var (path, last) = (originals.PathOf(file.Digest), records.Max());
        if (file.Shape is null || file.Bytes > MostBytes || last > MostRecords || !File.Exists(path))
        {
            return lines;
        }

        try
        {
            using var reader = RowReader.Open(path, FileShape.FromJson(file.Shape));
            foreach (var row in reader.Rows().TakeWhile(r => r.Number <= last))
            {
                stop.ThrowIfCancellationRequested();
                if (records.Contains(row.Number))
                {
                    lines[row.Number] = row.Line;
                }
            }
        }
        catch (ProblemException)
        {
            // A file that no longer reads as it did (Parquet here, which has no lines) tells no line; the record stands.
        }

        return lines;
    }
}
