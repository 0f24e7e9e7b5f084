// How long impact takes over a lineage as large as a province's: 22,261 tables in ten layers and 200,000 edges between their columns, as they come from the state database. `cell [ROWS]` is in CellBench.cs.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Computing;
using Lizhou.Computing.Bench;
using Lizhou.Computing.Lineage;
using Lizhou.Kernel;

if (args is ["cell", .. var rest])
{
    await CellBench.Run(rest is [var rows] ? int.Parse(rows, CultureInfo.InvariantCulture) : 200_000);
    return;
}

const int Tables = 22_261;
const int Wanted = 200_000;
const int Layers = 10;
var dice = new Random(7);
var folder = Directory.CreateTempSubdirectory("lizhou-lineage-").FullName;
try
{
    using var state = new StateStore(Path.Combine(folder, "state.db"));
    await SchemaScripts.Apply(state, typeof(ComputingModule).Assembly);
    // As models keep them: the edges into a table are its own.
    var owned = Edges().Distinct().GroupBy(e => e.To.Set, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
    await using (var connection = await state.Open())
    await using (var transaction = await connection.BeginTransactionAsync())
    {
        foreach (var (owner, edges) in owned)
        {
            await LineageEdges.Put(connection, transaction, owner, edges, default);
        }

        await transaction.CommitAsync();
    }

    using var graphs = new KeptGraph(state);
    var watch = Stopwatch.StartNew();
    var graph = await graphs.Now(default);
    Say($"first reading of {graph.Edges:N0} edges over {graph.Sets:N0} tables: {watch.ElapsedMilliseconds} ms");

    var after = new List<double>();
    foreach (var (owner, edges) in owned.OrderBy(_ => dice.Next()).Take(200))
    {
        await using (var connection = await state.Open())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await LineageEdges.Put(connection, transaction, owner, [.. edges.Skip(1), new(new($"t{dice.Next(Tables)}", "c0"), new(owner, "c1"), FlowKind.Identity)], default);
            await transaction.CommitAsync();
        }

        watch.Restart();
        _ = (await graphs.Now(default)).From(new($"t{dice.Next(Tables)}", ""), ahead: true);
        after.Add(watch.Elapsed.TotalMilliseconds);
    }

    after.Sort();
    Say($"first question after a change of one table's edges, 200 times: median {after[100]:0.00} ms, longest {after[^1]:0.00} ms");

    foreach (var (name, ahead, set, column) in new[] { ("one column, forward", true, 0, "c0"), ("whole table, forward", true, 0, ""), ("one column, back", false, Tables - 1, "c0"), ("whole table, back", false, Tables - 1, "") })
    {
        var (times, most) = (new List<double>(), 0);
        for (var i = 0; i < 300; i++)
        {
            // The first layer reaches furthest ahead, the last furthest back.
            var table = ahead ? dice.Next(Tables / Layers) : Tables - 1 - dice.Next(Tables / Layers);
            watch.Restart();
            var now = await graphs.Now(default);
            var reached = now.From(new($"t{table}", column.Length == 0 ? "" : $"c{dice.Next(9)}"), ahead);
            times.Add(watch.Elapsed.TotalMilliseconds);
            most = Math.Max(most, reached.Count);
        }

        times.Sort();
        Say($"{name}: median {times[150]:0.00} ms, 99th of 100 {times[297]:0.00} ms, longest {times[^1]:0.00} ms; at most {most:N0} columns reached");
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

IEnumerable<Edge> Edges()
{
    var per = Tables / Layers;
    for (var i = 0; i < Wanted; i++)
    {
        var layer = dice.Next(Layers - 1);
        var (from, to) = ((layer * per) + dice.Next(per), ((layer + 1) * per) + dice.Next(i % 7 == 0 ? Tables - ((layer + 1) * per) : per));
        var kind = dice.Next(20) == 0 ? FlowKind.Filter : (FlowKind)dice.Next(3);
        yield return new(new($"t{from}", $"c{dice.Next(9)}"), new($"t{to}", kind == FlowKind.Filter ? "" : $"c{dice.Next(9)}"), kind);
    }
}

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
