// An exchange under way: one resource that changes all the time, a unit that takes it by calls, files, messages and in two databases, and all that it got.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests.Crash;

internal sealed class Exchange : IAsyncDisposable
{
    private readonly SharedCity city;
    private readonly ResourceCard resource;
    private readonly CancellationTokenSource ending = new();
    private readonly List<Task> running = [];
    private readonly Dictionary<string, Guid> grants = [];
    private Caller asking = null!;
    private Caller fetching = null!;
    private int landed;
    private bool sending = true;

    private Exchange(SharedCity city, ResourceCard resource, Receiver receiver, IReadOnlyList<Place> places) =>
        (this.city, this.resource, Receiver, Places) = (city, resource, receiver, places);

    public Moments Moments { get; } = new();

    public Receiver Receiver { get; }

    public IReadOnlyList<Place> Places { get; }

    public int Taken => asking.Answers.Count;

    /// <summary>In an open city; everything is granted and set up, nothing runs yet.</summary>
    public static async Task<Exchange> Open(SharedCity city, bool deliveries = true)
    {
        var exchange = new Exchange(city, await city.Resource(rows: Story.Csv(0)), await Receiver.Open(), deliveries ? [await Place.Open("PostgreSql"), await Place.Open("MySql")] : []);
        exchange.asking = await exchange.CallerOf("calls");
        exchange.fetching = await exchange.CallerOf("files");
        if (deliveries)
        {
            await city.Run(await city.Delivery(exchange.names["files"], new { file = new { format = "Csv" }, onChange = true }));
            await city.Run(await city.Delivery(await exchange.Grant("messages"), new { hook = new { url = exchange.Receiver.Url, all = true }, onChange = true }));
            foreach (var place in exchange.Places)
            {
                var grant = await exchange.Grant(place.Kind, new { column = "town", @is = "Equal", value = Story.Town });
                await city.Run(await city.Delivery(grant, Merge(place.Ask, new { onChange = true })));
            }
        }

        return exchange;
    }

    public void Begin()
    {
        running.Add(Task.Run(() => asking.Ask(1, ending.Token)));
        running.Add(Task.Run(() => asking.Ask(2, ending.Token)));
        running.Add(Task.Run(() => fetching.Fetch(ending.Token)));
        running.Add(Task.Run(Send));
        running.AddRange(Places.Select(p => Task.Run(() => p.Watch(() => Moments.Now("pushed"), ending.Token))));
    }

    /// <summary>Compares all that was got with the ledger; no program runs meanwhile.</summary>
    public async Task<List<string>> Faults()
    {
        var booked = await Booked.All(Path.Combine(city.Data, "lizhou.db"));
        List<string> faults = [.. Calls(booked), .. Fetched(booked), .. Messages(booked)];
        foreach (var place in Places)
        {
            faults.AddRange(await Pushed(place, booked));
        }

        return faults;
    }

    // A push waits up to a minute for a lock at its target, and a killed one's may still be held there.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(6);

    /// <summary>No more batches; every receiver comes to hold what the last one left.</summary>
    public async Task Settle()
    {
        sending = false;
        await Wait.Until(() => running.Any(t => t.IsCompletedSuccessfully), Settling);
        using var settled = new CancellationTokenSource();
        var hurrying = Hurry(settled.Token);
        var (all, town) = (Story.Rows(landed), Story.Rows(landed, Story.Town));
        foreach (var place in Places)
        {
            await Told(() => Wait.Until(async () => (await place.Rows()).SequenceEqual(town), Settling), async () => $"{place.Kind} lacks {town.Except(await place.Rows()).Count()} rows and has {(await place.Rows()).Except(town).Count()} others of {town.Count}");
        }

        await Wait.Until(() => Held().Order(StringComparer.Ordinal).SequenceEqual(all), Settling);
        await settled.CancelAsync();
        await hurrying;
    }

    /// <summary>Who waits in vain tells how the deliveries stand.</summary>
    private async Task Told(Func<Task> wait, Func<Task<string>> what)
    {
        try
        {
            await wait();
        }
        catch (TimeoutException late)
        {
            using var store = new StateStore(Path.Combine(city.Data, "lizhou.db"));
            await using var connection = await store.Open(default);
            var lines = new List<string> { await what(), $"now {DateTimeOffset.UtcNow.ToStored()}" };
            foreach (var sql in new FormattableString[]
            {
                $"SELECT number || ' ' || state || ' failures ' || failures || ' next ' || COALESCE(next_at, '-') || ' wanted ' || COALESCE(wanted_at, '-') || ' reached ' || COALESCE(reached, '-') || ' ' || COALESCE(note, '') FROM sharing_delivery",
                $"SELECT kind || ' ' || state || ' attempts ' || attempts || ' due ' || due_at || ' lease ' || COALESCE(lease_until, '-') || ' ' || COALESCE(note, '') FROM job WHERE state IN ('Waiting', 'Running', 'Parked')",
                $"SELECT 'run ' || cause || ' ' || result || ' ' || started_at || ' ' || COALESCE(note, '') FROM sharing_run ORDER BY started_at DESC LIMIT 12",
            })
            {
                await foreach (var line in connection.Rows(null, sql, r => r.GetString(0), default))
                {
                    lines.Add(line);
                }
            }

            throw new TimeoutException(string.Join('\n', lines), late);
        }
    }

    /// <summary>What failed again and again under the kills, a delivery or its job, is tried again in minutes; nobody waits for that here.</summary>
    private async Task Hurry(CancellationToken settled)
    {
        using var store = new StateStore(Path.Combine(city.Data, "lizhou.db"));
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                var now = DateTimeOffset.UtcNow.ToStored();
                await using var connection = await store.Open(settled);
                await connection.Execute(null, $"UPDATE sharing_delivery SET next_at = {now} WHERE next_at > {now}", settled);
                await connection.Execute(null, $"UPDATE job SET due_at = {now} WHERE state = 'Waiting' AND attempts > 0 AND due_at > {now}", settled);
            }
            while (await pace.WaitForNextTickAsync(settled));
        }
        catch (OperationCanceledException)
        {
            // Everybody has what there is.
        }
    }

    /// <summary>Rows booked as taken, and those of all attempts, of each push.</summary>
    public async Task<List<(long Booked, long Handed)>> Books()
    {
        using var store = new StateStore(Path.Combine(city.Data, "lizhou.db"));
        await using var connection = await store.Open(default);
        var books = new List<(long, long)>();
        foreach (var grant in Places.Select(p => grants[p.Kind].ToString("D")))
        {
            books.Add((
                Convert.ToInt64(await connection.Scalar(null, $"SELECT sum(rows) FROM sharing_use WHERE granted = {grant}", default), null),
                Convert.ToInt64(await connection.Scalar(null, $"SELECT sum(inserted + changed + withdrawn) FROM sharing_run WHERE granted = {grant}", default), null)));
        }

        return books;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
        await Receiver.DisposeAsync();
        ending.Dispose();
    }

    private readonly Dictionary<string, string> names = [];

    private async Task<string> Grant(string what, object? filter = null)
    {
        names[what] = await city.Granted(resource.Id, filter: filter, way: what switch { "files" => "File", "messages" => "Subscription", "calls" => "Api", _ => "Push" });
        using var scope = city.Services.CreateScope();
        var number = names[what];
        grants[what] = scope.ServiceProvider.GetRequiredService<SharingDb>().Grants.Single(g => g.Number == number).Id;
        return number;
    }

    private async Task<Caller> CallerOf(string what)
    {
        var grant = await Grant(what);
        return new(await city.Program(grant), grant, Moments);
    }

    /// <summary>Sends batch after batch, each until it is known to have landed: one that is begun is brought to its end, also when no more are to be sent.</summary>
    private async Task Send()
    {
        var begun = false;
        while ((sending || begun) && !ending.IsCancellationRequested)
        {
            try
            {
                begun = true;
                using var form = new MultipartFormDataContent { { new StringContent(resource.Code), "resource" }, { new StringContent(Story.Csv(landed + 1)), "files", "a.csv" } };
                using var post = new HttpRequestMessage(HttpMethod.Post, "/api/v1/batches") { Content = form };
                post.Headers.Add("Idempotency-Key", $"batch-{landed + 1}");
                var number = (await Json(await city.SourceSteward.SendAsync(post, ending.Token))).GetProperty("number").GetString();
                await Wait.Until(async () => (await Json(await city.SourceSteward.GetAsync($"/api/v1/batches/{number}"))).GetProperty("batch").GetProperty("state").GetString() is not ("Received" or "Loading"));
                landed++;
                begun = false;
                Moments.Now("landed");
                await Moments.Next("answer").WaitAsync(ending.Token); // Somebody takes it before the next one comes.
            }
            catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException)
            {
                await Caller.Back(city.Address, ending.Token);
            }
        }
    }

    private IEnumerable<string> Calls(List<Booked> booked)
    {
        var told = booked.Where(b => b.Grant == grants["calls"]).ToList();
        var digests = told.CountBy(b => b.Digest!).ToDictionary();
        foreach (var (digest, times) in asking.Answers.ToArray().CountBy(d => d).Where(d => digests.GetValueOrDefault(d.Key) < d.Value))
        {
            yield return $"call: an answer came {times} times, the ledger has it {digests.GetValueOrDefault(digest)} times";
        }

        if (told.Count < asking.Answers.Count + asking.Broken)
        {
            yield return $"call: {asking.Answers.Count} answers and {asking.Broken} broken ones, {told.Count} entries";
        }
    }

    private IEnumerable<string> Fetched(List<Booked> booked)
    {
        var told = booked.Where(b => b.Grant == grants["files"] && b.Act == "file.fetched").GroupBy(b => JsonDocument.Parse(b.Detail).RootElement.GetProperty("run").GetString()!).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (run, pieces) in fetching.Pieces.ToArray().CountBy(r => r).Where(r => told.GetValueOrDefault(r.Key)?.Count is not { } times || times < r.Value))
        {
            yield return $"file: {pieces} pieces of {run} came, the ledger has {told.GetValueOrDefault(run)?.Count ?? 0}";
        }

        foreach (var (run, digest) in fetching.Files.Where(f => !told[f.Key].TrueForAll(b => b.Digest == f.Value)))
        {
            yield return $"file: {run} is {digest}, not what the ledger says";
        }
    }

    private IEnumerable<string> Messages(List<Booked> booked)
    {
        var digests = grants.TryGetValue("messages", out var grant) ? booked.Where(b => b.Grant == grant && b.Act == "rows.changed").Select(b => b.Digest).ToHashSet() : [];
        var rows = new Dictionary<string, string>();
        foreach (var same in Receiver.Got.ToArray().GroupBy(m => m.Id))
        {
            if (same.Select(m => m.Data.GetRawText()).Distinct().Count() > 1)
            {
                yield return $"message: two with the id {same.Key} say different things";
            }

            var message = same.First();
            if (message.Type != "rows.changed")
            {
                yield return $"message: {message.Type}";
                continue;
            }

            if (!digests.Contains(DigestOf(message)))
            {
                yield return $"message: {same.Key} is not in the ledger";
            }

            foreach (var fault in Applied(message, rows))
            {
                yield return fault;
            }
        }
    }

    /// <summary>A receiver that discards messages it has meets every change once.</summary>
    private static IEnumerable<string> Applied(Message message, Dictionary<string, string> rows)
    {
        foreach (var change in message.Data.GetProperty("changes").EnumerateArray())
        {
            var (op, id, row) = (change.GetProperty("op").GetString(), change.GetProperty("id").GetString()!, Line(change.GetProperty("row")));
            if (rows.ContainsKey(id) == (op == "Inserted") || (op == "Changed" && rows[id] == row))
            {
                yield return $"message: {op} of {row} was applied before";
            }

            if (op == "Withdrawn")
            {
                rows.Remove(id);
            }
            else
            {
                rows[id] = row;
            }
        }
    }

    private IEnumerable<string> Held()
    {
        var rows = new Dictionary<string, string>();
        foreach (var message in Receiver.Got.ToArray().DistinctBy(m => m.Id))
        {
            _ = Applied(message, rows).Count();
        }

        return rows.Values;
    }

    private async Task<List<string>> Pushed(Place place, List<Booked> booked)
    {
        if (await place.Reached() is not { } reached)
        {
            return [];
        }

        var rows = await place.Rows();
        List<string> faults = [];
        if (!rows.SequenceEqual(Story.Rows(Story.LastOf(rows), Story.Town)))
        {
            faults.Add($"{place.Kind}: {rows.Count} rows are those of no snapshot");
        }

        if (!booked.Exists(b => b.Grant == grants[place.Kind] && b.Act == "rows.changed" && (b.Snapshot, b.Rows, b.Bytes) == (reached.Snapshot, reached.Rows, reached.Bytes)))
        {
            faults.Add($"{place.Kind}: what came last is not in the ledger");
        }

        return faults;
    }

    private static string DigestOf(Message message)
    {
        var columns = message.Data.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("column").GetString()!).ToList();
        var changes = message.Data.GetProperty("changes").EnumerateArray()
            .Select(c => new { Kind = c.GetProperty("op"), Id = c.GetProperty("id"), Values = columns.Select(n => c.GetProperty("row").GetProperty(n)) });
        return Caller.Hex(JsonSerializer.SerializeToUtf8Bytes(changes));
    }

    private static string Line(JsonElement row) => string.Join('|', new[] { "code", "name", "amount", "note" }.Select(c => row.GetProperty(c).ToString()));

    private static object Merge(object one, object other) => new[] { one, other }.SelectMany(o => JsonSerializer.SerializeToElement(o).EnumerateObject()).ToDictionary(p => p.Name, p => p.Value);
}
