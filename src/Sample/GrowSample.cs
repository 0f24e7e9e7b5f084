// In: a size and a seed. Out: departments, systems, catalogue entries, the models of the small county and the data, through the doors everybody uses. Repeats nothing that is there already.
using System.Globalization;
using System.IO.Pipelines;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace Lizhou.Sample;

internal sealed class GrowSample(IUnitsBulk units, ICatalogBulk catalog, IIntake intake, Settings settings, ILogger<GrowSample> log) : IJob<GrowSample.Body>
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

        if (body.Size == "demo")
        {
            await Models(Path.Combine(settings.Data, "models"), stop);
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

    /// <summary>The city, its departments, its towns, and villages that are units themselves; the same in every run of a seed.</summary>
    internal static IReadOnlyList<UnitCard> Units(Plan plan, ulong seed)
    {
        var root = Catalogue.IdOf(seed, "city");
        return
        [
            new(root, Catalogue.DepartmentCode(plan, 0), plan.City + Words.Of.Plan.Mark, null, true),
            .. plan.Departments.Select((d, i) => new UnitCard(UnitId(seed, i + 1), Catalogue.DepartmentCode(plan, i + 1), d.Name, root, true)),
            .. Places(plan, root, seed),
        ];
    }

    /// <summary>Their codes come after those of the departments.</summary>
    private static IEnumerable<UnitCard> Places(Plan plan, Guid root, ulong seed)
    {
        var (words, from) = (Words.Of, plan.Departments.Count + 1);
        Guid Id(byte[] code) => Catalogue.IdOf(seed, "place/" + LivePlan.Text(code));
        var villages = words.Villages.Where(v => LivePlan.Of.Villages.Contains(LivePlan.Text(v.Code)));
        return words.Towns.Select((t, i) => new UnitCard(Id(t.Code), Catalogue.DepartmentCode(plan, from + i), LivePlan.UnitOf(t.Name), root, true))
            .Concat(villages.Select((v, i) => new UnitCard(Id(v.Code), Catalogue.DepartmentCode(plan, from + words.Towns.Count + i), LivePlan.UnitOf(v.Name), Id(words.Towns[v.Town].Code), true)));
    }

    private static Guid UnitId(ulong seed, int department) => Catalogue.IdOf(seed, "department/" + department.ToString(CultureInfo.InvariantCulture));

    private static Guid SystemId(ulong seed, int department, string system) => Catalogue.IdOf(seed, $"system/{department}/{system}");

    /// <summary>Puts the county's models where a city keeps its own; a file that is there already is left as it is.</summary>
    private static async Task Models(string folder, CancellationToken stop)
    {
        const string Of = "models/";
        Directory.CreateDirectory(folder);
        foreach (var name in typeof(GrowSample).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Of, StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, name[Of.Length..] + ".sql");
            if (!File.Exists(path))
            {
                using var text = Plan.Open(name);
                await File.WriteAllTextAsync(path + ".new", await text.ReadToEndAsync(stop), stop);
                File.Move(path + ".new", path);
            }
        }
    }

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
