// In: limits and files. Out: a fresh process that speaks the worker's protocol: no environment of ours, bubblewrap around it where the machine has it
// (no network, no other file, no other process), rlimits always. Killed from outside when its time is over; disposing kills it too.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lizhou.Policy.UserSql;

internal sealed class WorkerProcess : IDisposable
{
    private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    private static readonly Lazy<string?> Bubblewrap = new(FindBubblewrap);

    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>Whether this machine can shut workers off from network, files and processes.</summary>
    public static bool Isolated => Bubblewrap.Value is not null;

    public static WorkerProcess Start(IReadOnlyList<string> files, string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Lizhou.Worker.dll");
        List<string> command = [.. Bubblewrap.Value is { } wrap ? [wrap, .. Walls(files, folder)] : Array.Empty<string>(), Path.Combine(Dotnet, "dotnet"), program];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        (start.Environment["LANG"], start.Environment["DOTNET_EnableDiagnostics"], start.Environment["DOTNET_GCHeapHardLimit"]) = ("C.UTF-8", "0", "0x8000000");
        (start.Environment["DOTNET_TieredPGO"], start.Environment["DOTNET_TieredCompilation"], start.Environment["DOTNET_gcServer"]) = ("0", "1", "0");
        var started = Process.Start(start)!;
        started.ErrorDataReceived += (_, _) => { }; // Read so that it never blocks; what a dying engine says is for nobody.
        started.BeginErrorReadLine();
        return new WorkerProcess(started);
    }

    /// <summary>One question, one answer; null when the process is gone.</summary>
    public async Task<JsonObject?> Ask(JsonObject ask, CancellationToken stop)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(ask.ToJsonString(new JsonSerializerOptions { MaxDepth = 1024 }).AsMemory(), stop);
            await process.StandardInput.FlushAsync(stop);
            return await process.StandardOutput.ReadLineAsync(stop) is { } line
                ? JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { MaxDepth = 1024 })!.AsObject()
                : null;
        }
        catch (Exception gone) when (gone is IOException or JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }

        process.Dispose();
    }

    private static List<string> Walls(IReadOnlyList<string> files, string folder)
    {
        List<string> walls = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"];
        foreach (var place in (string[])["/usr", "/lib", "/lib64", Dotnet, AppContext.BaseDirectory])
        {
            walls.AddRange(["--ro-bind-try", place, place]);
        }

        // A table of very many files is let in by its folder: the command line has an end.
        foreach (var place in files.Count <= 500 ? files : files.Select(f => Path.GetDirectoryName(f)!).Distinct())
        {
            walls.AddRange(["--ro-bind", place, place]);
        }

        return [.. walls, "--bind", folder, folder, "--chdir", folder, "--"];
    }

    /// <summary>Null where it is not installed, or may not make its walls here.</summary>
    private static string? FindBubblewrap()
    {
        var found = new[] { "/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap" }.FirstOrDefault(File.Exists);
        if (found is null)
        {
            return null;
        }

        using var tried = Process.Start(new ProcessStartInfo(found, [.. Walls([], Path.GetTempPath()), "/usr/bin/true"]) { RedirectStandardError = true, UseShellExecute = false });
        return tried!.WaitForExit(5000) && tried.ExitCode == 0 ? found : null;
    }
}
