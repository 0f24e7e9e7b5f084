// In: an empty catalog. Out: the first snapshot, as the specification wants it. A catalog that has one is left alone.
using Lizhou.Kernel;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Catalog;

internal static class FoundLake
{
    public static async Task Run(StateStore state, SealKey key, string data, TimeProvider clock, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await connection.Scalar(transaction, $"SELECT 1 FROM ducklake_snapshot LIMIT 1", stop) is not null)
        {
            return;
        }

        var now = CatalogTable.Truncate(clock.GetUtcNow());
        var change = new CatalogChange(connection, transaction, state.Kind, key, new Head(-1, 0, 1, 0), now);
        await change.InsertMany(
            Metadata,
            [
                ["version", "1.0", null, null],
                ["created_by", "Lizhou", null, null],
                ["data_path", data + "/", null, null],
                ["encrypted", "false", null, null],
            ],
            stop);
        await change.Insert(CatalogTables.Snapshot, [0L, now, 0L, 1L, 0L], stop);
        await change.Insert(Changes, [0L, "created_schema:\"main\"", null, null, null], stop);
        await change.Insert(CatalogTables.Schema, [0L, Guid.CreateVersion7(now), 0L, null, "main", "main/", true], stop);
        await change.Insert(SchemaVersions, [0L, 0L, null], stop);
        await change.Close(stop);
        await transaction.CommitAsync(stop);
    }
}
