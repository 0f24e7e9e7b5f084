// In: the data folder. Out: a client to the host that runs on it, or to one started in this process for the command alone. Refuses a folder without a city.
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

    /// <summary>Whether the command may make a city where there is none; others would answer of an empty one for a mistyped folder.</summary>
    public bool MayFound { get; set; }

    public async Task<HttpClient> Client(CancellationToken stop)
    {
        var socket = LocalDoor.PathFor(Data);
        for (var waited = Stopwatch.StartNew(); !await LocalDoor.Answers(socket, stop); await Task.Delay(Pause, stop))
        {
            Settings settings = new(Path.GetFullPath(Data)) { Alone = true };
            if (!MayFound && !File.Exists(settings.StatePath))
            {
                throw new ProblemException(Problems.NoCity.With(settings.Data));
            }

            try
            {
                own = await City.Build(settings, urls: null, quiet: true, stop);
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
