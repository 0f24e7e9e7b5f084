// kill -9 in the middle of an import, then the same command again, as docs/cookbook/move-cases.md has it: the ledger is to the last bit what it is where nothing happened.
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Lizhou.Tests.Support;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ImportCrashTests
{
    private const int Cases = 3_000;

    [Fact]
    public async Task An_import_that_was_killed_goes_on_when_it_is_run_again_and_ends_the_same()
    {
        var (killed, whole, files) = (Directory.CreateTempSubdirectory("lzi-").FullName, Directory.CreateTempSubdirectory("lzj-").FullName, Directory.CreateTempSubdirectory("lzf-").FullName);
        try
        {
            var (log, map) = (Path.Combine(files, "log.csv"), Path.Combine(files, "map.yaml"));
            await File.WriteAllTextAsync(log, Log());
            await File.WriteAllTextAsync(map, Logs.Map("kill", "known: log"));

            var host = await CrashTests.Start(killed);
            using (var http = CrashTests.Door(killed))
            {
                var import = Logs.Send(http, await File.ReadAllBytesAsync(log), "log.csv", await File.ReadAllTextAsync(map));
                await Wait.Until(async () => (await Json(await http.GetAsync("api/v1/cases?size=1"))).GetProperty("total").GetInt64() > 400);
                host.Kill();
                await host.WaitForExitAsync();
                await Should.ThrowAsync<HttpRequestException>(import);
            }

            host = await CrashTests.Start(killed);
            var told = JsonDocument.Parse(await Run(killed, "cases", "import", log, "--map", map, "--json")).RootElement;
            told.Of("cases", "already").ShouldBeInRange(400, Cases - 1, "what was committed before the kill, and not all");
            told.Of("cases", "written").ShouldBe(Cases - told.Of("cases", "already"));
            var measured = await Run(killed, "cases", "measure", "--source", "kill", "--json");
            (await Run(killed, "cases", "measure", "--source", "kill")).ShouldContain($"{Cases:N0}");
            (await Run(killed, "cases", "rebuild")).ShouldEndWith("different 0");
            host.Kill();
            await host.WaitForExitAsync();

            host = await CrashTests.Start(whole);
            (await Run(whole, "cases", "import", log, "--map", map)).ShouldContain($"written {Cases:N0}");
            (await Run(whole, "cases", "measure", "--source", "kill", "--json")).ShouldBe(measured, "figures, and the digest of every event with its ids");
            JsonDocument.Parse(await Run(whole, "cases", "assess", "--by", "Class", "--from", "2000-01-01", "--json")).RootElement.Of("all", "cases").ShouldBe(Cases);
            (await Run(whole, "cases", "assess", "--by", "Class", "--from", "2000-01-01")).ShouldContain("合计");

            // Files a spreadsheet wrote in GBK, by the command line.
            var duties = Path.Combine(files, "duties.csv");
            await File.WriteAllBytesAsync(duties, CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes("节点,岗位,单位,生效日期,失效日期\r\n330784,派遣员,主管部门,,\r\n"));
            JsonDocument.Parse(await Run(whole, "cases", "dispatch", "what-if", "--duties", duties, "--json")).RootElement.Of("moved").ShouldBe(0);
            (await Run(whole, "cases", "dispatch", "what-if", "--duties", duties)).ShouldContain("合计 all");
            (await Run(whole, "cases", "dispatch", "gaps")).ShouldBe("0 处值班缺口 duty gaps");
            (await Run(whole, "cases", "dispatch", "gaps", "--from", "1999-01-01", "--to", "1999-01-02")).ShouldContain("派遣员");
            host.Kill();
            await host.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(killed, recursive: true);
            Directory.Delete(whole, recursive: true);
            Directory.Delete(files, recursive: true);
        }
    }

    private static string Log()
    {
        var log = new StringBuilder("id,at,state\n");
        for (var i = 0; i < Cases; i++)
        {
            var at = new DateTime(2024, 3, 4, 8, 0, 0).AddMinutes(i % 977);
            log.Append($"K{i},{at:yyyy-MM-dd HH:mm},新建\nK{i},{at.AddHours(1 + (i % 7)):yyyy-MM-dd HH:mm},处理中\nK{i},{at.AddHours(30 + (i % 5)):yyyy-MM-dd HH:mm},关闭\n");
        }

        return log.ToString();
    }

    private static async Task<string> Run(string folder, params string[] words)
    {
        using var command = Process.Start(new ProcessStartInfo("dotnet", [CrashTests.HostDll, .. words, "--data", folder]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (said, complained) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync();
        command.ExitCode.ShouldBe(0, await complained);
        return (await said).Trim();
    }
}
