// In: a query naming rows by provenance. Out: delete files for the data files they are in, whole files where nothing is left, and rows of the buffer; later, their withdrawal in the catalog.
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Writes;

/// <summary>Rows found, ready to be withdrawn.</summary>
internal sealed record Removal(IReadOnlyList<StagedDelete> Parts, IReadOnlyList<DataFile> Whole, IReadOnlyList<BufferedRow> Buffered)
{
    public static readonly Removal Nothing = new([], [], []);

    public long Rows => Parts.Sum(p => p.Count - (p.File.Deletes?.Count ?? 0)) + Whole.Sum(f => f.Live) + Buffered.Count;

    /// <param name="select">Yields <c>_file</c>, <c>_row</c>, <c>_row_id</c> of rows that <paramref name="plan"/> shows, each once.</param>
    /// <param name="newPath">A fresh path for a delete file.</param>
    public static Removal Find(Session session, ReadPlan plan, string select, object?[] arguments, Func<string> newPath)
    {
        var found = SqlText.Name($"found_{Guid.CreateVersion7():N}");
        session.Execute($"CREATE TEMP TABLE {found} AS {select}", arguments);
        try
        {
            var counts = session.Rows($"SELECT {Names.File}, count(*) FROM {found} WHERE {Names.File} IS NOT NULL GROUP BY ALL", r => (File: r.GetInt64(0), Rows: r.GetInt64(1)));
            var buffered = session.Rows($"SELECT {Names.RowId} FROM {found} WHERE {Names.File} IS NULL", r => r.GetInt64(0)).ToHashSet();
            var files = plan.Files.ToDictionary(f => f.Id);
            var (parts, whole) = (new List<StagedDelete>(), new List<DataFile>());
            foreach (var (id, rows) in counts)
            {
                if (rows == files[id].Live)
                {
                    whole.Add(files[id]);
                }
                else
                {
                    parts.Add(Part(session, plan, files[id], found, newPath()));
                }
            }

            return new Removal(parts, whole, [.. plan.Buffered.Where(b => buffered.Contains(b.RowId))]);
        }
        finally
        {
            session.Execute($"DROP TABLE {found}");
        }
    }

    /// <summary>Withdraws the rows in this write's snapshot.</summary>
    public async Task Apply(CatalogChange change, long table, CancellationToken stop)
    {
        foreach (var file in Whole)
        {
            await change.EndData(table, file, stop);
        }

        foreach (var part in Parts)
        {
            await change.AddDelete(table, part, stop);
        }

        await Buffers.End(change, table, Buffered, stop);
        await change.Count(table, -Buffered.Count, 0, stop);
        if (Whole.Count + Parts.Count > 0)
        {
            change.Did($"deleted_from_table:{table}");
        }

        if (Buffered.Count > 0)
        {
            change.Did($"inlined_delete:{table}");
        }
    }

    private static StagedDelete Part(Session session, ReadPlan plan, DataFile file, string found, string path)
    {
        var old = file.Deletes is null ? "" : $" UNION ALL SELECT pos FROM ({plan.Positions([file])})";
        return Staging.CopyPositions(
            session, file, Path.Combine(plan.Folder, file.Path), path, $"SELECT {Names.Row} AS pos FROM {found} WHERE {Names.File} = {file.Id}{old}", [])!;
    }
}
