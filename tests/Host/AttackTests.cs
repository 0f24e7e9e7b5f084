// Callers that send slowly, endlessly or too much, over real sockets against the running host. Each is cut off within its bound, and the house goes on answering others meanwhile.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Tests;

namespace Lizhou.Host.Tests;

public sealed class AttackTests(CityAsItIs city) : IClassFixture<CityAsItIs>
{
    /// <summary>No other caller waits longer than this while an attack runs; seconds of a busy machine, not of the bound.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_drip_of_headers_is_cut_off_and_others_are_answered()
    {
        var clock = Stopwatch.StartNew();
        var ends = await Attacked(100, async socket =>
        {
            await Send(socket, $"GET / HTTP/1.1\r\nHost: {city.Address.Authority}\r\n");
            await Drip(socket, "X-Drip: 1\r\n", TimeSpan.FromSeconds(1));
        });
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(45));
        ends.ShouldAllBe(e => e.Length == 0 || e.StartsWith("HTTP/1.1 408"));
    }

    [Fact]
    public async Task A_body_that_comes_byte_by_byte_is_cut_off_and_others_are_answered()
    {
        var clock = Stopwatch.StartNew();
        var ends = await Attacked(100, async socket =>
        {
            await Send(socket, $"POST /sign-in HTTP/1.1\r\nHost: {city.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\nLogin=");
            await Drip(socket, "x", TimeSpan.FromMilliseconds(500));
        });
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(45));
        ends.ShouldAllBe(e => e.Length == 0 || e.StartsWith("HTTP/1.1 4"));
    }

    [Fact]
    public async Task A_chunked_body_without_end_is_cut_off_at_its_bound()
    {
        var (told, sent) = await Endless("POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n", "{\"login\":\"", 64 << 20);
        told.ShouldStartWith("HTTP/1.1 413");
        sent.ShouldBeLessThan(16 << 20, "a stranger's body ends at 64 KB; what the sockets hold is not counted");
        (told, sent) = await Endless("POST /oauth/token HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n", "client_id=", 64 << 20);
        told.ShouldStartWith("HTTP/1.1 4");
        sent.ShouldBeLessThan(16 << 20);

        using var engineer = await city.As(Roles.Engineer);
        using var large = new StringContent("{\"name\":\"" + new string('x', 5 << 20) + "\"}", Encoding.UTF8, "application/json");
        (await Refused(engineer, large)).ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, null);
        using var fits = new StringContent("{\"name\":\"" + new string('x', 3 << 20) + "\",\"code\":\"x\",\"kind\":\"Department\"}", Encoding.UTF8, "application/json");
        ((int)(await engineer.PostAsync("/api/v1/units", fits)).StatusCode).ShouldBeOneOf(400, 409, 422);
        using var form = new FormUrlEncodedContent([new("Login", new string('x', 100_000))]);
        using var visitor = city.Visitor();
        ((int)(await visitor.PostAsync("/sign-in", form)).StatusCode).ShouldBeOneOf(400, 413);
        await Answers();
    }

    [Theory]
    [InlineData(200, 20, 431)] // many headers
    [InlineData(1, 40_000, 431)] // a large one
    public async Task Headers_beyond_their_bound_are_refused(int count, int length, int status)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', length)}\r\n"));
        (await Told($"GET / HTTP/1.1\r\nHost: {city.Address.Authority}\r\n{headers}\r\n")).ShouldStartWith($"HTTP/1.1 {status}");
        (await Told($"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: {city.Address.Authority}\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");
        await Answers();
    }

    [Fact]
    public async Task Json_of_any_depth_is_refused_in_words()
    {
        using var engineer = await city.As(Roles.Engineer);
        foreach (var deep in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), "{\"name\":" + new string('[', 1_000_000) + new string(']', 1_000_000) + "}" })
        {
            foreach (var path in new[] { "/api/v1/units", "/api/v1/resources", "/api/v1/requests", "/api/v1/session" })
            {
                using var body = new StringContent(deep, Encoding.UTF8, "application/json");
                using var answer = await engineer.PostAsync(path, body);
                ((int)answer.StatusCode).ShouldBeInRange(400, 499, path);
                (await answer.Content.ReadAsStringAsync()).ShouldNotContain("System.");
            }
        }

        await Answers();
    }

    [Fact]
    public async Task One_address_gets_its_share_of_connections_and_others_are_answered()
    {
        // Loopback has many addresses; the bound does not count for 127.0.0.1, which this machine's own callers use.
        var (sockets, refused) = (new List<Socket>(), 0);
        try
        {
            for (var i = 0; i < 700; i++)
            {
                try
                {
                    sockets.Add(await Connected("127.0.0.77"));
                }
                catch (SocketException)
                {
                    refused++;
                }
            }

            await Answers();
            // Readable without a byte sent: the other side ended it.
            await Lizhou.Tests.Support.Wait.Until(() => Task.FromResult(refused + sockets.Count(s => s.Poll(0, SelectMode.SelectRead)) == 100));
            // Places are given back.
            sockets.ForEach(s => s.Dispose());
            await Lizhou.Tests.Support.Wait.Until(async () =>
            {
                using var again = await Connected("127.0.0.77");
                await Send(again, $"GET /sign-in HTTP/1.1\r\nHost: {city.Address.Authority}\r\nConnection: close\r\n\r\n");
                return (await Read(again)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
            });
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    /// <summary>Many attackers at once until the last is cut off; meanwhile somebody else asks. What each was told at its end.</summary>
    private async Task<List<string>> Attacked(int attackers, Func<Socket, Task> attack)
    {
        var attacks = Enumerable.Range(0, attackers).Select(async _ =>
        {
            using var socket = await Connected("127.0.0.1");
            await attack(socket);
            return await Read(socket);
        }).ToList();
        var all = Task.WhenAll(attacks);
        while (!all.IsCompleted)
        {
            await Answers();
        }

        await Answers();
        return [.. await all];
    }

    /// <summary>Null where the door was shut before the client had read why: it was still sending.</summary>
    private static async Task<HttpStatusCode?> Refused(HttpClient client, HttpContent body)
    {
        try
        {
            return (await client.PostAsync("/api/v1/units", body)).StatusCode;
        }
        catch (HttpRequestException failure) when (failure.InnerException is IOException)
        {
            return null;
        }
    }

    private async Task Answers()
    {
        using var visitor = city.Visitor();
        using var patience = new CancellationTokenSource(Patience);
        (await visitor.GetAsync("/sign-in", patience.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<Socket> Connected(string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, city.Address.Port);
        return socket;
    }

    /// <summary>Sends a little again and again until the other side has had enough.</summary>
    private static async Task Drip(Socket socket, string drop, TimeSpan pause)
    {
        var longest = Stopwatch.StartNew();
        while (longest.Elapsed < TimeSpan.FromMinutes(2) && !socket.Poll(0, SelectMode.SelectRead))
        {
            if (!await Send(socket, drop))
            {
                return;
            }

            await Task.Delay(pause);
        }

        longest.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(2), "nobody cut it off");
    }

    /// <returns>False when the other side has closed.</returns>
    private static async Task<bool> Send(Socket socket, string text)
    {
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(text));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A body that goes on for ever after a right start, so that its length is what ends it and not its first letter.</summary>
    private async Task<(string Told, long Sent)> Endless(string head, string start, long most)
    {
        using var socket = await Connected("127.0.0.1");
        await Send(socket, $"{head}Host: {city.Address.Authority}\r\nTransfer-Encoding: chunked\r\n\r\n{start.Length:x}\r\n{start}\r\n");
        var (chunk, sent) = ($"10000\r\n{new string('x', 0x10000)}\r\n", 0L);
        while (sent < most && !socket.Poll(0, SelectMode.SelectRead) && await Send(socket, chunk))
        {
            sent += chunk.Length;
        }

        return (await Read(socket), sent);
    }

    private async Task<string> Told(string request)
    {
        using var socket = await Connected("127.0.0.1");
        await Send(socket, request);
        return await Read(socket);
    }

    /// <summary>What is said until the other side closes; empty when it closes without a word.</summary>
    private static async Task<string> Read(Socket socket)
    {
        var (said, buffer) = (new StringBuilder(), new byte[8192]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) is > 0 and var read)
            {
                said.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Reset: closed without a word.
        }

        return said.ToString();
    }
}
