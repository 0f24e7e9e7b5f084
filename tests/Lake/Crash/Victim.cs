// Starts the program that writes until it is killed, and listens to it.
using System.Diagnostics;

namespace Lizhou.Lake.Tests.Crash;

internal sealed class Victim : IDisposable
{
    public static readonly byte[] Key = new byte[32];

    private readonly Process process;
    private readonly SemaphoreSlim lines = new(0);
    private readonly Task hearing;

    private Victim(Process process, History history)
    {
        this.process = process;
        hearing = Task.Run(() => Hear(history));
    }

    public static Victim Start(string folder, string state, History history, int seed, bool early = false, string? preload = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Lizhou.Lake.Victim.dll");
        List<string> arguments = [program, folder, state, $"{seed}", $"{history.Last}", .. early ? ["early"] : Array.Empty<string>()];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (preload is not null)
        {
            start.Environment["LD_PRELOAD"] = preload;
        }

        var started = Process.Start(start)!;
        started.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        started.BeginErrorReadLine();
        return new Victim(started, history);
    }

    /// <summary>Waits until it has said so many more lines; false when it ended before.</summary>
    public async Task<bool> Listen(int more)
    {
        while (await lines.WaitAsync(0))
        {
            // what it said before this call does not count
        }

        for (var i = 0; i < more; i++)
        {
            await lines.WaitAsync();
        }

        return !hearing.IsCompleted;
    }

    /// <summary>kill -9, then what it had still said.</summary>
    public async Task Kill()
    {
        process.Kill();
        await hearing;
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
        lines.Dispose();
    }

    private async Task Hear(History history)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            history.Hear(line);
            lines.Release();
        }

        lines.Release(1_000_000);
    }
}
