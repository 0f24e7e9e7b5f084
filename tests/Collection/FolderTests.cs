using System.Diagnostics;
using Lizhou.Tests.Support;

namespace Lizhou.Collection.Tests;

/// <summary>Several processes, one data folder.</summary>
public sealed class FolderTests(RunningCity city) : IClassFixture<RunningCity>
{
    [Fact]
    public async Task Second_host_on_a_running_folder_is_refused_with_a_reason_and_the_first_goes_on()
    {
        var (code, _, error) = await city.Command("serve", "--urls", "");
        (code, error).ShouldBe((1, error));
        error.ShouldContain("HST-005");
        error.ShouldNotContain("   at ");
        (await city.Command("batches")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_called_that_and_not_in_use()
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-closed").FullName;
        try
        {
            Servers.SkipWhen(Environment.UserName != "root" || !Mounts("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", folder), "A read-only disk needs root and tmpfs.");
            foreach (var place in new[] { folder, Path.Combine(folder, "data") })
            {
                var (code, error) = await Run("serve", "--urls", "", "--data", place);
                code.ShouldBe(1);
                error.ShouldContain("HST-008");
                error.ShouldContain("只读");
                error.ShouldNotContain("   at ");
            }
        }
        finally
        {
            Mounts("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static bool Mounts(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [Fact]
    public async Task Commands_that_start_at_once_on_a_folder_nobody_serves_all_end_well()
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-folder").FullName;
        try
        {
            await File.Create(Path.Combine(folder, "lizhou.db")).DisposeAsync(); // A city that has nothing yet.
            var commands = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Run("batches", "--json", "--data", folder)));
            commands.ShouldAllBe(c => c.Code == 0, string.Join('\n', commands.Select(c => c.Error)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Error)> Run(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [RunningCity.HostDll, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await error);
    }
}
