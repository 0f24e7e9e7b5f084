using Lizhou.Kernel;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Lake.Tests;

public sealed class MaintenanceTests
{
    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Compaction_then_expiry_then_sweep_leaves_one_file_and_the_same_rows(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        for (var i = 0; i < 5; i++)
        {
            await lake.Append(table, (i, $"n{i}", i));
        }

        await lake.Lake.Buffer(table, [[9L, "buffered", 9m]], lake.Terms());
        await lake.Lake.Delete(table, new Condition.Compare("id", Comparison.Equal, 3L), lake.Terms());
        var before = await lake.Rows(table);
        var old = (await lake.Lake.Current()).Id;
        await lake.Lake.Flush(table, lake.Terms());
        await lake.Lake.Compact(table, new Compaction(), lake.Terms());
        (await lake.Rows(table)).ShouldBe(before);
        (await lake.Rows(table, old)).ShouldBe(before);

        lake.Clock.Advance(TimeSpan.FromDays(1));
        (await lake.Lake.Expire(lake.Clock.GetUtcNow())).Value.ShouldBeGreaterThan(5);
        (await lake.Lake.At(old)).ShouldBeNull();
        (await lake.Lake.Sweep(TimeSpan.FromHours(1))).Value.Expired.ShouldBe(0);
        lake.Clock.Advance(TimeSpan.FromHours(2));
        (await lake.Lake.Sweep(TimeSpan.FromHours(1))).Value.Expired.ShouldBe(6);

        Files(lake).Count.ShouldBe(1);
        (await lake.Rows(table)).ShouldBe(before);
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
        (await lake.Append(table, (20, "after", 1m))).RowsAdded.ShouldBe(1);
        (await lake.Lake.Buffer(table, [[21L, "again", 9m]], lake.Terms())).Refused.ShouldBeFalse();
        (await lake.Rows(table)).Length.ShouldBe(before.Length + 2);
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task A_dropped_table_is_readable_until_it_expires_and_then_leaves_nothing(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        var write = await lake.Append(table, (1, "a", 1m));
        await lake.Lake.Buffer(table, [[2L, "b", 2m]], lake.Terms());
        await lake.Lake.Drop(table, lake.Terms());

        (await lake.Lake.Find("landing", "人口")).ShouldBeNull();
        (await lake.Lake.Append(table, [], lake.Terms())).Problem!.Code.ShouldBe("LAK-001");
        (await lake.Rows(table, write.Snapshot)).ShouldBe(["1|a|1.00"]);

        lake.Clock.Advance(TimeSpan.FromDays(1));
        var other = await lake.Create();
        lake.Clock.Advance(TimeSpan.FromDays(1));
        await lake.Lake.Expire(lake.Clock.GetUtcNow());
        lake.Clock.Advance(TimeSpan.FromDays(1));
        await lake.Lake.Sweep(TimeSpan.FromHours(1));
        Files(lake).ShouldBeEmpty();
        (await lake.Rows(other)).ShouldBeEmpty();
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_nobody_named_is_swept_after_the_grace_and_not_before()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m));
        var orphan = await lake.Stage(table, (2, "b", 2m));
        foreach (var file in Files(lake))
        {
            File.SetLastWriteTimeUtc(file, lake.Clock.GetUtcNow().UtcDateTime);
        }

        (await lake.Lake.Sweep(TimeSpan.FromHours(1))).Value.Orphans.ShouldBe(0);
        lake.Clock.Advance(TimeSpan.FromHours(2));
        (await lake.Lake.Sweep(TimeSpan.FromHours(1))).Value.ShouldBe(new Swept(0, 1, orphan.Bytes));
        (await lake.Rows(table)).ShouldBe(["1|a|1.00"]);
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task Every_flipped_bit_in_a_file_is_found(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m), (2, "b", 2m));
        await lake.Lake.Delete(table, new Condition.Compare("id", Comparison.Equal, 1L), lake.Terms());
        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
        var random = new Random(7);
        foreach (var path in Files(lake))
        {
            for (var i = 0; i < 40; i++)
            {
                var whole = await File.ReadAllBytesAsync(path);
                var cut = (byte[])whole.Clone();
                cut[random.Next(cut.Length)] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(path, cut);
                (await lake.Lake.Verify()).Found.Select(d => Path.GetFileName(d.Where)).ShouldBe([Path.GetFileName(path)]);
                await File.WriteAllBytesAsync(path, whole);
            }
        }
    }

    [Theory, InlineData(StateKind.Sqlite), InlineData(StateKind.PostgreSql)]
    public async Task A_changed_added_or_removed_catalog_row_is_found(StateKind kind)
    {
        await using var lake = await TestLake.Open(kind);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m));
        await lake.Lake.Buffer(table, [[2L, "b", 2m]], lake.Terms());
        var buffer = $"ducklake_inlined_data_{table.Id}_1";
        string[] tamperings =
        [
            "UPDATE ducklake_data_file SET record_count = record_count + 1",
            "UPDATE ducklake_file_column_stats SET max_value = '0' WHERE column_id = 1",
            "UPDATE lake_file SET digest = 'x'",
            "UPDATE ducklake_snapshot_changes SET author = 'someone else'",
            "UPDATE ducklake_column SET column_name = 'other' WHERE column_id = 2",
            "DELETE FROM lake_write WHERE kind = 'append'",
            "INSERT INTO ducklake_schema_versions VALUES (0, 0, 77)",
            $"UPDATE {buffer} SET id = 3",
        ];
        foreach (var tampering in tamperings)
        {
            await using var connection = await lake.State.Open();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, tampering);
            (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
            var found = new List<Damage>();
            await VerifyLake.Catalog(connection, transaction, lake.State, new Catalog.SealKey(TestLake.SealKey), found, default);
            found.ShouldNotBeEmpty(tampering);
            await transaction.RollbackAsync();
        }

        (await lake.Lake.Verify()).Found.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bit_flipped_in_the_state_file_is_found_or_changes_no_row()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (1, "a", 1m));
        for (var i = 0; i < 80; i++)
        {
            await lake.Create($"table {i}"); // so that most of the file is rows
        }

        var folder = Path.Combine(lake.Folder, "copy");
        var copy = Path.Combine(folder, (await lake.Lake.Backup(folder)).Value.State);
        var whole = await File.ReadAllBytesAsync(copy);
        var before = await Dump(copy);
        var used = Enumerable.Range(0, whole.Length).Where(i => whole[i] != 0).ToArray(); // most of so small a file is empty pages
        var (random, found) = (new Random(3), 0);
        for (var i = 0; i < 100; i++)
        {
            var path = Path.Combine(folder, $"flipped{i}.db");
            var cut = (byte[])whole.Clone();
            cut[used[random.Next(used.Length)]] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, cut);
            if (await Damaged(path))
            {
                found++;
            }
            else
            {
                (await Dump(path)).ShouldBe(before, $"flip {i} went unnoticed and changed rows");
            }
        }

        found.ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task A_backup_taken_while_writing_restores_to_one_snapshot_and_grows_by_what_is_new()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (0, "first", 1m));
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 1; !done.IsCancellationRequested; i++)
            {
                await lake.Append(table, (i, "x", 1m));
            }
        });
        var folder = Path.Combine(lake.Folder, "backup");
        var first = (await lake.Lake.Backup(folder)).Value;
        var second = (await lake.Lake.Backup(folder, link: true)).Value;
        await done.CancelAsync();
        await writing;

        first.Copied.ShouldBe(first.Files);
        second.Copied.ShouldBe(second.Files - first.Files);
        var (place, state) = (Path.Combine(lake.Folder, "restored"), Path.Combine(lake.Folder, "restored.db"));
        (await Warehouse.Restore(folder, place, state, TestLake.SealKey, lake.Clock)).Value.ShouldBe(second);
        (await Warehouse.Restore(folder, place, state, TestLake.SealKey, lake.Clock)).Problem!.Code.ShouldBe("LAK-020");

        using var store = new StateStore(state);
        using var engine = new Engine(new EngineOptions([Warehouse.DataFolder(place)], Path.Combine(lake.Folder, "temp2")));
        await using var restored = await Warehouse.Open(store, engine, place, TestLake.SealKey, lake.Clock);
        (await restored.Current()).Id.ShouldBe(second.Snapshot);
        (await restored.Verify()).Found.ShouldBeEmpty();
        (await restored.Count((await restored.Find("landing", "人口"))!)).ShouldBe(second.Files);
    }

    [Fact]
    public async Task An_altered_backup_is_refused_whole()
    {
        await using var lake = await TestLake.Open(StateKind.Sqlite);
        var table = await lake.Create();
        await lake.Append(table, (0, "first", 1m));
        var folder = Path.Combine(lake.Folder, "backup");
        await lake.Lake.Backup(folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order())
        {
            var whole = await File.ReadAllBytesAsync(file);
            var cut = (byte[])whole.Clone();
            cut[cut.Length / 2] ^= 16;
            await File.WriteAllBytesAsync(file, cut);
            var place = Directory.CreateDirectory(Path.Combine(lake.Folder, $"r{Guid.CreateVersion7():N}")).FullName;
            (await Warehouse.Restore(folder, place, Path.Combine(place, "s.db"), TestLake.SealKey, lake.Clock)).Problem!.Code.ShouldBe("LAK-019", file);
            File.Exists(Path.Combine(place, "s.db")).ShouldBeFalse();
            await File.WriteAllBytesAsync(file, whole);
        }
    }

    private static async Task<bool> Damaged(string path)
    {
        try
        {
            using var state = new StateStore(path);
            await using var connection = await state.Open();
            await using var transaction = await connection.BeginTransactionAsync();
            var found = new List<Damage>();
            await VerifyLake.Catalog(connection, transaction, state, new Catalog.SealKey(TestLake.SealKey), found, default);
            return found.Count > 0;
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            return true; // not even opened
        }
    }

    /// <summary>Every sealed row as text.</summary>
    private static async Task<string> Dump(string path)
    {
        using var state = new StateStore(path);
        await using var connection = await state.Open();
        var read = new Catalog.CatalogRead(connection, null, StateKind.Sqlite);
        var text = new System.Text.StringBuilder();
        foreach (var table in Catalog.CatalogTables.All)
        {
            text.AppendJoin('\n', (await read.Rows(table, [], default)).Select(r => string.Join('|', r)).Order(StringComparer.Ordinal));
        }

        return text.ToString();
    }

    private static List<string> Files(TestLake lake) => [.. Directory.EnumerateFiles(Warehouse.DataFolder(lake.Folder), "*", SearchOption.AllDirectories)];
}
