// In: a user's SELECT, its purpose, who asks. Out: a result file under the policy, for its author alone; evidence per table. Refuses what is no plain SELECT over
// tables the asker may see. The text is parsed and run in worker processes only; here it is looked at as a tree.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Views;
using Microsoft.Extensions.Logging;

namespace Lizhou.Policy.UserSql;

/// <param name="Seconds">After which it is killed, 1–60.</param>
/// <param name="AsOf">All tables as they were then: a moment (of the city, where it names no zone) or the number of a snapshot; null or empty: now.</param>
internal sealed record SqlAsk(string Sql, string Purpose, int Seconds = 10, string? AsOf = null);

internal sealed record SqlColumn(string Name, string Type)
{
    /// <summary>Shown to the right.</summary>
    public bool IsNumber => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "UHUGEINT" or "FLOAT" or "DOUBLE"
        || Type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>A spreadsheet keeps all its digits.</summary>
    public bool IsSmallNumber => Type is "TINYINT" or "SMALLINT" or "INTEGER" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "FLOAT" or "DOUBLE";
}

internal sealed partial class SqlDesk(ICatalog catalog, OpenView open, QueryLog log, Settings settings, TellQuery tell, ILedger ledger, SqlRunning running, TimeProvider clock, ILogger<SqlDesk> faults)
{
    public const string Act = "query.run";
    public const int MostRows = 100_000;

    /// <summary>Characters of a statement.</summary>
    public const int Longest = 20_000;

    /// <summary>MiB a query may use.</summary>
    public const int Memory = 512;

    /// <summary>Seconds a query may take at most.</summary>
    public const int MostSeconds = 60;

    private const long MostBytes = 256L << 20;
    private const string Landing = "landing";

    /// <summary>Runs a query to its end; the answer's id names its result.</summary>
    public async Task<Result<QueryRow>> Run(SqlAsk ask, Actor actor, CancellationToken stop, Guid? id = null)
    {
        var query = id ?? Guid.CreateVersion7(clock.GetUtcNow());
        var seconds = Math.Clamp(ask.Seconds, 1, MostSeconds);
        if (ask.Sql.Length > Longest)
        {
            return Problems.TooDeep;
        }

        using var place = await running.Take(query, actor, stop);
        if (place is null)
        {
            return Problems.Busy;
        }

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stop, place.Cancelled);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancelled.Token);
        late.CancelAfter(TimeSpan.FromSeconds(seconds));
        var watch = Stopwatch.StartNew();
        await log.Begin(query, actor, ask, stop);
        Result<QueryRow> done;
        try
        {
            done = await Work(query, ask, actor, seconds, late.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested || place.Cancelled.IsCancellationRequested)
        {
            done = place.Cancelled.IsCancellationRequested ? Problems.Cancelled : Problems.TooSlow.With(seconds);
        }

        var took = watch.Elapsed;
        if (done.Refused)
        {
            File.Delete(ResultOf(query));
            await ledger.Append(actor, new Evidence(Act, query.ToString("D"), done.Problem!.Code, new { sql = Digest(ask.Sql), ask.Purpose }), stop);
        }

        return await log.End(query, done, took, stop);
    }

    public string ResultOf(Guid query) => Path.Combine(Folder(query), "result.parquet");

    private string Folder(Guid query) => Path.Combine(settings.Work, "queries", query.ToString("N"));

    private async Task<Result<QueryRow>> Work(Guid query, SqlAsk ask, Actor actor, int seconds, CancellationToken stop)
    {
        var parsed = await Parse(query, ask.Sql, seconds, stop);
        var tables = parsed.Refused ? parsed.Problem! : SqlTree.TablesOf(parsed.Value);
        if (tables.Refused)
        {
            return tables.Problem!;
        }

        var at = await open.Then(ask.AsOf, stop);
        if (at.Refused)
        {
            return at.Problem!;
        }

        var views = new Dictionary<(string, string), (string Name, Opened Opened)>();
        foreach (var table in tables.Value)
        {
            var opened = await Find(table, ask, at.Value, actor, stop);
            if (opened.Refused)
            {
                return opened.Problem!;
            }

            views[table] = ($"lz_t{views.Count}", opened.Value);
        }

        var tree = SqlTree.Rewrite(parsed.Value, (schema, name) => views.TryGetValue((schema, name), out var view) ? view.Name : null);
        return tree.Refused ? tree.Problem! : await Execute(query, ask, actor, tree.Value, [.. views.Values], seconds, stop);
    }

    private async Task<Result<string>> Parse(Guid query, string sql, int seconds, CancellationToken stop)
    {
        using var worker = WorkerProcess.Start([], Directory.CreateDirectory(Folder(query)).FullName);
        return await Ready(worker, query, [], null, seconds, stop) is { } fault ? fault : Tree(await worker.Ask(new() { ["do"] = "parse", ["sql"] = sql }, stop));
    }

    private async Task<Result<QueryRow>> Execute(
        Guid query, SqlAsk ask, Actor actor, string tree, IReadOnlyList<(string Name, Opened Opened)> views, int seconds, CancellationToken stop)
    {
        var trace = PersonTrace.Of(tree, [.. views.Select(v => (v.Name, v.Opened.View))]);
        var keys = trace.Tree is null ? null : Path.Combine(Folder(query), "keys.parquet");
        try
        {
            var ran = await Run(query, ask.Sql, trace.Tree ?? tree, views, trace, keys, seconds, stop);
            if (ran.Refused && keys is not null && ran.Problem!.Code == Problems.EngineRefused.Code)
            {
                // Perhaps only because of the keys: asked plainly it may be answered, and is then about whoever is in the tables.
                trace = trace with { Tree = null, Everybody = true };
                ran = await Run(query, ask.Sql, tree, views, trace, null, seconds, stop);
            }

            return ran.Refused ? ran.Problem! : await Finish(query, ask, actor, ran.Value, [.. views.Select(v => v.Opened)], NamedItems.Of(tree), trace, trace.Tree is null ? null : keys, stop);
        }
        finally
        {
            if (keys is not null)
            {
                File.Delete(keys);
            }
        }
    }

    private async Task<Result<JsonObject>> Run(
        Guid query, string sql, string tree, IReadOnlyList<(string Name, Opened Opened)> views, Trace trace, string? keys, int seconds, CancellationToken stop)
    {
        var files = views.SelectMany(v => v.Opened.View.Plan.Files.SelectMany(f => f.Deletes is null ? [f.Path] : new[] { f.Path, f.Deletes.Path })
            .Select(f => Path.Combine(v.Opened.View.Plan.Folder, f))).Distinct().ToList();
        using var worker = WorkerProcess.Start(files, Folder(query));
        if (await Ready(worker, query, files, keys, seconds, stop) is { } fault)
        {
            return fault;
        }

        // What will run is parsed once more: it may name the views and nothing else.
        var again = Tree(await worker.Ask(new() { ["do"] = "prepare", ["tree"] = tree }, stop));
        var names = views.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        var looked = again.Refused ? again.Problem! : SqlTree.Rewrite(again.Value, (schema, name) => schema.Length == 0 && names.Contains(name) ? name : null);
        if (looked.Refused)
        {
            return looked.Problem!;
        }

        var definitions = views.Select((v, i) => (JsonNode)tell.Definition(i, v.Name, v.Opened.View, follow: keys is null ? null : trace));
        var ran = await worker.Ask(new() { ["do"] = "run", ["views"] = new JsonArray([.. definitions]), ["most"] = MostRows, ["out"] = ResultOf(query), ["keys"] = keys, ["hidden"] = trace.Prefix }, stop);
        Note(ran, faults);
        return Fault(ran) is not { } refused ? ran!
            : WrongName.Of((string?)ran?["error"], sql, views.Select(v => v.Opened.View)) is { } wrong ? Problems.EngineRefused.With(wrong) : refused;
    }

    private async Task<QueryRow> Finish(Guid query, SqlAsk ask, Actor actor, JsonObject ran, IReadOnlyList<Opened> opened, NamedItems named, Trace trace, string? keys, CancellationToken stop)
    {
        var (path, rows) = (ResultOf(query), (long)ran["rows"]!);
        var (bytes, digest) = (new FileInfo(path).Length, await Task.Run(() => Durable.Digest(path), stop));
        await tell.Run(opened, table => table.Told(Act, actor, ask.Purpose, named.In(table.View), table.Snapshot, Math.Min(rows, MostRows), bytes, digest, RowFormat.Parquet), trace, keys, actor, stop);
        if (opened.Count == 0)
        {
            await ledger.Append(actor, new Evidence(Act, query.ToString("D"), Evidence.Done, new { sql = Digest(ask.Sql) }), stop);
        }

        return new(
            query, ask.Sql, ask.Purpose, QueryRow.Done, null, Seen(opened.Select(o => o.Decided)), [.. opened.Select(o => o.Resource.Id)],
            ran["columns"].Deserialize<IReadOnlyList<SqlColumn>>(JsonSerializerOptions.Web)!, Math.Min(rows, MostRows), rows > MostRows, bytes, 0, clock.GetUtcNow()) { AsOf = ask.AsOf };
    }

    /// <summary>What was decided, as a digest: it changes when rules, grants or labels change what would be shown.</summary>
    public static string Seen(IEnumerable<Decided> decided) => Digest(JsonSerializer.Serialize(
        decided.Select(d => new { d.Rule, grant = d.Grant?.Id, d.Rows, items = d.Items.Select(i => new { i.Item.Column, i.Verdict, i.Mask }) })));

    private async Task<Result<Opened>> Find((string Schema, string Name) table, SqlAsk ask, long? at, Actor actor, CancellationToken stop)
    {
        var resource = table.Schema is "" or Landing ? await catalog.ByTable(table.Name, stop) ?? await catalog.Published(table.Name, stop) : null;
        return resource is null ? Problems.UnknownTable.With(table.Name) : await open.RunThen(new RowAsk(resource.Id, ask.Purpose, AsOf: at), actor, Act, stop);
    }

    private async Task<Problem?> Ready(WorkerProcess worker, Guid query, IReadOnlyList<string> files, string? keys, int seconds, CancellationToken stop) =>
        Fault(await worker.Ask(
            new()
            {
                ["do"] = "setup", ["memory"] = Memory, ["threads"] = Environment.ProcessorCount, ["files"] = new JsonArray([.. files.Select(f => (JsonNode)f)]), ["out"] = ResultOf(query),
                ["mostBytes"] = MostBytes, ["seconds"] = (seconds * Environment.ProcessorCount) + 2, ["keys"] = keys,
            },
            stop));

    private static Result<string> Tree(JsonObject? answer) => Fault(answer) is { } fault ? fault : (string)answer!["tree"]!;

    /// <summary>What a worker's answer says went wrong; null when nothing did.</summary>
    public static Problem? Fault(JsonObject? answer) => (answer, (string?)answer?["kind"]) switch
    {
        (null, _) => Problems.WorkerDied,
        (_, null) => null,
        (_, "OutOfMemory" or "OutOfMemoryException") => Problems.WorkerDied,
        (_, "Binder" or "Parser" or "Syntax" or "Catalog") => Problems.EngineRefused.With(FirstLine((string)answer["error"]!)),
        // Other messages may quote a value.
        (_, { } kind) => Problems.EngineRefused.With(EngineWords.OfKind(kind)),
    };

    /// <summary>A failure inside the engine is a bug of somebody's: its own message goes to the log, without what it quotes, which might be a cell.</summary>
    public static void Note(JsonObject? answer, ILogger log)
    {
        if ((string?)answer?["kind"] is "Internal" or "Fatal")
        {
            log.LogError("The engine failed inside: {Message}", Quoted().Replace(FirstLine((string?)answer["error"] ?? ""), "…"));
        }
    }

    [GeneratedRegex("'[^']*'?|\"[^\"]*\"?|[0-9]{6,}", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    public static string FirstLine(string message) => message.ReplaceLineEndings("\n").Split('\n')[0];

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The queries that run now: so many at once, two of one person; each can be cancelled by its author.</summary>
internal sealed class SqlRunning
{
    public const int Most = 4;
    public const int OfOne = 2;

    private readonly ConcurrentDictionary<Guid, Place> places = new();

    public Task<Place?> Take(Guid query, Actor actor, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        lock (places)
        {
            if (places.Count >= Most || places.Values.Count(p => p.Who == actor.Id) >= OfOne)
            {
                return Task.FromResult<Place?>(null);
            }

            var place = new Place(this, query, actor.Id);
            places[query] = place;
            return Task.FromResult<Place?>(place);
        }
    }

    /// <summary>False when it does not run, or is another's.</summary>
    public bool Cancel(Guid query, Actor actor)
    {
        if (!places.TryGetValue(query, out var place) || place.Who != actor.Id)
        {
            return false;
        }

        place.Cancel();
        return true;
    }

    internal sealed class Place(SqlRunning all, Guid query, Guid who) : IDisposable
    {
        private readonly CancellationTokenSource source = new();

        public Guid Who => who;

        public CancellationToken Cancelled => source.Token;

        public void Cancel() => source.Cancel();

        public void Dispose() => all.places.TryRemove(query, out _);
    }
}
