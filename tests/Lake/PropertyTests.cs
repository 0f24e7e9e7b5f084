using System.Globalization;
using CsCheck;
using Lizhou.Kernel;
using Lizhou.Lake.Maintenance;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Tests;

/// <summary>Any sequence of writes gives what a plain list in memory gives, at every snapshot.</summary>
public sealed class PropertyTests
{
    private static readonly Gen<(int What, int A, int B)[]> Steps = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1000], Gen.Int[0, 1000]).Array[4, 14];

    [Theory, InlineData(StateKind.Sqlite, 25), InlineData(StateKind.PostgreSql, 10)]
    public async Task A_random_history_equals_the_model_at_every_snapshot(StateKind kind, int runs)
    {
        await using var lake = await TestLake.Open(kind);
        var longer = Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? 10 : 1;
        await Steps.SampleAsync(async steps => await new Run(lake).Play(steps), iter: runs * longer, threads: 1);
    }

    /// <summary>The oracle: rows with identities, columns with ids, kept for each snapshot.</summary>
    private sealed class Run(TestLake lake)
    {
        private static int tables;
        private readonly Dictionary<long, (List<Column> Columns, List<Row> Rows)> states = [];
        private readonly List<(long Snapshot, List<Row> Added, List<Row> Removed)> writes = [];
        private readonly string name = $"t{Interlocked.Increment(ref tables)}";
        private Table table = null!;
        private List<Row> rows = [];
        private bool keyed;
        private long next;

        public async Task Play((int What, int A, int B)[] steps)
        {
            table = await lake.Create(name);
            Keep((await lake.Lake.Current()).Id);
            foreach (var (what, a, b) in steps)
            {
                await Step(what, a, b);
                (await lake.Lake.Count(table)).ShouldBe(rows.Count);
            }

            foreach (var (snapshot, (columns, expected)) in states)
            {
                var shown = expected.Select(r => string.Join("|", columns.Select(c => r.Values.TryGetValue(c.Id, out var v) ? v ?? "∅" : c.Default ?? "∅"))).Order(StringComparer.Ordinal);
                (await lake.Rows(table, snapshot)).ShouldBe(shown, ignoreOrder: false, $"snapshot {snapshot} of {name}: {string.Join(' ', steps)}");
            }
        }

        private Task Step(int what, int a, int b) => what switch
        {
            < 20 => Append(a, b),
            < 40 => Upsert(a, b),
            < 52 => Delete(a, b),
            < 62 => Buffer(a),
            < 68 => Flush(),
            < 76 => Compact(),
            < 88 => Undo(a),
            _ => Alter(what, a),
        };

        private async Task Append(int a, int b)
        {
            var added = Fresh(a, b);
            var write = (await lake.Lake.Append(table, [await Stage(added)], lake.Terms())).Value;
            Did(write, added, []);
        }

        private async Task Upsert(int a, int b)
        {
            var added = Fresh(a, b).DistinctBy(r => r.Values[1]).ToList();
            var keys = added.Select(r => r.Values[1]).ToHashSet();
            var removed = rows.Where(r => keys.Contains(r.Values[1])).ToList();
            keyed = true;
            Did((await lake.Lake.Upsert(table, [await Stage(added)], [table.Columns[0].Name], lake.Terms())).Value, added, removed);
        }

        private async Task Delete(int a, int b)
        {
            long low = a % 12, high = low + (b % 6);
            var condition = new Condition.All(new Condition.Compare(table.Columns[0].Name, Comparison.AtLeast, low), new Condition.Compare(table.Columns[0].Name, Comparison.AtMost, high));
            var removed = rows.Where(r => long.Parse(r.Values[1]!, CultureInfo.InvariantCulture) is var id && id >= low && id <= high).ToList();
            Did((await lake.Lake.Delete(table, condition, lake.Terms())).Value, [], removed);
        }

        private async Task Buffer(int a)
        {
            var added = Fresh(a % 4, a);
            Did((await lake.Lake.Buffer(table, [.. added.Select(r => table.Columns.Select(c => (object?)r.Values[c.Id]).ToList())], lake.Terms())).Value, added, []);
        }

        private async Task Flush() => Keep((await lake.Lake.Flush(table, lake.Terms())).Value.Snapshot);

        private async Task Compact() => Keep((await lake.Lake.Compact(table, new Compaction(CutShare: 0.1, MaxRows: 12), lake.Terms())).Value.Snapshot);

        private async Task Undo(int a)
        {
            if (writes.Count == 0)
            {
                return;
            }

            var (snapshot, added, removed) = writes[a % writes.Count];
            var without = rows.Except(added).ToList();
            var keys = without.Select(r => r.Values[1]).ToHashSet();
            var answer = await lake.Lake.Undo(snapshot, lake.Terms());
            if (added.Except(rows).Any() || removed.Intersect(rows).Any())
            {
                answer.Problem!.Code.ShouldBe("LAK-015");
            }
            else if (keyed && removed.Any(r => keys.Contains(r.Values[1])))
            {
                answer.Problem!.Code.ShouldBe("LAK-016");
            }
            else
            {
                Did(answer.Value, removed, added);
            }
        }

        private async Task Alter(int what, int a)
        {
            var other = table.Columns[^1];
            table = (what % 4, table.Columns.Count) switch
            {
                (0, > 2) => (await lake.Lake.DropColumn(table, other.Name, lake.Terms())).Value,
                (1, _) => (await lake.Lake.RenameColumn(table, other.Name, $"改{a}_{table.Columns.Count}", lake.Terms())).Value,
                (2, > 2) when other.Type == ColumnType.Int32 => (await lake.Lake.WidenColumn(table, other.Name, ColumnType.Int64, lake.Terms())).Value,
                _ => (await lake.Lake.AddColumn(table, new($"c{a}_{Interlocked.Increment(ref tables)}", ColumnType.Int32, Default: a % 2 == 0 ? null : $"{a}"), lake.Terms())).Value,
            };
            Keep((await lake.Lake.Current()).Id);
        }

        private List<Row> Fresh(int a, int b) => [.. Enumerable.Range(0, (b % 7) + 1).Select(i => new Row(next++, table.Columns.ToDictionary(c => c.Id, c => (string?)(c.Id switch
        {
            1 => $"{(a + (i * 3)) % 15}",
            2 => (a + i) % 5 == 0 ? null : $"名\"{b}'{i}",
            3 => $"{a}.{b % 10}{i}",
            _ => $"{(a * 7) + i}",
        }))))];

        private async Task<StagedFile> Stage(List<Row> added)
        {
            var arguments = new Arguments();
            var values = added.Select(r => $"({string.Join(", ", table.Columns.Select(c => $"CAST({arguments.Add(r.Values[c.Id])}::VARCHAR AS {c.Type.Engine})"))})");
            return (await lake.Lake.Stage(table, $"SELECT * FROM (VALUES {string.Join(", ", values)}) AS v({SqlText.Names(table.Columns.Select(c => c.Name))})", arguments.Values))!;
        }

        private void Did(Write write, List<Row> added, List<Row> removed)
        {
            (write.RowsAdded, write.RowsRemoved).ShouldBe((added.Count, removed.Count));
            rows = [.. rows.Except(removed), .. added];
            if (added.Count + removed.Count > 0)
            {
                writes.Add((write.Snapshot, added, removed));
            }

            Keep(write.Snapshot);
        }

        private void Keep(long snapshot) => states[snapshot] = ([.. table.Columns], [.. rows]);
    }

    /// <summary>Values by column id; equal only to itself.</summary>
    private sealed class Row(long identity, Dictionary<long, string?> values)
    {
        public Dictionary<long, string?> Values => values;

        public override string ToString() => $"{identity}";
    }
}
