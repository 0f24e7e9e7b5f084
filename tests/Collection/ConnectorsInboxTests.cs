using System.Text;
using Lizhou.Collection.Connectors.Folders;
using Lizhou.Collection.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Collection.Tests;

public sealed class ConnectorsInboxTests
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task A_file_is_taken_when_it_stands_still_and_moves_to_done()
    {
        await using var house = await Open();
        var path = Put(house, "people/常住人口 2026年11月.csv", "编号,姓名\n1,模拟一\n");
        (await Look(house)).ShouldBe(0);
        (await Look(house)).ShouldBe(1);
        File.Exists(path).ShouldBeFalse();
        File.Exists(In(house, "people/done/常住人口 2026年11月.csv")).ShouldBeTrue();
        (await house.Scalar<string>($"SELECT name FROM batch_file")).ShouldBe("常住人口 2026年11月.csv");
        (await house.Source("people")).LastDataAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_copy_in_progress_is_left_alone_until_it_is_whole()
    {
        await using var house = await Open();
        var path = Put(house, "people/slow.csv", "编号,姓名\n");
        for (var i = 0; i < 5; i++)
        {
            await File.AppendAllTextAsync(path, $"{i},模拟\n");
            File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
            (await Look(house)).ShouldBe(0);
        }

        (await Look(house)).ShouldBe(1);
        var batch = Guid.Parse(await house.Scalar<string>($"SELECT id FROM batch"));
        (await house.FileOf(batch)).Split('\n').Length.ShouldBe(7);
    }

    [Theory]
    [InlineData("a.csv.part")]
    [InlineData("a.csv.tmp")]
    [InlineData(".a.csv")]
    [InlineData("a.csv.filepart")]
    public async Task Names_of_unfinished_files_are_left_alone(string name)
    {
        await using var house = await Open();
        var path = Put(house, $"people/{name}", "编号\n1\n");
        await Look(house);
        (await Look(house)).ShouldBe(0);
        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_of_the_general_inbox_goes_to_the_source_its_name_begins_with()
    {
        await using var house = await Open();
        await house.Register("people-old", new FolderSettings(1), e => e with { Name = "模拟人口历史" });
        Put(house, "模拟人口_20261124.csv", "编号\n1\n");
        Put(house, "PEOPLE-OLD 2020.csv", "编号\n2\n");
        Put(house, "谁的.csv", "编号\n3\n");
        await Look(house);
        (await Look(house)).ShouldBe(3);
        (await house.Scalar<string>($"SELECT group_concat(source_name, '|') FROM (SELECT source_name FROM batch ORDER BY source_name)")).ShouldBe("模拟人口|模拟人口历史");
        (await File.ReadAllTextAsync(In(house, "refused/谁的.csv.txt"))).ShouldContain("SRC-001");
        File.Exists(In(house, "refused/谁的.csv")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_comes_again_under_its_name_is_a_batch_of_its_own()
    {
        await using var house = await Open();
        Put(house, "people/日报.csv", "编号\n1\n");
        await Look(house);
        await Look(house);
        Put(house, "people/日报.csv", "编号\n1\n2\n");
        await Look(house);
        await Look(house);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(2);
        File.Exists(In(house, "people/done/日报(2).csv")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_not_yet_moved_when_the_program_died_is_the_same_batch()
    {
        await using var house = await Open();
        var path = Put(house, "people/a.csv", "编号\n1\n");
        var written = File.GetLastWriteTimeUtc(path);
        await Look(house);
        await Look(house);
        File.Move(In(house, "people/done/a.csv"), path); // as a crash between the commit and the move leaves it
        File.SetLastWriteTimeUtc(path, written);
        await Look(house);
        (await Look(house)).ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source_run")).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_out_of_the_inbox_is_not_followed()
    {
        await using var house = await Open();
        Directory.CreateDirectory(In(house, "people"));
        File.CreateSymbolicLink(In(house, "people/secret.csv"), "/etc/passwd");
        await Look(house);
        (await Look(house)).ShouldBe(0);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(0);
    }

    [Fact]
    public async Task A_paused_sources_files_wait()
    {
        await using var house = await Open();
        (await house.Client.PostAsync("/api/v1/sources/people/pause", null)).EnsureSuccessStatusCode();
        var path = Put(house, "people/a.csv", "编号\n1\n");
        await Look(house);
        (await Look(house)).ShouldBe(0);
        (await house.Client.PostAsync("/api/v1/sources/people/resume", null)).EnsureSuccessStatusCode();
        await Look(house);
        (await Look(house)).ShouldBe(1);
        File.Exists(path).ShouldBeFalse();
    }

    private async Task<SourceHouse> Open()
    {
        var house = await SourceHouse.Open(clock: clock);
        await house.Register("people", new FolderSettings(1), e => e with { Name = "模拟人口" });
        return house;
    }

    private Task<int> Look(SourceHouse house)
    {
        clock.Advance(TimeSpan.FromSeconds(10));
        return house.Services.GetRequiredService<TakeInbox>().Look(default);
    }

    private static string In(SourceHouse house, string name) => Path.Combine(house.Settings.Inbox, name);

    private static string Put(SourceHouse house, string name, string text)
    {
        var path = In(house, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
