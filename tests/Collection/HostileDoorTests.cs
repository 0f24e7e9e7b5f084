// Files made to break the house, sent through its doors: each is told off with its code, its place and what to do, in little memory; the host lives and nothing it had acknowledged is lost.
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class HostileDoorTests(RunningCity city) : IClassFixture<RunningCity>
{
    private const string Good = "编号,名称\n1,甲\n2,乙\n";

    /// <summary>Of a command, and of what the host grows by; a file of 400 MB or 2 GB must not show in it.</summary>
    private const long MostMemory = 600L << 20;

    /// <summary>A line of 2 GiB; a fifth of it unless LIZHOU_LONG=1.</summary>
    private static readonly long LongLine = Share(2L << 30);

    private static long Share(long whole) => Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? whole : whole / 5;

    private static readonly Dictionary<string, (string Name, Action<string> Make, string Code)> Files = new(StringComparer.Ordinal)
    {
        ["a zip that holds more than it says"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Says(Zips.Of("a.csv", Many(200_000)), 1000)), "TAB-002"),
        ["a zip that says it holds four gigabytes"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Says(Zips.Of("a.csv", Good), 0xF0000000)), "TAB-006"),
        ["a zip that holds less than it says"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Says(Zips.Of("a.csv", Many(100)), 100_000)), "TAB-005"),
        ["an unpacked entry of two sizes"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Says(Zips.Of("a.csv", Good, CompressionLevel.NoCompression), 1 << 20)), "TAB-002"),
        ["a zip whose entries all share one piece"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Overlapping(300, i => $"{i}.csv", quoted: false)), "TAB-002"),
        ["a zip whose entries quote the next ones"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Overlapping(300, i => $"{i}.csv", quoted: true)), "TAB-002"),
        ["a workbook whose parts quote the next ones"] = ("a.xlsx", path => File.WriteAllBytes(path, Zips.Overlapping(6, i => Zips.PartsOfBook[i], quoted: true)), "TAB-002"),
        ["an encrypted zip"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Encrypted(Zips.Of("a.csv", Good))), "TAB-004"),
        ["a truncated zip"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Of("a.csv", Many(1000))[..^30]), "TAB-005"),
        ["an entry that points outside"] = ("a.zip", path => File.WriteAllBytes(path, Zips.Of("../../a.csv", Good)), "TAB-008"),
        ["JSON 100,000 deep"] = ("a.json", path => File.WriteAllText(path, new string('[', 100_000)), "TAB-013"),
        ["one line without end"] = ("a.csv", path => Long(File.Create(path), "", ""), "TAB-010"),
        ["one line without end, packed"] = ("a.csv.gz", path => Long(Packed(path), "", ""), "TAB-010"),
        ["a JSON text without end"] = ("a.json", path => Long(File.Create(path), "[{\"编号\":\"", "\"}]"), "TAB-010"),
        ["a line of NDJSON without end"] = ("a.ndjson", path => Long(File.Create(path), "{\"编号\":\"1\",\"名称\":\"甲\"}\n{\"编号\":\"2\",\"名称\":\"乙\"}\n{\"编号\":\"", "\"}\n"), "TAB-010"),
    };

    public static TheoryData<string> Names() => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_file_is_refused_by_command_and_upload_with_reason_and_remedy(string which)
    {
        var (name, make, code) = Files[which];
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, name);
        make(path);
        var resource = await city.Publish(Item("编号", key: true), Item("名称"));
        Counts(await city.Collect(resource, Good)).ShouldBe((2, 2, 0, 0, 0));
        var before = city.Memory(fresh: true);

        var inspected = await Run("inspect", path);
        inspected.Code.ShouldBe(1, inspected.Said);
        inspected.Said.ShouldContain(code);
        inspected.Memory.ShouldBeLessThan(MostMemory);

        var collected = await Run("collect", path, "--resource", resource, "--data", city.Data);
        collected.Code.ShouldBe(1, collected.Said);
        collected.Said.ShouldContain(code);
        collected.Memory.ShouldBeLessThan(MostMemory);

        var batch = (await Json(await city.Http.GetAsync($"api/v1/batches?text={Uri.EscapeDataString(resource)}"))).GetProperty("items")[0];
        batch.GetProperty("state").GetString().ShouldBe("Refused");
        batch.GetProperty("problem").GetProperty("what").GetString().ShouldNotBeNullOrEmpty();
        batch.GetProperty("problem").GetProperty("todo").GetString().ShouldNotBeNullOrEmpty();
        (city.Memory() - before).ShouldBeLessThan(MostMemory);
        Counts(await city.Collect(resource, Good + "3,丙\n")).ShouldBe((3, 1, 0, 2, 0));
    }

    [Theory]
    [InlineData("a.csv", "1002,\"")]
    [InlineData("a.csv", "1002,")]
    [InlineData("a.csv.gz", "1002,")]
    public async Task A_line_of_gigabytes_between_good_ones_is_one_rejected_row(string name, string begins)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, name);
        var rows = string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i},名称{i}\n"));
        var more = string.Concat(Enumerable.Range(2001, 1000).Select(i => $"{i},名称{i}\n"));
        Long(name.EndsWith(".gz", StringComparison.Ordinal) ? Packed(path) : File.Create(path), "编号,名称\n" + rows + begins, "\n" + more);
        var resource = await city.Publish(Item("编号"), Item("名称"));
        var before = city.Memory(fresh: true);

        var collected = await Run("collect", path, "--resource", resource, "--data", city.Data, "--json");
        collected.Code.ShouldBe(0, collected.Said);
        collected.Memory.ShouldBeLessThan(MostMemory);
        var batch = System.Text.Json.JsonDocument.Parse(collected.Said).RootElement;
        Counts(batch).ShouldBe((2001, 2000, 1, 0, 0));
        var rejects = (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"))).GetProperty("items");
        rejects[0].GetProperty("line").GetInt64().ShouldBe(1002);
        rejects[0].GetProperty("faults")[0].GetProperty("hint").GetString().ShouldNotBeNullOrEmpty();
        (city.Memory() - before).ShouldBeLessThan(MostMemory);
    }

    [Fact]
    public async Task A_column_that_changes_its_type_at_the_end_of_ten_million_rows_costs_one_row()
    {
        var rows = Share(10_000_000);
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "a.csv");
        await using (var to = new StreamWriter(path))
        {
            await to.WriteAsync("编号,金额,日期\n");
            for (var i = 1L; i <= rows; i++)
            {
                await to.WriteAsync(i == rows - 1 ? $"{i},壹佰元整？,2026-01-01\n" : $"{i},{i % 100_000}.25,2026-0{(i % 9) + 1}-1{i % 10}\n");
            }
        }

        var resource = await city.Publish(Item("编号", "Integer"), Item("金额", "Money"), Item("日期", "Date"));
        var before = city.Memory(fresh: true);
        var collected = await Run("collect", path, "--resource", resource, "--data", city.Data, "--json");
        collected.Code.ShouldBe(0, collected.Said);
        var batch = System.Text.Json.JsonDocument.Parse(collected.Said).RootElement;
        Counts(batch).ShouldBe((rows, rows - 1, 1, 0, 0));
        var reject = (await Json(await city.Http.GetAsync($"api/v1/batches/{batch.GetProperty("number")}/rejects"))).GetProperty("items")[0];
        reject.GetProperty("line").GetInt64().ShouldBe(rows); // the header is line 1, and the row the last but one
        reject.GetProperty("faults")[0].GetProperty("item").GetString().ShouldBe("金额");
        (city.Memory() - before).ShouldBeLessThan(3L << 29);
    }

    [Fact]
    public async Task A_line_of_NDJSON_100000_deep_is_one_rejected_row()
    {
        var resource = await city.Publish(Item("编号"), Item("名称"));
        var good = "{\"编号\":\"1\",\"名称\":\"甲\"}\n{\"编号\":\"2\",\"名称\":\"乙\"}\n";
        Counts(await city.Collect(resource, [("a.ndjson", Encoding.UTF8.GetBytes(good + "{\"编号\":" + new string('[', 100_000) + "\n" + good.Replace("\"1\"", "\"3\"", StringComparison.Ordinal).Replace("\"2\"", "\"4\"", StringComparison.Ordinal)))]))
            .ShouldBe((5, 4, 1, 0, 0));
    }

    /// <summary>A program of its own, so that its memory can be seen.</summary>
    private static async Task<(int Code, string Said, long Memory)> Run(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [HostDll, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var most = 0L;
        await Wait.Until(
            () =>
            {
                most = Math.Max(most, process.HasExited ? 0 : PeakOf(process.Id));
                return process.HasExited;
            },
            TimeSpan.FromMinutes(20));
        return (process.ExitCode, await output + await error, most);
    }

    private static string Many(int rows) => "编号,名称\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},名称{i * 7919L % 1_000_003}\n"));

    private static GZipStream Packed(string path) => new(File.Create(path), CompressionLevel.NoCompression);

    private static void Long(Stream to, string before, string after)
    {
        using (to)
        {
            to.Write(Encoding.UTF8.GetBytes(before));
            var piece = new byte[1 << 20];
            Array.Fill(piece, (byte)'x');
            for (var left = LongLine; left > 0; left -= piece.Length)
            {
                to.Write(piece, 0, (int)Math.Min(left, piece.Length));
            }

            to.Write(Encoding.UTF8.GetBytes(after));
        }
    }
}
