// In: a size and a seed. Out: departments, systems, catalogue entries and their data, through the doors everybody uses. Repeats nothing that is there already.
using System.Globalization;
using System.IO.Pipelines;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace Lizhou.Sample;

internal sealed class GrowSample(IUnitsBulk units, ICatalogBulk catalog, IIntake intake, ILogger<GrowSample> log) : IJob<GrowSample.Body>
{
    /// <summary>Entries published in one transaction.</summary>
    private const int Block = 250;

    /// <summary>Rows of one file: what is on the way never takes more room than this.</summary>
    private const long MostRows = 1_000_000;

    private static readonly Text Entries = new("登记目录", "catalogue");

    internal sealed record Body(string Size, ulong Seed);

    public async Task Run(Body body, JobRun run, CancellationToken stop)
    {
        var plan = Plan.Read();
        var resources = Catalogue.Of(plan, plan.Sizes[body.Size], body.Seed);
        await Departments(plan, body.Seed, stop);
        for (var at = 0; at < resources.Count; at += Block)
        {
            var entries = resources.Skip(at).Take(Block).Select(r => Entry(r, body.Seed)).ToList();
            Throw(await catalog.Publish(entries, Actor.System, stop));
            await run.Show(at + entries.Count, resources.Count, Entries.ToString());
        }

        var population = new Population(body.Seed, plan);
        var (rows, total) = (0L, plan.Sizes[body.Size].Rows);
        foreach (var resource in resources.Where(r => r.Rows > 0))
        {
            for (var from = 0L; from < resource.Rows; from += MostRows)
            {
                var count = Math.Min(MostRows, resource.Rows - from);
                await Collect(new SampleFile(plan, population, resource, body.Seed), resource, body, from, count, stop);
                await run.Show(rows += count, total, resource.Name);
            }
        }
    }

    /// <summary>The city and its departments; the same in every run of a seed.</summary>
    internal static IReadOnlyList<UnitCard> Units(Plan plan, ulong seed)
    {
        var root = Catalogue.IdOf(seed, "city");
        return
        [
            new(root, Catalogue.DepartmentCode(plan, 0), plan.City + Words.Of.Plan.Mark, null, true),
            .. plan.Departments.Select((d, i) => new UnitCard(UnitId(seed, i + 1), Catalogue.DepartmentCode(plan, i + 1), d.Name, root, true)),
        ];
    }

    private static Guid UnitId(ulong seed, int department) => Catalogue.IdOf(seed, "department/" + department.ToString(CultureInfo.InvariantCulture));

    private static Guid SystemId(ulong seed, int department, string system) => Catalogue.IdOf(seed, $"system/{department}/{system}");

    private static ResourceEntry Entry(PlannedResource resource, ulong seed) =>
        Catalogue.Entry(resource, UnitId(seed, resource.DepartmentNumber), SystemId(seed, resource.DepartmentNumber, resource.System), seed);

    private async Task Departments(Plan plan, ulong seed, CancellationToken stop)
    {
        var systems = plan.Departments.SelectMany((d, i) => d.Systems.Select(s => new SystemCard(SystemId(seed, i + 1, s), UnitId(seed, i + 1), s, true))).ToList();
        Throw(await units.Register(Units(plan, seed), systems, Actor.System, stop));
    }

    private async Task Collect(SampleFile file, PlannedResource resource, Body body, long from, long rows, CancellationToken stop)
    {
        var pipe = new Pipe();
        var writing = Task.Run(() => Write(file, pipe.Writer, from, rows, stop), stop);
        var name = $"{resource.Name}{Words.Of.Plan.Mark}.csv";
        await using var reading = pipe.Reader.AsStream();
        var landed = await intake.Collect(
            $"{resource.Class}/{resource.Serial}", name, reading, $"sample/{body.Seed}/{resource.Key}/{from}/{rows}", keep: body.Size == "demo", Actor.System, stop);
        await writing;
        if (landed.Refused)
        {
            // One refused file must not end the county; it stands in the list of batches with its reason.
            log.LogWarning("The sample's {Resource} was refused: {Problem}", name, landed.Problem);
        }
    }

    private static async Task Write(SampleFile file, PipeWriter into, long from, long rows, CancellationToken stop)
    {
        try
        {
            await using var stream = into.AsStream(leaveOpen: true);
            file.Write(stream, from, rows, stop);
            await into.CompleteAsync();
        }
        catch (Exception failure)
        {
            await into.CompleteAsync(failure);
            throw;
        }
    }

    private static void Throw<T>(Result<T> result)
    {
        if (result.Problem is { } problem)
        {
            throw new ProblemException(problem);
        }
    }
}
