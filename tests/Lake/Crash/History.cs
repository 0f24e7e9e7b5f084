// In: what a victim said, and the lake it left behind. Out: the ways in which the two disagree. An empty list is the only good answer.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Lake.Tests.Crash;

/// <summary>One operation of a victim.</summary>
/// <param name="Target">The operation whose rows a delete removes; 0 for the others.</param>
internal sealed record Op(long Id, string Kind, int Rows, long Target)
{
    public bool Acknowledged { get; init; }
}

/// <summary>All operations of a lake's life, over many victims.</summary>
internal sealed class History
{
    private readonly Dictionary<long, Op> ops = [];
    private readonly Lock reading = new();

    public long Last
    {
        get
        {
            lock (reading)
            {
                return ops.Count == 0 ? 0 : ops.Keys.Max();
            }
        }
    }

    public int Acknowledged
    {
        get
        {
            lock (reading)
            {
                return ops.Values.Count(o => o.Acknowledged);
            }
        }
    }

    public void Hear(string line)
    {
        var words = line.Split(' ');
        lock (reading)
        {
            switch (words[0])
            {
                case "I":
                    ops[Number(words[1])] = new Op(Number(words[1]), words[2], (int)Number(words[3]), Number(words[4]));
                    break;
                case "O":
                    ops[Number(words[1])] = ops[Number(words[1])] with { Acknowledged = true };
                    break;
            }
        }
    }

    public IReadOnlyList<Op> Now()
    {
        lock (reading)
        {
            return [.. ops.Values];
        }
    }

    /// <summary>Compares the lake with the history.</summary>
    /// <param name="before">What was acknowledged before the crash.</param>
    /// <param name="after">All that may have happened by then.</param>
    public static async Task<List<string>> Check(string folder, string state, IReadOnlyList<Op> before, IReadOnlyList<Op> after, bool verify, List<TimeSpan>? reopened = null)
    {
        using var store = new StateStore(state);
        using var engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp2")) { MemoryLimit = 512L << 20 });
        var clock = Stopwatch.StartNew();
        await SchemaScripts.Apply(store, typeof(Warehouse).Assembly);
        await using var lake = await Warehouse.Open(store, engine, folder, Victim.Key, TimeProvider.System);
        var table = await lake.Find("landing", "victim");
        reopened?.Add(clock.Elapsed);

        var faults = new List<string>();
        if (table is null)
        {
            return before.Any(o => o.Acknowledged) ? ["lost: the table"] : faults;
        }

        var plan = (await lake.Plan(table.Id))!;
        var shown = (await Reading.Reader.Rows(engine, plan, (relation, _) => $"SELECT op, count(*), count(DISTINCT n) FROM {relation} GROUP BY op", r => (Op: r.GetInt64(0), Rows: r.GetInt64(1), Distinct: r.GetInt64(2))))
            .ToDictionary(r => r.Op);
        var batches = new Dictionary<long, int>();
        await using (var connection = await store.Open())
        {
            await foreach (var op in connection.Rows(null, $"SELECT op FROM batch", r => r.GetInt64(0)))
            {
                batches[op] = batches.GetValueOrDefault(op) + 1;
            }
        }

        faults.AddRange(Compare(before, after, shown, batches));
        if (verify)
        {
            faults.AddRange((await lake.Verify()).Found.Select(d => $"damage: {d.Where} {d.What}"));
        }

        return faults;
    }

    private static IEnumerable<string> Compare(
        IReadOnlyList<Op> before, IReadOnlyList<Op> after, Dictionary<long, (long Op, long Rows, long Distinct)> shown, Dictionary<long, int> batches)
    {
        var known = after.ToDictionary(o => o.Id);
        var sure = before.Where(o => o.Acknowledged).Select(o => o.Id).ToHashSet();
        var removers = after.Where(o => o.Kind == "delete").ToLookup(o => o.Target);
        foreach (var op in after)
        {
            var done = batches.GetValueOrDefault(op.Id);
            if (done > 1)
            {
                yield return $"dup: batch {op.Id} × {done}";
            }

            if (done == 0 && sure.Contains(op.Id))
            {
                yield return $"lost: {op}";
            }

            if (op.Kind == "delete")
            {
                continue;
            }

            var rows = shown.GetValueOrDefault(op.Id);
            var removed = removers[op.Id].Any(d => batches.ContainsKey(d.Id));
            var expected = done > 0 && !removed ? op.Rows : 0;
            if (rows.Rows != expected || rows.Distinct != expected)
            {
                yield return $"{(rows.Rows > expected ? "dup" : "half-visible")}: {op} shows {rows.Rows} rows ({rows.Distinct} distinct), expected {expected}";
            }
        }

        foreach (var phantom in shown.Keys.Concat(batches.Keys).Distinct().Where(id => !known.ContainsKey(id)))
        {
            yield return $"phantom: {phantom}";
        }
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);
}
