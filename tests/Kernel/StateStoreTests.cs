using System.Data.Common;

namespace Lizhou.Kernel.Tests;

public sealed class StateStoreTests
{
    [Fact]
    public async Task Every_opening_commits_with_a_full_flush_also_one_from_the_pool()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        for (var opening = 0; opening < 3; opening++)
        {
            await using var one = await state.State.Open();
            await using var two = await state.State.Open();
            foreach (var connection in new[] { one, two })
            {
                Convert.ToInt64(await connection.Scalar(null, $"PRAGMA synchronous")).ShouldBe(2);
                Convert.ToInt64(await connection.Scalar(null, $"PRAGMA busy_timeout")).ShouldBe(5000);
            }
        }
    }

    [Fact]
    public async Task What_is_read_again_and_again_is_as_others_left_it_also_after_the_table_changed_its_shape()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        await using var other = await state.State.Open();
        await other.Execute(null, $"CREATE TABLE note (id INTEGER NOT NULL, text TEXT)");
        for (var id = 0; id < 100; id++)
        {
            await other.Execute(null, $"INSERT INTO note (id, text) VALUES ({id}, {(id % 2 == 0 ? $"n{id}" : null)})");
            (await state.State.Read($"SELECT text FROM note WHERE id = {id}", r => r.IsDBNull(0) ? null : r.GetString(0), default)).ShouldBe([id % 2 == 0 ? $"n{id}" : null]);
            (await state.State.Read($"SELECT text FROM note WHERE text = {$"n{id}"}", r => r.GetString(0), default)).Count.ShouldBe(id % 2 == 0 ? 1 : 0);
        }

        await other.Execute(null, $"ALTER TABLE note RENAME COLUMN text TO words");
        await other.Execute(null, $"ALTER TABLE note ADD COLUMN text TEXT DEFAULT 'new'");
        await other.Execute(null, $"DELETE FROM note WHERE id > 3");
        (await state.State.Read($"SELECT text FROM note WHERE id = {1}", r => r.GetString(0), default)).ShouldBe(["new"]);
    }

    [Fact]
    public async Task A_reading_within_a_reading_and_many_at_the_same_time_each_get_their_own_rows()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        Task<List<long>> Twice(long n) => state.State.Read($"SELECT {n} UNION ALL SELECT {n + 1}", r => r.GetInt64(0), default);
        (await state.State.Read($"SELECT {1L} UNION ALL SELECT {5L}", r => Twice(r.GetInt64(0)).GetAwaiter().GetResult(), default)).SelectMany(r => r).ShouldBe([1, 2, 5, 6]);
        var all = await Task.WhenAll(Enumerable.Range(0, 2000).Select(n => Task.Run(() => Twice(n))));
        all.Select(a => a[0]).ShouldBe(Enumerable.Range(0, 2000).Select(n => (long)n));
    }

    [Fact]
    public async Task A_reading_cannot_write_and_a_failed_one_harms_no_later_one()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        for (var again = 0; again < 3; again++)
        {
            (await Should.ThrowAsync<DbException>(() => state.State.Read($"DELETE FROM job", r => 0, default))).Message.ShouldContain("readonly");
            await Should.ThrowAsync<InvalidOperationException>(() => state.State.Read<int>($"SELECT {again} UNION ALL SELECT 7", _ => throw new InvalidOperationException(), default));
            (await state.State.Read($"SELECT {again} UNION ALL SELECT 7", r => r.GetInt32(0), default)).ShouldBe([again, 7]);
        }
    }

    [Fact]
    public async Task Texts_without_end_are_read_one_after_the_other()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        for (var n = 0; n < 300; n++)
        {
            var made = System.Runtime.CompilerServices.FormattableStringFactory.Create($"SELECT {n} + {{0}}", 1L);
            (await state.State.Read(made, r => r.GetInt64(0), default)).ShouldBe([n + 1L]);
        }
    }
}
