// What the state names beside the lake, asked for by whoever reads every byte of it.
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Collection.Tests;

public sealed class KeptFilesTests
{
    [Fact]
    public async Task All_files_come_and_the_state_is_free_while_one_of_them_is_read()
    {
        await using var house = await SourceHouse.Open();
        var state = house.Services.GetRequiredService<StateStore>();
        await using var reading = await state.Open();
        await Sql.Execute(reading, null, $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO collection_original (digest, bytes, received_at) SELECT printf('%064x', i), 1, '2026-11-29' FROM n");
        var (found, busy) = (new HashSet<string>(), 0L);
        await foreach (var kept in new CollectionModule().Kept(reading, default))
        {
            found.Add(kept.Path).ShouldBeTrue();
            if (found.Count % 1000 == 500)
            {
                await using var other = await state.Open();
                await Sql.Execute(other, null, $"INSERT INTO batch_number (day, last) VALUES ({found.Count.ToString()}, 1)");
                busy += Convert.ToInt64(await Sql.Scalar(other, null, $"PRAGMA wal_checkpoint(TRUNCATE)"));
            }
        }

        (found.Count, busy).ShouldBe((2500, 0L));
    }
}
