// The small county in a real city: what was spoiled on purpose is what the collection refuses, and a second run adds nothing.
using Lizhou.Contracts.Collection;
using Lizhou.Host;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Lizhou.Tests.Support;

namespace Lizhou.Sample.Tests;

public sealed class GrowTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-sample-").FullName;
    private WebApplication city = null!;

    public async ValueTask InitializeAsync()
    {
        city = await City.Build(new Settings(folder, Demo: true), urls: null, quiet: true, CancellationToken.None);
        await city.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await city.StopAsync();
        await city.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_fresh_demo_folder_grows_the_small_county_and_refuses_exactly_what_was_spoiled()
    {
        var plan = Plan.Read();
        await Ended((Guid.Parse((string)(await Scalar($"SELECT id FROM job WHERE job_key = 'sample'"))!)));

        (await Scalar($"SELECT COUNT(*) FROM organisation_unit")).ShouldBe((long)(1 + plan.Departments.Count + Words.Of.Towns.Count + LivePlan.Of.Villages.Count));
        (await Scalar($"SELECT COUNT(*) FROM resource WHERE id NOT IN (SELECT id FROM model)")).ShouldBe(1081L);
        (await Scalar($"SELECT COUNT(*) FROM batch WHERE state <> 'Landed'")).ShouldBe(0L);
        var (faulty, good) = Injected(plan);
        (await Scalar($"SELECT SUM(rejected) FROM batch")).ShouldBe(faulty);
        (await Scalar($"SELECT SUM(accepted + duplicate) FROM batch")).ShouldBe(good);
        (await Scalar($"SELECT SUM(filtered) FROM batch")).ShouldBe(0L);

        var rows = await Scalar($"SELECT SUM(rows_read) FROM batch");
        await Ended(await city.Services.GetRequiredService<JobQueue>().Add(new GrowSample.Body("demo", plan.Seed), key: "again"));
        (await Scalar($"SELECT SUM(rows_read) FROM batch")).ShouldBe(rows);
        (await Scalar($"SELECT COUNT(*) FROM resource WHERE id NOT IN (SELECT id FROM model)")).ShouldBe(1081L);
        await Computed();
        await Cases(plan);
        await Duties();
        await Loops();
    }

    /// <summary>Each town has its own people, some villages walk their grids, and a table that one drafted and another published says who leads, all but where the plan leaves a gap.</summary>
    private async Task Duties()
    {
        var (plan, towns) = (LivePlan.Of, Words.Of.Towns.Count);
        (await Scalar($"SELECT COUNT(*) FROM case_duty WHERE LENGTH(node) = 9 AND unit IS NOT NULL")).ShouldBe((long)(towns * plan.Posts.Count(p => p.InTowns)));
        (await Scalar($"SELECT COUNT(*) FROM case_duty WHERE LENGTH(node) = 12 AND kind = 'patrol'")).ShouldBe((long)plan.Villages.Count);
        (await Scalar($"SELECT COUNT(*) FROM case_duty WHERE unit IS NOT NULL AND valid_from > (SELECT MIN(day) FROM case_file)")).ShouldBe(0L, "who is on duty was so from the first of the cases on");
        (await Scalar($"SELECT COUNT(*) FROM case_duty WHERE LENGTH(node) IN (6, 15) AND unit IS NOT NULL")).ShouldBe((long)plan.Duties.Count);
        (await Scalar($"SELECT COUNT(*) FROM case_dispatch WHERE published_by IS NOT NULL AND published_by <> made_by")).ShouldBe(1L);
        // A line of a town leaves the centre itself and the towns named there without an answer.
        var lacking = plan.Table.Where(l => l.Unit.Length == 0 && !plan.Table.Exists(o => o.Unit.Length > 0 && l.Class.StartsWith(o.Class, StringComparison.Ordinal))).Sum(l => 1 + l.But.Count);
        lacking.ShouldBeInRange(1, 20);
        (await Gaps()).ShouldBe(lacking);
    }

    /// <summary>Of all classes and places.</summary>
    private async Task<long> Gaps()
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, stop) => LocalDoor.Connect(LocalDoor.PathFor(folder, alone: true), stop) }) { BaseAddress = new("http://lizhou.local/") };
        var told = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/v1/case-duties/gaps/pairs?size=1", UriKind.Relative))).RootElement;
        told.GetProperty("open").GetInt64().ShouldBe(told.GetProperty("gaps").GetProperty("total").GetInt64());
        return told.GetProperty("open").GetInt64();
    }

    /// <summary>All three loops have cases, with positions; one consultation is open and some are concluded; enough is settled to learn from.</summary>
    private async Task Loops()
    {
        (await Wait.For(async () => (long)(await Scalar($"SELECT COUNT(*) FROM case_file WHERE ended = 1 AND outcome IN ('Normal', 'Late')"))!, n => n >= 220, TimeSpan.FromMinutes(5))).ShouldBeGreaterThanOrEqualTo(220, "the recommendation learns from 200");
        foreach (var loop in new[] { "Micro", "Small", "Large" })
        {
            ((long)(await Scalar($"SELECT COUNT(*) FROM case_file WHERE loop = {loop}"))!).ShouldBeGreaterThan(10, loop);
        }

        foreach (var act in new[] { "merge", "whistle", "rework", "grant-hold", "supervise", "consult-conclude" })
        {
            ((long)(await Scalar($"SELECT COUNT(*) FROM case_event WHERE act = {act}"))!).ShouldBeGreaterThan(0, act);
        }

        var cases = (long)(await Scalar($"SELECT COUNT(*) FROM case_file"))!;
        ((long)(await Scalar($"SELECT COUNT(*) FROM case_file WHERE x IS NOT NULL AND y IS NOT NULL"))!).ShouldBeInRange(cases / 2, cases - 1);
        (await Wait.For(async () => (long)(await Scalar($"SELECT COUNT(*) FROM case_event e WHERE e.act = 'consult' AND NOT EXISTS (SELECT 1 FROM case_event c WHERE c.case_id = e.case_id AND c.act = 'consult-conclude')"))!, n => n > 0, TimeSpan.FromMinutes(1))).ShouldBeGreaterThan(0, "one is open at any hour");
        (await Scalar($"SELECT COUNT(*) FROM case_event v JOIN case_event c ON c.case_id = v.case_id AND c.act = 'close' AND c.actor = v.actor WHERE v.act = 'verified'")).ShouldBe(0L, "who verifies does not close");
    }

    /// <summary>Each of its models has a table of its own.</summary>
    private async Task Computed() => (await Wait.For(
        async () => await Scalar($"SELECT COUNT(DISTINCT m.name) FROM model m JOIN model_step s ON s.model = m.id WHERE s.state = 'Built' AND s.rows > 0"), n => n is 5L, TimeSpan.FromMinutes(2))).ShouldBe(5L);

    /// <summary>Those of the day before yesterday are where their plan says: nothing of it was refused.</summary>
    private async Task Cases(Plan plan)
    {
        var planned = LivePlan.Of.On(TimeProvider.System.Today().AddDays(-2), plan.Seed);
        List<string> Plans() =>
        [
            .. planned.SelectMany(c => c.Steps.Where(s => s.Twin is not null && s.At <= DateTimeOffset.UtcNow).Select(_ => "report merge")
                .Append(string.Join(' ', c.Steps.Where(s => s.Twin is null && s.At <= DateTimeOffset.UtcNow).Select(s => s.Act).Prepend("report")))).Order(StringComparer.Ordinal),
        ];
        var number = $"SJ{TimeProvider.System.Today().AddDays(-2):yyyyMMdd}-%";
        var told = await Wait.For(
            async () => (await city.Services.GetRequiredService<StateStore>().Read(
                $"SELECT f.number, e.act FROM case_file f JOIN case_event e ON e.case_id = f.id WHERE f.number LIKE {number} AND e.act NOT IN ('overdue', 'climbed') ORDER BY f.number, e.seq", r => (Number: r.GetString(0), Act: r.GetString(1)), default))
                .GroupBy(e => e.Number).Select(g => string.Join(' ', g.Select(e => e.Act))).Order(StringComparer.Ordinal).ToList(),
            now => now.SequenceEqual(Plans()), TimeSpan.FromMinutes(2));
        told.ShouldBe(Plans());
    }

    /// <summary>What the generator says it spoiled, over the whole small county.</summary>
    private static (long Faulty, long Good) Injected(Plan plan)
    {
        var population = new Population(plan.Seed, plan);
        var all = Catalogue.Of(plan, plan.Sizes["demo"], plan.Seed).Where(r => r.Rows > 0)
            .Select(r => new SampleFile(plan, population, r, plan.Seed).Write(Stream.Null, 0, r.Rows, CancellationToken.None)).ToList();
        var faulty = all.Sum(i => i.Faulty);
        return (faulty, all.Sum(i => i.Rows) - faulty);
    }

    private async Task Ended(Guid job)
    {
        var queue = city.Services.GetRequiredService<JobQueue>();
        var view = await Wait.For(async () => (await queue.Find(job))!, v => v.State is JobState.Done or JobState.Parked, TimeSpan.FromMinutes(5));
        view.State.ShouldBe(JobState.Done, view.Note);
    }

    private async Task<object?> Scalar(FormattableString sql)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        return await connection.Scalar(null, sql);
    }
}
