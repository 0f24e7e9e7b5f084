// What is called wrongly is told in a line, before anything is made.
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Tests;
using Lizhou.Tests.Support;

namespace Lizhou.Host.Tests;

public sealed class WrongCallTests
{
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;

    [Theory]
    [InlineData("serve --state garbage"), InlineData("serve --state Hst=db;Database=lizhou"), InlineData("serve --state postgres://db/lizhou"), InlineData("serve --state Database=lizhou")]
    [InlineData("serve --urls nonsense"), InlineData("serve --urls http://127.0.0.1:99999"), InlineData("serve --urls ftp://127.0.0.1:5080"), InlineData("serve --urls http://nonsense:5080"), InlineData("serve --urls ;")]
    [InlineData("serve --proxies notanip"), InlineData("serve --session-idle -5"), InlineData("serve --session-idle 0"), InlineData("serve --session-longest -1")]
    [InlineData("query SELECT --seconds 999"), InlineData("query SELECT --seconds 0"), InlineData("batches --state Foo"), InlineData("batches --size -1"), InlineData("batches --size 0")]
    [InlineData("rejects B1 --size 0"), InlineData("lake --start nonsense"), InlineData("ledger export --out l.pdf"), InlineData("inspect a.csv --delimiter=")]
    [InlineData("cases assess --as-of yesterday"), InlineData("cases assess --by Nobody"), InlineData("standards codes GB --on 2026-02-30"), InlineData("standards resolve GB 1 --at soon")]
    public void A_value_that_means_nothing_is_a_wrong_call_told_in_words(string line)
    {
        Parsed(line).Errors.ShouldNotBeEmpty();
        Parsed(line).Errors.ShouldAllBe(e => !e.Message.Contains("System.", StringComparison.Ordinal) && !e.Message.Contains("Lizhou.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serve --state Host=db;Database=lizhou;Username=u;Password=p"), InlineData("serve --state Server=db;Database=lizhou"), InlineData("serve --urls http://[::1]:0;https://0.0.0.0:443;http://*:80/")]
    [InlineData("serve --proxies 10.0.0.1,::1 --session-idle 5"), InlineData("batches --state Landed --size 200"), InlineData("lake --start verify"), InlineData("ledger export --out l.XLSX")]
    [InlineData("--data D --version"), InlineData("--version")]
    [InlineData("cases assess --by Post --as-of 2026-11-30T08:00"), InlineData("cases assess --as-of 2026-11-30T08:00Z"), InlineData("standards codes GB --on 2026-02-28")]
    public void A_value_that_means_something_is_taken(string line) => Parsed(line).Errors.ShouldBeEmpty();

    [Fact]
    public async Task A_command_for_a_folder_without_a_city_makes_none()
    {
        using var scratch = new Folder();
        foreach (var words in new[] { "batches", "verify", "lake" })
        {
            var root = Cli.Root(out var host, out _);
            await using (host)
            {
                host.Data = Path.Combine(scratch.Path, "mistyped");
                (await root.Parse(words).InvokeAsync()).ShouldBe(1);
            }

            Directory.GetFileSystemEntries(scratch.Path).ShouldBeEmpty(words);
        }
    }

    [Fact]
    public async Task An_address_that_cannot_be_listened_on_is_refused_before_a_city_is_made()
    {
        using var scratch = new Folder();
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        var data = Path.Combine(scratch.Path, "data");
        foreach (var (urls, refusal) in new[] { ($"http://{other.LocalEndpoint}", "HST-006"), ("http://10.9.9.9:5080", "HST-013"), ("https://127.0.0.1:0", "HST-007") })
        {
            var refused = await Should.ThrowAsync<ProblemException>(() => Serving("serve", "--data", data, "--urls", urls));
            refused.Problem.Code.ShouldBe(refusal, urls);
        }

        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_state_database_that_does_not_answer_is_refused_with_a_reason()
    {
        using var scratch = new Folder();
        var refused = await Should.ThrowAsync<ProblemException>(() => Serving("serve", "--data", scratch.Path, "--urls", "http://127.0.0.1:0", "--state", "Host=127.0.0.1;Port=1;Database=lizhou;Username=u"));
        refused.Problem.Code.ShouldBe("HST-014");
    }

    [Fact]
    public void A_data_folder_that_others_could_read_is_closed_to_them()
    {
        using var scratch = new Folder();
        File.SetUnixFileMode(scratch.Path, Open);
        using (FolderLock.Take(scratch.Path))
        {
            File.GetUnixFileMode(scratch.Path).ShouldBe(OwnerFile.FolderRights);
        }

        File.SetUnixFileMode(scratch.Path, Open);
        FolderLock.Take(scratch.Path).Dispose();
        File.GetUnixFileMode(scratch.Path).ShouldBe(OwnerFile.FolderRights, "a city's folder that somebody opened again");
    }

    [Fact]
    public void A_folder_of_other_things_is_neither_closed_nor_used()
    {
        using var scratch = new Folder();
        File.WriteAllText(Path.Combine(scratch.Path, "letter.txt"), "模拟");
        File.SetUnixFileMode(scratch.Path, Open);
        Should.Throw<ProblemException>(() => FolderLock.Take(scratch.Path)).Problem.Code.ShouldBe("HST-016");
        File.GetUnixFileMode(scratch.Path).ShouldBe(Open);
        Directory.GetFileSystemEntries(scratch.Path).Length.ShouldBe(1);
    }

    private static ParseResult Parsed(string line) => Cli.Root(out _, out _).Parse(line.Split(' '));

    private static Task<int> Serving(params string[] words) =>
        Cli.Root(out _, out _).Parse(words).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
