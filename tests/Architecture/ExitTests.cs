// Every exit: who can come to rows at all is on a reasoned list, and no way into the program reaches rows past the policy, without asking who is there, or by another site's hand.
using Lizhou.Host;
using Lizhou.Host.Exits;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Architecture.Tests;

public sealed class ExitTests
{
    private static readonly CallGraph Graph = CallGraph.Of(House.Assemblies.Values);

    /// <summary>Ways that read what was sent and show none of a department's values, each by its full name: a new one is looked at.</summary>
    private static readonly (string Why, string[] Ways)[] ShowsNothing =
    [
        ("sheets of units, systems, posts and people are the register's own",
        [
            "GET /api/v1/people/export", "GET /api/v1/people/template", "GET /api/v1/posts/export", "GET /api/v1/posts/template", "GET /api/v1/systems/export",
            "GET /api/v1/systems/template", "GET /api/v1/units/export", "GET /api/v1/units/template", "POST /api/v1/people/import", "POST /api/v1/posts/import",
            "POST /api/v1/systems/import", "POST /api/v1/units/import", "page /people/import", "page /posts/import", "page /systems/import", "page /units/import",
        ]),
        ("codes and data elements are the register's own",
        [
            "GET /api/v1/standards/elements/", "GET /api/v1/standards/elements/export", "GET /api/v1/standards/elements/template", "GET /api/v1/standards/elements/{code}",
            "GET /api/v1/standards/elements/{code}/items", "GET /api/v1/standards/lists/{code}/export", "POST /api/v1/standards/elements/import",
            "POST /api/v1/standards/elements/{code}/discard", "POST /api/v1/standards/elements/{code}/publish", "POST /api/v1/standards/lists/{code}/editions",
            "POST /api/v1/standards/lists/{code}/import", "PUT /api/v1/standards/elements/{code}", "page /standards/elements/import", "page /standards/lists/{Code}/import",
        ]),
        ("tells counts of rejected rows",
        [
            "POST /api/v1/tickets/{number}/steps",
        ]),
        ("takes bytes in and tells how many",
        [
            "GET /upload/receive", "HEAD /api/v1/uploads/{upload:guid}", "PATCH /api/v1/uploads/{upload:guid}", "POST /api/v1/uploads/", "POST /api/v1/uploads/{upload:guid}/complete",
            "POST /upload/receive",
        ]),
        ("takes files or decisions in and tells counts",
        [
            "POST /api/v1/batches/", "POST /api/v1/batches/{batch}/rejects/settle", "POST /api/v1/cases/imports/",
        ]),
        ("takes rows in and tells how many",
        [
            "POST /api/v1/push/{source}",
        ]),
        ("the workbook of the catalogue is the register's own",
        [
            "POST /api/v1/resources/import", "page /catalog/import",
        ]),
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
        var sent = (await Routes()).Where(w => w.Holds.Contains(Hold.Sent)).ToList();
        var without = sent.Where(w => !w.Gate).Select(w => w.Name).ToList();
        var known = ShowsNothing.SelectMany(s => s.Ways).ToList();

        without.Count.ShouldBeLessThan(sent.Count);
        without.Except(known).ShouldBeEmpty("values of files and of rejected rows are shown by IRowGate.Show");
        known.Except(without).ShouldBeEmpty("it asks the policy now, or is gone: take it off the list");
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

        // Those three begin a session; there is none yet that another site could use. Those of Open311 take a key out of the form itself, those of levels believe a signature; they know no session.
        unsure.ShouldBe(
            ["POST /api/v1/session/", "POST /api/v1/setup", "POST /levels/v1/messages", "POST /levels/v1/photos", "POST /oauth/token", "POST /open311/v2/requests.{format:regex(^(json|xml)$)}", "POST /open311/v2/servicerequestupdates.{format:regex(^(json|xml)$)}"],
            ignoreOrder: true);
    }

    [Fact]
    public void A_command_comes_to_rows_through_the_host_alone() =>
        new Ways(Graph).Inside(House.Assemblies.Values).Where(w => w.Name.StartsWith("commands", StringComparison.Ordinal) && w.Holds.Count > 0)
            .Select(w => (w.Name, string.Join(',', w.Holds)))
            .ShouldBe([
                ("commands of KeepingModule", "Keeps"), // restore, before there is a host
                ("commands of QualityModule", "Sent"), // check, of a file of its caller, in an engine that knows no lake
            ]);

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
