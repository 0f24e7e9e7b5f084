// Every exit: who can come to rows at all is on a reasoned list, and no way into the program reaches rows past the policy, without asking who is there, or by another site's hand.
using Lizhou.Host;
using Lizhou.Host.Exits;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Architecture.Tests;

public sealed class ExitTests
{
    private static readonly CallGraph Graph = CallGraph.Of(House.Assemblies.Values);

    /// <summary>Ways that read what was sent and show none of a department's values.</summary>
    private static readonly (string Way, string Why)[] ShowsNothing =
    [
        ("/api/v1/units/", "the sheet of units is the register's own"), ("/api/v1/systems/", "as units"), ("/api/v1/posts/", "as units"), ("/api/v1/people/", "as units"),
        ("/units/import", "as units"), ("/systems/import", "as units"), ("/posts/import", "as units"), ("/people/import", "as units"),
        ("/catalog/import", "the workbook of the catalogue is the register's own"), ("/api/v1/resources/import", "as the catalogue"),
        ("/api/v1/uploads/", "takes bytes in and tells how many"), ("/upload/receive", "takes bytes in"), ("/api/v1/push/", "takes rows in and tells how many"),
        ("/api/v1/batches/", "takes files in and tells counts"),
    ];

    [Fact]
    public void Nobody_takes_rows_who_is_not_on_the_list() =>
        RowSources.Takers(Graph).Where(t => !RowSources.Holders.Any(h => h.Is(t))).Select(t => t.ToString()).Order(StringComparer.Ordinal)
            .ShouldBeEmpty("ask IRowGate; or add it to src/Host/Exits/RowSources.cs with the reason");

    [Fact]
    public void Nobody_is_on_the_list_who_takes_none()
    {
        var takers = RowSources.Takers(Graph).ToList();

        RowSources.Holders.Where(h => !takers.Any(h.Is)).Select(h => h.Name).ShouldBeEmpty();
    }

    [Fact]
    public void One_who_took_rows_past_the_list_would_be_seen()
    {
        var graph = CallGraph.Of(House.Assemblies.Values.Append(typeof(Thief).Assembly));

        RowSources.Takers(graph).Where(t => !RowSources.Holders.Any(h => h.Is(t))).Select(t => t.Owner).Distinct().ShouldBe([typeof(Thief)]);
    }

    [Fact]
    public async Task No_way_open_to_everybody_comes_to_rows()
    {
        var open = (await Routes()).Where(w => w.Who is null).ToList();

        open.ShouldNotBeEmpty();
        open.Where(w => w.Holds.Count > 0).Select(w => w.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_shows_what_was_sent_asks_the_policy()
    {
        var shows = (await Routes()).Where(w => w.Holds.Contains(Hold.Sent) && !ShowsNothing.Any(s => w.Name.Contains(s.Way, StringComparison.Ordinal))).ToList();

        shows.ShouldNotBeEmpty();
        shows.Where(w => !w.Gate).Select(w => w.Name).ShouldBeEmpty("values of files and of rejected rows are shown by IRowGate.Show");
    }

    [Fact]
    public async Task A_page_or_an_answer_with_rows_of_the_lake_has_them_from_the_policy()
    {
        var ways = await Routes();

        // The ways that are known to show rows are seen as such: the graph is not blind.
        foreach (var known in new[] { "page /catalog/{Id:guid}", "page /batches/{Number}", "GET /api/v1/data/{number}", "GET /api/v1/sql/{id:guid}", "GET /api/v1/sql/{id:guid}/file" })
        {
            ways.Single(w => w.Name == known).Holds.ShouldContain(Hold.Policy, known);
        }

        // And nobody reads with the hands of those who write or keep.
        ways.Where(w => w.Meant is null && w.Holds.Any(h => h is Hold.Writes or Hold.Keeps)).Select(w => w.Name).ShouldBeEmpty("a safe call changes nothing, so it has no business with them");
    }

    [Fact]
    public async Task An_unsafe_call_proves_that_it_was_meant()
    {
        var unsure = (await Routes()).Where(w => w.Meant is null && !w.Name.StartsWith("GET", StringComparison.Ordinal) && !w.Name.StartsWith("HEAD", StringComparison.Ordinal)).Select(w => w.Name);

        // Those two begin a session; there is none yet that another site could use.
        unsure.ShouldBe(["POST /api/v1/session/", "POST /api/v1/setup", "POST /oauth/token"]);
    }

    [Fact]
    public void A_command_comes_to_rows_through_the_host_alone() =>
        new Ways(Graph).Inside(House.Assemblies.Values).Where(w => w.Name.StartsWith("commands", StringComparison.Ordinal) && w.Holds.Count > 0)
            .Select(w => (w.Name, string.Join(',', w.Holds))).ShouldBe([("commands of KeepingModule", "Keeps")]); // restore, before there is a host

    private static async Task<IReadOnlyList<Way>> Routes()
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-exits-").FullName;
        try
        {
            await using var city = await City.Build(new Settings(folder), urls: null, quiet: true, CancellationToken.None);
            return [.. new Ways(Graph).Into(city)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Reads the lake's files behind everybody's back, from inside a lambda in an asynchronous method.</summary>
    private sealed class Thief(Settings settings)
    {
        public async Task<IReadOnlyList<byte[]>> Take() => await Task.Run(() => (IReadOnlyList<byte[]>)[.. Directory.EnumerateFiles(settings.Lake).Select(File.ReadAllBytes)]);
    }
}
