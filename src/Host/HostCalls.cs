// In: the data folder. Out: a client to the host that runs on it, or to one started in this process for the command alone.
using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Builder;

namespace Lizhou.Host;

internal sealed class HostCalls(Option<string> option) : IHostCalls, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private WebApplication? own;

    /// <summary>Set from the command line before a command runs.</summary>
    public string Data { get; set; } = option.Name;

    public async Task<HttpClient> Client(CancellationToken stop)
    {
        var socket = LocalDoor.PathFor(Data);
        for (var waited = Stopwatch.StartNew(); !await LocalDoor.Answers(socket, stop); await Task.Delay(Pause, stop))
        {
            try
            {
                own = await City.Build(new Settings(Path.GetFullPath(Data)), urls: null, quiet: true, stop);
                await own.StartAsync(stop);
                socket = LocalDoor.PathFor(Data, alone: true);
                break;
            }
            catch (ProblemException taken) when (taken.Problem.Code == Problems.FolderTaken.Code && waited.Elapsed < Patience)
            {
                // A host that is just starting, or another command: the one will answer, the other will end.
            }
        }

        return new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectCallback = (_, cancel) => LocalDoor.Connect(socket, cancel) })
        {
            BaseAddress = new Uri("http://lizhou.local/"),
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders = { { "Cookie", Languages.Wish } },
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (own is not null)
        {
            await own.StopAsync();
            await own.DisposeAsync();
        }
    }
}
