// The real program as a process on a city's folder, at the city's address. Killed without notice.
using System.Diagnostics;
using Lizhou.Tests.Support;

namespace Lizhou.Sharing.Tests.Crash;

internal sealed class Victim : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;

    private Victim(Process process) => this.process = process;

    /// <param name="way">Of the victim program: <c>seal</c> or <c>late</c>; null for the host itself.</param>
    public static async Task<Victim> Start(SharedCity city, string? way = null)
    {
        var address = city.Address.GetLeftPart(UriPartial.Authority);
        string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
        string[] words = way is null ? [Program("Lizhou.Host.dll"), "serve", "--data", city.Data, "--urls", address] : [Program("Lizhou.Sharing.Victim.dll"), city.Data, address, way];
        var started = Process.Start(new ProcessStartInfo("dotnet", words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (open, said) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new System.Collections.Concurrent.ConcurrentQueue<string>());
        started.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        started.OutputDataReceived += (_, line) =>
        {
            said.Enqueue(line.Data ?? "");
            if (line.Data?.StartsWith("丽州 Lizhou", StringComparison.Ordinal) == true)
            {
                open.TrySetResult();
            }
            else if (line.Data is null)
            {
                open.TrySetException(new InvalidOperationException("The program ended: " + string.Join('\n', said)));
            }
        };
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        await open.Task.WaitAsync(Patience);
        return new(started);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        process.HasExited.ShouldBeFalse("the program ended by itself");
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
