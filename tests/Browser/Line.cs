// In: an address. Out: another one that leads there over a line of its own: it can be cut, and it can take a report there and lose the answer on the way back.
using System.Net;
using System.Net.Sockets;

namespace Lizhou.Browser.Tests;

public sealed class Line : IDisposable
{
    private readonly TcpListener door = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly List<TcpClient> open = [];

    public Line(Uri to)
    {
        To = to;
        door.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)door.LocalEndpoint).Port}/");
        _ = Listen();
    }

    public Uri Address { get; }

    /// <summary>Where it leads.</summary>
    public Uri To { get; set; }

    /// <summary>Nothing passes, what is under way neither.</summary>
    public bool IsCut
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                Hang();
            }
        }
    }

    /// <summary>What is sent arrives, and no answer to it comes back; told when one is lost.</summary>
    public TaskCompletionSource? Loses { get; set; }

    public void Dispose()
    {
        end.Cancel();
        door.Dispose();
        Hang();
        end.Dispose();
    }

    private async Task Listen()
    {
        while (!end.IsCancellationRequested)
        {
            var near = await door.AcceptTcpClientAsync(end.Token);
            _ = Carry(near);
        }
    }

    private async Task Carry(TcpClient near)
    {
        using (near)
        {
            if (IsCut)
            {
                return;
            }

            using TcpClient far = new();
            lock (open)
            {
                open.AddRange([near, far]);
            }

            try
            {
                await far.ConnectAsync(To.Host, To.Port, end.Token);
                var sends = false;
                await Task.WhenAny(
                    Pump(near.GetStream(), far.GetStream(), part => (sends |= part.Span.StartsWith("POST "u8)) || true),
                    Pump(far.GetStream(), near.GetStream(), _ => !(sends && Loses?.TrySetResult() == true)));
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The city is away, or the line was cut: whoever called hears nothing more.
            }
        }
    }

    /// <param name="passes">False: the line breaks before it.</param>
    private async Task Pump(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> passes)
    {
        var part = new byte[64 << 10];
        try
        {
            for (int read; (read = await from.ReadAsync(part, end.Token)) > 0 && passes(part.AsMemory(0, read));)
            {
                await to.WriteAsync(part.AsMemory(0, read), end.Token);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // As above.
        }
    }

    private void Hang()
    {
        lock (open)
        {
            open.ForEach(c => c.Dispose());
            open.Clear();
        }
    }
}
