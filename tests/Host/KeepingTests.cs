// The data folder as whoever runs the machine keeps it: every flipped byte is found, a backup goes where it can be used, a restore is whole or not there.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Host.Tests;

public sealed class KeepingTests
{
    [Fact]
    public async Task One_flipped_byte_in_an_original_or_in_a_file_of_rejects_is_found_and_no_backup_with_one_is_restored()
    {
        await using var city = await WholeCity.Open();
        var batch = await city.Collect((await city.Publish()).Code, "编号,姓名,金额\n1,模拟,1\n2,模拟,许多\n");
        (await Damage(city)).ShouldBeEmpty();

        using var scratch = new Folder();
        var (backup, into) = (Path.Combine(scratch.Path, "backup"), Path.Combine(scratch.Path, "into"));
        await County.Json(await city.Post("api/v1/keeping/backup", new { folder = backup }));
        foreach (var kept in new[] { "originals", "rejects" })
        {
            var file = Directory.GetFiles(Path.Combine(city.Data, kept), "*", SearchOption.AllDirectories).Single();
            Flip(file);
            (await Damage(city)).ShouldBe([Path.GetRelativePath(city.Data, file)]);
            Flip(file);

            var copy = Directory.GetFiles(Path.Combine(backup, kept), "*", SearchOption.AllDirectories).Single();
            Flip(copy);
            (await Run("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", into)).ShouldBe(1);
            Directory.Exists(into).ShouldBeFalse("a restore that failed leaves nothing");
            Flip(copy);
        }

        var original = Directory.GetFiles(Path.Combine(city.Data, "originals"), "*", SearchOption.AllDirectories).Single();
        File.Move(original, original + ".away");
        var missing = (await County.Json(await city.Post("api/v1/keeping/verify", new { }))).GetProperty("damage").EnumerateArray().ShouldHaveSingleItem();
        missing.GetProperty("where").GetString().ShouldBe(Path.GetRelativePath(city.Data, original));
        missing.GetProperty("what").GetString()!.ShouldContain(batch);
        File.Move(original + ".away", original);

        Directory.CreateDirectory(into);
        await File.WriteAllTextAsync(Path.Combine(into, "mine"), "");
        File.Delete(Directory.GetFiles(Path.Combine(backup, "rejects"), "*", SearchOption.AllDirectories).Single());
        (await Run("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", into)).ShouldBe(1);
        Directory.GetFileSystemEntries(into).Select(Path.GetFileName).ShouldBe(["mine"]);

        await County.Json(await city.Post("api/v1/keeping/backup", new { folder = backup }));
        (await Run("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", into)).ShouldBe(0);
        File.Exists(Path.Combine(into, "lizhou.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_restored_city_remembers_the_seals_it_was_restored_with_and_not_those_that_came_after_its_backup()
    {
        await using var city = await WholeCity.Open();
        await Seal(city);
        using var scratch = new Folder();
        var (backup, into) = (Path.Combine(scratch.Path, "backup"), Path.Combine(scratch.Path, "into"));
        await County.Json(await city.Post("api/v1/keeping/backup", new { folder = backup }));
        await Seal(city);
        (await Run("restore", backup, "--keys", Path.Combine(city.Data, "keys"), "--into", into)).ShouldBe(0);

        using StateStore restored = new(Path.Combine(into, "lizhou.db"));
        await using var connection = await restored.Open();
        var newest = (string)(await connection.Scalar(null, $"SELECT statement FROM ledger_batch ORDER BY number DESC LIMIT 1"))!;
        foreach (var mark in new[] { Path.Combine("ledger", "watermark"), Path.Combine("keys", "ledger", "watermark") })
        {
            (await File.ReadAllTextAsync(Path.Combine(into, mark))).ShouldBe(newest, mark);
            (await File.ReadAllTextAsync(Path.Combine(city.Data, mark))).ShouldNotBe(newest, "the city itself went on");
        }
    }

    private static async Task Seal(WholeCity city)
    {
        var entries = (await city.Get("api/v1/ledger/state")).GetProperty("entries").GetInt64();
        city.Advance(TimeSpan.FromMinutes(2));
        await Wait.For(() => city.Get("api/v1/ledger/state"), s => s.GetProperty("sealed").GetInt64() >= entries);
    }

    [Fact]
    public async Task A_backup_goes_neither_into_the_city_itself_nor_where_nothing_can_be_written()
    {
        await using var city = await WholeCity.Open();
        using var scratch = new Folder();
        File.CreateSymbolicLink(Path.Combine(scratch.Path, "link"), city.Data);
        foreach (var inside in new[] { city.Data, Path.Combine(city.Data, "lake", "bk"), Path.Combine(scratch.Path, "link", "bk") })
        {
            (await County.Refusal(await city.Post("api/v1/keeping/backup", new { folder = inside }))).ShouldBe("HST-011", inside);
        }

        (await County.Refusal(await city.Post("api/v1/keeping/backup", new { folder = "/proc/nope" }))).ShouldBe("HST-012");
        Directory.Exists(Path.Combine(city.Data, "lake", "bk")).ShouldBeFalse();
    }

    private static async Task<string[]> Damage(WholeCity city)
    {
        var answer = await County.Json(await city.Post("api/v1/keeping/verify", new { }));
        answer.GetProperty("whole").GetBoolean().ShouldBe(answer.GetProperty("damage").GetArrayLength() == 0);
        return [.. answer.GetProperty("damage").EnumerateArray().Select(d => d.GetProperty("where").GetString()!)];
    }

    private static async Task<int> Run(params string[] words) => await Cli.Root(out _, out _).Parse(words).InvokeAsync();

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
