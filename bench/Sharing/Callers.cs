// The callers as a process of their own, so that what the bench counts as the server's is the server's. Each holds one connection, sends a request of HTTP/1.1 and reads its whole answer before the next.
// In, on standard input: the address and the key, then one line a round (kind, calls). Out: one line of JSON a round.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Lizhou.Sharing.Bench;

internal static class Callers
{
    internal enum Kind
    {
        SamePage,
        OneOfHundred,
        AnyRow,
    }

    /// <param name="Cpu">Of the callers, ms.</param>
    /// <param name="P50">ms, and so the others.</param>
    internal sealed record Round(double Seconds, double Cpu, double P50, double P99, double Worst);

    public static void Run(string grant, int callers, int rows)
    {
        var (address, secret) = (IPEndPoint.Parse(Console.ReadLine()!), Console.ReadLine()!);
        while (Console.ReadLine()?.Split(' ') is [var kind, var calls])
        {
            var (cpu, clock, each) = (Cpu(), Stopwatch.StartNew(), int.Parse(calls, CultureInfo.InvariantCulture) / callers);
            var took = new double[callers][];
            var threads = Enumerable.Range(0, callers).Select(c => new Thread(() => took[c] = new Caller(address, grant, secret, rows).Call(Enum.Parse<Kind>(kind), c, each), 256 * 1024)).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            var all = took.SelectMany(t => t).Order().ToList();
            Console.WriteLine(JsonSerializer.Serialize(new Round(clock.Elapsed.TotalSeconds, Cpu() - cpu, all[all.Count / 2], all[(int)(all.Count * 0.99)], all[^1])));
        }
    }

    public static double Cpu() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;
}

/// <summary>One connection that stays open. Throws for any answer but a good one with the rows asked for.</summary>
internal sealed class Caller(IPEndPoint address, string grant, string secret, int rows)
{
    private readonly byte[] buffer = new byte[64 * 1024];

    /// <returns>What each call took, ms.</returns>
    public double[] Call(Callers.Kind kind, int caller, int calls)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        var took = new double[calls];
        for (var i = 0; i < calls; i++)
        {
            var row = kind switch { Callers.Kind.OneOfHundred => ((caller * 131) + i) % 100, Callers.Kind.AnyRow => Random.Shared.Next(rows), _ => 0 };
            var query = kind == Callers.Kind.SamePage ? "limit=10" : $"code=eq.C{row}";
            var begun = Stopwatch.GetTimestamp();
            socket.Send(Encoding.ASCII.GetBytes($"GET /api/v1/data/{grant}?{query} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {secret}\r\n\r\n"));
            var body = Body(socket);
            took[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            if (body.IndexOf(Encoding.ASCII.GetBytes($"\"code\":\"C{row}\",")) < 0 || body[0] != '{' || body[^1] != '}')
            {
                throw new InvalidOperationException(Encoding.UTF8.GetString(body));
            }
        }

        return took;
    }

    private ReadOnlySpan<byte> Body(Socket socket)
    {
        var (have, head, length) = (0, 0, 0);
        while (head == 0 || have < head + length)
        {
            var read = socket.Receive(buffer, have, buffer.Length - have, SocketFlags.None);
            have += read > 0 ? read : throw new IOException("The server closed the connection.");
            if (head == 0 && buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8) is > 0 and var end)
            {
                head = end + 4;
                length = Length(buffer.AsSpan(0, head));
            }
        }

        return buffer.AsSpan(head, length);
    }

    private static int Length(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        if (!head.StartsWith("HTTP/1.1 200 "u8) || head.IndexOf(name) is not (>= 0 and var at))
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(head));
        }

        var rest = head[(at + name.Length)..];
        return int.Parse(rest[..rest.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
