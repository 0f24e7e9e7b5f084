// In: a statement that makes a table. Out: its tree, its columns, a file of its rows, or how many of them are at fault. It runs where users' queries do: in worker processes only, over
// views of the lake's files, with nothing to write but its one file. The rows are handed to nobody; what they say of persons is guarded where the table made of them is read.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;
using Microsoft.Extensions.Logging;

namespace Lizhou.Policy.UserSql;

internal sealed class StatementDesk(Warehouse lake, Settings settings, TimeProvider clock, ILogger<StatementDesk> log) : IStatements
{
    /// <summary>Characters of a statement.</summary>
    private const int Longest = 100_000;

    private const int LookSeconds = 20;
    private const int CheckSeconds = 300;
    private const int MostSlices = 5_000;
    private const long MostBytes = 8L << 30;
    private const string Result = "lz_result";

    public async Task<ParsedStatement> Parse(string sql, CancellationToken stop)
    {
        if (sql.Length > Longest)
        {
            return new("", [], Problems.TooDeep);
        }

        var answer = await Look(worker => worker.Ask(new() { ["do"] = "parse", ["sql"] = sql }, stop), stop);
        if (answer.Refused)
        {
            return new("", [], answer.Problem);
        }

        var met = new List<StatementTable>();
        var (tree, at) = SqlTree.Rewrite((string)answer.Value["tree"]!, (schema, name) => Met(met, schema, name), sure: true);
        return tree.Refused ? new("", [], tree.Problem, at) : new((string)answer.Value["tree"]!, Placed(met, (string)answer.Value["tree"]!));
    }

    public async Task<Result<IReadOnlyList<StatementColumn>>> Describe(ParsedStatement statement, IReadOnlyList<StatementInput> inputs, CancellationToken stop)
    {
        var views = Texts(inputs.Select((v, i) => $"{View(i)} AS {Nothing(v.Columns)}"));
        var answer = await Look(async worker => await Prepared(worker, statement.Tree, inputs, stop) is { } fault
            ? new() { ["problem"] = JsonSerializer.SerializeToNode(fault) }
            : await worker.Ask(new() { ["do"] = "describe", ["views"] = views }, stop), stop);
        return answer.Refused ? answer.Problem! : Columns(answer.Value);
    }

    public async Task<Result<StatementAnswer>> Run(StatementRun ask, CancellationToken stop)
    {
        var (views, files) = (new List<string>(), new List<string>());
        foreach (var (input, i) in ask.Inputs.Select((v, i) => (v, i)))
        {
            views.Add($"{View(i)} AS {await Relation(input, files, stop)}");
        }

        // A file of the engine holds no whole number of more than 64 bits, so each column is cast to what is kept of it.
        var select = string.Join(", ", ask.Columns.Select(c => $"CAST({SqlText.Name(c.Name)} AS {c.Type}) AS {SqlText.Name(c.Name)}"));
        string? where = null;
        if (ask.Where is { } condition)
        {
            var compiled = Compile.Sql(condition, Shape(ask.Columns), new Arguments(inline: true));
            if (compiled.Refused)
            {
                return compiled.Problem!;
            }

            where = compiled.Value;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(TimeSpan.FromSeconds(ask.Seconds));
        try
        {
            var answer = await In(Path.GetDirectoryName(ask.Out)!, ask.Out, files, ask.Memory, ask.Seconds, async worker => await Prepared(worker, ask.Statement.Tree, ask.Inputs, late.Token) is { } fault
                ? new() { ["problem"] = JsonSerializer.SerializeToNode(fault) }
                : await worker.Ask(new() { ["do"] = "run", ["views"] = Texts(views), ["select"] = select, ["where"] = where, ["most"] = long.MaxValue - 1, ["out"] = ask.Out }, late.Token), late.Token);
            return answer.Refused ? answer.Problem! : new StatementAnswer((long)answer.Value["rows"]!, Columns(answer.Value).Value);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Problems.TooSlow.With(ask.Seconds);
        }
    }

    public async Task<Result<IReadOnlyList<long>>> Check(StatementChecks ask, CancellationToken stop)
    {
        var files = ask.File is null ? new List<string>() : [ask.File];
        var rows = ask.File is null ? Nothing(ask.Columns) : $"SELECT {SqlText.Names(ask.Columns.Select(c => c.Name))} FROM read_parquet({SqlText.Literal(ask.File)})";
        if (ask.Kept is { } table && ask.Replaced is { } replaced)
        {
            var input = new StatementInput(new("", Result), table, null, ask.Columns);
            var filter = Compile.Sql(replaced, Shape(ask.Columns), new Arguments(inline: true));
            if (filter.Refused)
            {
                return filter.Problem!;
            }

            rows += $" UNION ALL SELECT * FROM ({await Relation(input, files, stop)}) AS r WHERE NOT coalesce({filter.Value}, false)";
        }

        if (ask.Checks.Count == 0)
        {
            return Array.Empty<long>();
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(TimeSpan.FromSeconds(CheckSeconds));
        var counts = new List<long>();
        var last = await In(
            ask.Folder, Path.Combine(ask.Folder, "none"), files, SqlDesk.Memory, CheckSeconds, worker => All(worker, ask.Checks, $"{Result} AS {rows}", counts, late.Token), late.Token,
            tells: ask.File is null && ask.Kept is null);
        return last.Refused ? last.Problem! : counts;
    }

    public async Task<Condition?> Changed(string table, string of, string column, long since, long until, CancellationToken stop)
    {
        if (await lake.At(since, stop) is null || await lake.Resource(table, until, stop) is not { } now || now.Column(of) is not { } known)
        {
            return null;
        }

        var (then, later) = (await lake.PlanAs(now, since, stop), await lake.PlanAs(now, until, stop));
        var with = new Arguments();
        var name = SqlText.Name(known.Name);
        var sql = $"""
            SELECT DISTINCT CAST({name} AS VARCHAR) FROM (SELECT {name} FROM ({Difference.Of(later, then).Rows(with)}) UNION ALL SELECT {name} FROM ({Difference.Of(then, later).Rows(with)})) LIMIT {MostSlices + 1}
            """;
        var values = await lake.Engine.Read(session => session.Rows(sql, r => r.IsDBNull(0) ? null : r.GetString(0), with.Values), stop);
        var named = new Condition.OneOf(column, [.. values.OfType<string>()]);
        return values.Count > MostSlices ? null : values.Contains(null) ? new Condition.Any(named, new Condition.Empty(column)) : named;
    }

    /// <summary>A look that reads no row.</summary>
    private Task<Result<JsonObject>> Look(Func<WorkerProcess, Task<JsonObject?>> how, CancellationToken stop)
    {
        var folder = Path.Combine(settings.Work, "statements", Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"));
        return In(folder, Path.Combine(folder, "none"), [], SqlDesk.Memory, LookSeconds, how, stop, drop: true);
    }

    /// <param name="tells">Whether the engine's own message may be told: there is no row it could quote.</param>
    private async Task<Result<JsonObject>> In(
        string folder, string result, IReadOnlyList<string> files, int memory, int seconds, Func<WorkerProcess, Task<JsonObject?>> how, CancellationToken stop, bool drop = false,
        bool tells = false)
    {
        try
        {
            using var worker = WorkerProcess.Start(files, Directory.CreateDirectory(folder).FullName);
            var threads = Math.Max(1, Environment.ProcessorCount / 2);
            var ready = await worker.Ask(
                new()
                {
                    ["do"] = "setup", ["memory"] = memory, ["threads"] = threads, ["files"] = Texts(files), ["out"] = result, ["mostBytes"] = MostBytes, ["seconds"] = (seconds * threads) + 2,
                },
                stop);
            var answer = ready is null || ready["kind"] is not null ? ready : await how(worker);
            SqlDesk.Note(answer, log);
            return answer?["problem"] is { } told ? told.Deserialize<Problem>()!
                : tells && (string?)answer?["error"] is { } message ? Problems.EngineRefused.With(SqlDesk.FirstLine(message))
                : SqlDesk.Fault(answer) is { } fault ? fault : answer!;
        }
        finally
        {
            if (drop && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Hands the worker the tree over the views, and looks at what that became.</summary>
    private static async Task<Problem?> Prepared(WorkerProcess worker, string tree, IReadOnlyList<StatementInput> inputs, CancellationToken stop)
    {
        var names = inputs.Select((v, i) => (v.As, Name: View(i))).ToDictionary(v => (v.As.Schema, v.As.Name), v => v.Name);
        var over = SqlTree.Rewrite(tree, (schema, name) => names.GetValueOrDefault((schema, name)));
        return over.Refused ? over.Problem : await Kept(worker, over.Value, [.. names.Values], stop);
    }

    private static async Task<Problem?> Kept(WorkerProcess worker, string tree, IReadOnlyCollection<string> views, CancellationToken stop)
    {
        var again = await worker.Ask(new() { ["do"] = "prepare", ["tree"] = tree }, stop);
        return SqlDesk.Fault(again) ?? SqlTree.Rewrite((string)again!["tree"]!, (schema, name) => schema.Length == 0 && views.Contains(name) ? name : null).Problem;
    }

    private static async Task<JsonObject?> All(WorkerProcess worker, IReadOnlyList<StatementCheck> checks, string view, List<long> counts, CancellationToken stop)
    {
        JsonObject? answer = null;
        foreach (var check in checks)
        {
            answer = await Counted(worker, check, view, stop);
            if ((long?)answer?["rows"] is not { } rows)
            {
                return answer;
            }

            counts.Add(rows);
        }

        return answer;
    }

    private static async Task<JsonObject?> Counted(WorkerProcess worker, StatementCheck check, string view, CancellationToken stop)
    {
        var tree = await CheckTree.Of(check, Result, sql => worker.Ask(new() { ["do"] = "parse", ["sql"] = sql }, stop));
        return (tree.Problem ?? await Kept(worker, tree.Value, [Result], stop)) is { } fault
            ? new() { ["problem"] = JsonSerializer.SerializeToNode(fault) }
            : await worker.Ask(new() { ["do"] = "count", ["views"] = Texts([view]) }, stop);
    }

    private async Task<string> Relation(StatementInput input, List<string> files, CancellationToken stop)
    {
        if (await lake.Resource(input.Table, input.Snapshot, stop) is not { } table || await lake.Plan(table.Id, input.Snapshot, stop) is not { } plan)
        {
            return Nothing(input.Columns);
        }

        var (relation, plans) = await HeldBack.Of(lake, plan, [.. input.Without.Select(w => (w.Batch, w.Snapshot))], stop);
        foreach (var read in plans)
        {
            files.AddRange(read.Files.SelectMany(f => f.Deletes is null ? [f.Path] : new[] { f.Path, f.Deletes.Path }).Select(f => Path.Combine(read.Folder, f)).Where(f => !files.Contains(f)));
        }

        var columns = input.Columns.Select(c => $"CAST({(table.Column(c.Name) is { } there ? SqlText.Name(there.Name) : "NULL")} AS {c.Type}) AS {SqlText.Name(c.Name)}");
        return $"SELECT {string.Join(", ", columns)} FROM ({relation}) AS i";
    }

    private static string Nothing(IReadOnlyList<StatementColumn> columns) => $"SELECT {string.Join(", ", columns.Select(c => $"CAST(NULL AS {c.Type}) AS {SqlText.Name(c.Name)}"))} WHERE false";

    private static Table Shape(IReadOnlyList<StatementColumn> columns) =>
        new(0, default, "", Result, "", [.. columns.Select((c, i) => new Column(i, c.Name, ColumnType.OfEngine(c.Type) ?? ColumnType.Text))]);

    private static string View(int number) => $"lz_t{number}";

    private static string Met(List<StatementTable> met, string schema, string name)
    {
        if (!met.Any(t => t.Schema == schema && t.Name == name))
        {
            met.Add(new(schema, name));
        }

        return name;
    }

    /// <summary>The tables with the place where each is named first.</summary>
    private static List<StatementTable> Placed(List<StatementTable> met, string tree)
    {
        var named = TreeParts.All(JsonNode.Parse(tree, documentOptions: new JsonDocumentOptions { MaxDepth = 400 })).Where(p => p.Word("type") == "BASE_TABLE")
            .GroupBy(p => (p.Word("schema_name") ?? "", p.Word("table_name") ?? "")).ToDictionary(g => g.Key, g => g.Min(p => (ulong)p["query_location"]!));
        return [.. met.Select(t => t with { At = named.GetValueOrDefault((t.Schema, t.Name), ulong.MaxValue) is var at and < int.MaxValue ? (long)at : null })];
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static Result<IReadOnlyList<StatementColumn>> Columns(JsonObject answer) =>
        answer["columns"]!.AsArray().Select(c => new StatementColumn((string)c!["name"]!, (string)c["type"]!)).ToList();
}
