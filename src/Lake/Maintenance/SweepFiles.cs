// In: a time of grace. Out: files that expiry listed and files nobody ever named are deleted, once older than the grace.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Maintenance;

/// <summary>What a sweep removed.</summary>
/// <param name="Expired">Files only expired snapshots showed.</param>
/// <param name="Orphans">Files no write ever named, left by writes that failed.</param>
public sealed record Swept(long Expired, long Orphans, long Bytes);

internal static class SweepFiles
{
    private const int Step = 200;

    public static async Task<Result<Swept>> Run(Warehouse lake, DateTimeOffset before, CancellationToken stop)
    {
        long expired = 0, orphans = 0, bytes = 0;
        var listed = await lake.Look(read => read.Rows(Scheduled, [("schedule_start", CatalogTable.Truncate(before), "<=")], stop), stop);
        foreach (var chunk in listed.Chunk(Step))
        {
            foreach (var file in chunk)
            {
                bytes += Delete(Path.Combine(lake.Staging.Root, (string)file[1]!));
                expired++;
            }

            // The rows go last: a crash before this only deletes again what is gone.
            var done = await lake.Commit<long>(async change =>
            {
                foreach (var file in chunk)
                {
                    await change.Delete(Scheduled, [("data_file_id", file[0]), ("path", file[1])], stop);
                }

                return chunk.Length;
            }, stop);
            if (done.Refused)
            {
                return done.Problem!;
            }
        }

        foreach (var chunk in Old(lake.Staging.Root, before).Chunk(Step))
        {
            var named = await lake.Look(read => Named(read, chunk, lake.Staging.Root, stop), stop);
            foreach (var path in chunk.Where(p => !named.Contains(p)))
            {
                bytes += Delete(path);
                orphans++;
            }
        }

        return new Swept(expired, orphans, bytes);
    }

    private static IEnumerable<string> Old(string root, DateTimeOffset before) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(p => File.GetLastWriteTimeUtc(p) <= before.UtcDateTime);

    private static async Task<HashSet<string>> Named(CatalogRead read, string[] paths, string root, CancellationToken stop)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var (file, relative) = (Path.GetFileName(path), Path.GetRelativePath(root, path));
            var found = await read.Scalar($"""
                SELECT 1 FROM ducklake_data_file WHERE path = {file}
                UNION ALL SELECT 1 FROM ducklake_delete_file WHERE path = {file}
                UNION ALL SELECT 1 FROM ducklake_files_scheduled_for_deletion WHERE path = {relative}
                """, stop);
            if (found is not null)
            {
                named.Add(path);
            }
        }

        return named;
    }

    private static long Delete(string path)
    {
        var file = new FileInfo(path);
        var length = file.Exists ? file.Length : 0;
        if (file.Exists)
        {
            file.Delete();
        }

        return length;
    }
}
