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

        (await Scalar($"SELECT COUNT(*) FROM organisation_unit")).ShouldBe(41L);
        (await Scalar($"SELECT COUNT(*) FROM resource")).ShouldBe(1081L);
        (await Scalar($"SELECT COUNT(*) FROM batch WHERE state <> 'Landed'")).ShouldBe(0L);
        var (faulty, good) = Injected(plan);
        (await Scalar($"SELECT SUM(rejected) FROM batch")).ShouldBe(faulty);
        (await Scalar($"SELECT SUM(accepted + duplicate) FROM batch")).ShouldBe(good);
        (await Scalar($"SELECT SUM(filtered) FROM batch")).ShouldBe(0L);

        var rows = await Scalar($"SELECT SUM(rows_read) FROM batch");
        await Ended(await city.Services.GetRequiredService<JobQueue>().Add(new GrowSample.Body("demo", plan.Seed), key: "again"));
        (await Scalar($"SELECT SUM(rows_read) FROM batch")).ShouldBe(rows);
        (await Scalar($"SELECT COUNT(*) FROM resource")).ShouldBe(1081L);
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
