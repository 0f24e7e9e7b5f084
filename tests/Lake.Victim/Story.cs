// In: a lake. Out: an endless run of appends, small writes, upserts, deletes, flushes, compactions, expiries; each line on standard output is one event:
//   I <op> <kind> <rows> <target>   about to begin        O <op>   acknowledged        - <op>   refused, nothing done
using Lizhou.Kernel;
using Lizhou.Lake.Maintenance;

namespace Lizhou.Lake.Victim;

internal sealed class Story(string folder, string state, int seed, long first, bool early)
{
    public static readonly byte[] Key = new byte[32];

    private readonly Lock writing = new();
    private readonly List<long> appended = [];
    private long op = first;

    public async Task Tell()
    {
        using var store = new StateStore(state);
        await SchemaScripts.Apply(store, typeof(Warehouse).Assembly);
        using var engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp")) { MemoryLimit = 512L << 20, Threads = 1 });
        await using var lake = await Warehouse.Open(store, engine, folder, Key, TimeProvider.System);
        await using (var connection = await store.Open())
        {
            await connection.Execute(null, $"CREATE TABLE IF NOT EXISTS batch (op BIGINT NOT NULL)");
        }

        var table = await lake.Find("landing", "victim")
            ?? (await lake.CreateTable("landing", "victim", [new("op", ColumnType.Int64), new("n", ColumnType.Int64), new("text", ColumnType.Text)], new Terms("create"))).Value;
        Say("R");
        await Task.WhenAll(Write(lake, table, 0), Write(lake, table, 1), Keep(lake, table));
    }

    private async Task Write(Warehouse lake, Table table, int writer)
    {
        var random = new Random((seed * 10) + writer);
        while (true)
        {
            var id = Interlocked.Increment(ref op);
            var what = random.Next(100);
            if (what < 45)
            {
                await Do(id, "append", random.Next(1, 200), 0, async terms => await lake.Append(table, [await Stage(lake, table, id, terms.Rows)], terms.Terms));
            }
            else if (what < 75)
            {
                await Do(id, "buffer", random.Next(1, 4), 0, terms =>
                    lake.Buffer(table, [.. Enumerable.Range(0, terms.Rows).Select(n => (IReadOnlyList<object?>)[id, (long)n, "buffered"])], terms.Terms));
            }
            else if (what < 88 && Pick(random) is { } gone)
            {
                await Do(id, "delete", 0, gone, terms => lake.Delete(table, new Condition.Compare("op", Comparison.Equal, gone), terms.Terms));
            }
            else if (what >= 88)
            {
                await Do(id, "upsert", random.Next(1, 50), 0, async terms => await lake.Upsert(table, [await Stage(lake, table, id, terms.Rows)], ["op", "n"], terms.Terms));
            }
        }
    }

    private static async Task Keep(Warehouse lake, Table table)
    {
        for (var i = 0; ; i++)
        {
            var terms = new Terms($"keep {Guid.CreateVersion7():N}");
            _ = (i % 3) switch
            {
                0 => (await lake.Flush(table, terms)).Problem?.Code,
                1 => (await lake.Compact(table, new Compaction(CutShare: 0.1), terms)).Problem?.Code,
                _ => (await lake.Expire(TimeProvider.System.GetUtcNow().AddSeconds(-1))).Problem?.Code ?? (await lake.Sweep(TimeSpan.FromSeconds(20))).Problem?.Code,
            };
        }
    }

    private static async Task<StagedFile> Stage(Warehouse lake, Table table, long id, int rows) =>
        (await lake.Stage(table, $"SELECT {id}::BIGINT AS op, n::BIGINT AS n, 'row ' || n AS text FROM range({rows}) AS r(n)", []))!;

    private async Task Do(long id, string kind, int rows, long target, Func<(int Rows, Terms Terms), Task<Result<Write>>> write)
    {
        Say($"I {id} {kind} {rows} {target}");
        if (early)
        {
            Say($"O {id}");
        }

        var terms = new Terms($"op {id}", Along: async (connection, transaction, _) => await connection.Execute(transaction, $"INSERT INTO batch (op) VALUES ({id})"));
        var answer = await write((rows, terms));
        Say(answer.Refused ? $"- {id} {answer.Problem!.Code}" : $"O {id}");
        if (!answer.Refused && kind != "delete")
        {
            lock (appended)
            {
                appended.Add(id);
            }
        }
    }

    private long? Pick(Random random)
    {
        lock (appended)
        {
            if (appended.Count == 0)
            {
                return null;
            }

            var at = random.Next(appended.Count);
            var id = appended[at];
            appended.RemoveAt(at);
            return id;
        }
    }

    private void Say(string line)
    {
        lock (writing)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
