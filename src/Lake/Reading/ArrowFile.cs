// In: a query of the house. Out: an Arrow IPC stream of it in a file, batch by batch as the engine yields them; no row is ever boxed.
using Apache.Arrow.Ipc;

namespace Lizhou.Lake.Reading;

internal static class ArrowFile
{
    public static long Write(Session session, string sql, object?[] arguments, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17);
        var rows = 0L;
        session.Batches(
            sql,
            stream =>
            {
                using var to = new ArrowStreamWriter(file, stream.Schema, leaveOpen: true);
                to.WriteStart();
                while (stream.ReadNextRecordBatchAsync(session.Stop).AsTask().GetAwaiter().GetResult() is { } batch)
                {
                    using (batch)
                    {
                        rows += batch.Length;
                        to.WriteRecordBatch(batch);
                    }
                }

                to.WriteEnd();
            },
            arguments);
        return rows;
    }
}
