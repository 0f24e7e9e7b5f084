using Lizhou.Kernel;

namespace Lizhou.Lake.Tests.Crash;

public sealed class DiskFullTests
{
    [Fact]
    public async Task A_full_disk_is_a_clear_refusal_and_nothing_acknowledged_is_lost()
    {
        using var disk = LoopDisk.Make(64);
        var folder = Path.Combine(disk.Mount, "lake");
        using var state = new StateStore(Path.Combine(disk.Mount, "state.db"));
        await SchemaScripts.Apply(state, typeof(Warehouse).Assembly);
        using var engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp")) { MemoryLimit = 512L << 20 });
        await using var lake = await Warehouse.Open(state, engine, folder, Victim.Key, TimeProvider.System);
        var table = (await lake.CreateTable("landing", "t", [new("id", ColumnType.Int64), new("text", ColumnType.Text)], new Terms("create"))).Value;

        var (random, written) = (new Random(5), 0L);
        var filler = Path.Combine(disk.Mount, "filler");
        for (var round = 0; round < 10; round++)
        {
            Fill(filler, leave: random.Next(0, 400) << 10);
            Problem? refused = null;
            for (var i = 0; refused is null; i++)
            {
                var key = $"r{round} {i}";
                var answer = await Write(lake, table, key, written);
                if (answer.Refused)
                {
                    refused = answer.Problem;
                    File.Delete(filler);
                    answer = await Write(lake, table, key, written);
                }

                written += answer.Value.RowsAdded;
            }

            refused.Code.ShouldBe("LAK-017");
            (await lake.Count(table)).ShouldBe(written);
        }

        var plan = (await lake.Plan(table.Id))!;
        (await Reading.Reader.Rows(engine, plan, (r, _) => $"SELECT count(DISTINCT id) FROM {r}", r => r.GetInt64(0))).ShouldBe([written]);
        (await lake.Verify()).Found.ShouldBeEmpty();
    }

    /// <summary>Small writes and files in turn; both meet the full disk, in different places.</summary>
    private static async Task<Result<Write>> Write(Warehouse lake, Table table, string key, long id)
    {
        if (id % 2 == 0)
        {
            return await lake.Buffer(table, [[id, new string('x', 20_000)]], new Terms(key));
        }

        var staged = await lake.Staged(table, $"SELECT {id} + n AS id, uuid()::VARCHAR || n AS text FROM range(501) AS r(n)", []);
        return staged.Refused ? staged.Problem! : await lake.Append(table, [staged.Value], new Terms(key));
    }

    private static void Fill(string path, long leave)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        using var file = new FileStream(path, FileMode.Create);
        file.SetLength(0);
        var block = new byte[1 << 16];
        for (var left = free - leave; left > 0; left -= block.Length)
        {
            file.Write(block, 0, (int)Math.Min(block.Length, left));
        }

        file.Flush(flushToDisk: true);
    }
}
