// Programs of a receiver that take data again and again, whatever becomes of the city: pages and files of the data API, and files of a delivery in pieces.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Tests.Support;

namespace Lizhou.Sharing.Tests.Crash;

internal sealed class Caller(HttpClient program, string grant, Moments moments)
{
    private const int Piece = 8 << 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, MemoryStream> pieces = [];

    /// <summary>SHA-256 of each answer that came whole.</summary>
    public ConcurrentQueue<string> Answers { get; } = new();

    /// <summary>Answers that began and were cut off.</summary>
    public int Broken { get; private set; }

    /// <summary>The run of each piece that came.</summary>
    public ConcurrentQueue<string> Pieces { get; } = new();

    /// <summary>SHA-256 of each file that is whole, by its run.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new();

    public async Task Ask(int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        using var pace = new PeriodicTimer(Pace); // The machine is the program's too.
        while (!stop.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            var wish = $"/api/v1/data/{grant}?code=ge.N{random.Next(1400):0000}";
            await Try(() => Whole(random.Next(3) == 0 ? wish + "&format=csv" : $"{wish}&limit={random.Next(1, 100)}", stop), stop);
        }
    }

    public async Task Fetch(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            await Try(async () =>
            {
                var waiting = JsonDocument.Parse(await program.GetByteArrayAsync($"/api/v1/data/{grant}/files", stop)).RootElement;
                foreach (var file in waiting.EnumerateArray().Where(f => !Files.ContainsKey(f.GetProperty("run").GetString()!)).Take(3).ToList())
                {
                    await Fetch(file.GetProperty("run").GetString()!, stop);
                }
            }, stop);
        }
    }

    private async Task Whole(string address, CancellationToken stop)
    {
        Answers.Enqueue(Hex(await Body(address, stop)));
        moments.Now("answer");
    }

    private async Task<byte[]> Body(string address, CancellationToken stop)
    {
        using var answer = await program.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        try
        {
            return await answer.Content.ReadAsByteArrayAsync(stop);
        }
        catch (HttpRequestException)
        {
            Broken++;
            throw;
        }
    }

    /// <summary>Goes on where the last piece ended, also after the city was away.</summary>
    private async Task Fetch(string run, CancellationToken stop)
    {
        pieces.TryAdd(run, new());
        var file = pieces[run];
        while (true)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/data/{grant}/files/{run}");
            ask.Headers.Range = new(file.Length, file.Length + Piece - 1);
            using var answer = await program.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            Pieces.Enqueue(run);
            moments.Now("file");
            await file.WriteAsync(await answer.Content.ReadAsByteArrayAsync(stop), stop);
            if (file.Length == answer.Content.Headers.ContentRange!.Length)
            {
                Files[run] = Hex(file.ToArray());
                $"\"{Files[run]}\"".ShouldBe(answer.Headers.ETag!.Tag);
                return;
            }
        }
    }

    private async Task Try(Func<Task> take, CancellationToken stop)
    {
        try
        {
            await take();
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException)
        {
            await Back(program.BaseAddress!, stop);
        }
    }

    /// <summary>Until the city takes calls again, or nobody wants to know.</summary>
    public static Task Back(Uri city, CancellationToken stop) => Wait.Until(
        async () =>
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(city.Host, city.Port, stop);
                return true;
            }
            catch (Exception away) when (away is SocketException or OperationCanceledException)
            {
                return stop.IsCancellationRequested;
            }
        },
        Away);

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
