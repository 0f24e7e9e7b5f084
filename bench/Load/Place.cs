// A warehouse in a folder of its own, and the stop watch: wall and CPU seconds of a piece of work in this process.
using System.Diagnostics;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Load.Bench;

internal readonly record struct Took(double Wall, double Cpu)
{
    public static Took Median(IEnumerable<Took> all)
    {
        var list = all.ToList();
        return new Took(list.Select(t => t.Wall).Order().ElementAt(list.Count / 2), list.Select(t => t.Cpu).Order().ElementAt(list.Count / 2));
    }

    /// <summary>The medians of <c>base ÷ other</c> over the pairs: the two of a pair ran in the same minute, so a slow one of the machine falls on both.</summary>
    public static string Ratio(IReadOnlyList<Took> bases, IReadOnlyList<Took> others)
    {
        double Middle(Func<Took, double> of) => bases.Zip(others, (b, o) => of(b) / of(o)).Order().ElementAt(bases.Count / 2);
        return $"wall {Middle(t => t.Wall):F2}, CPU {Middle(t => t.Cpu):F2}";
    }
}

internal sealed class Place : IAsyncDisposable
{
    private readonly StateStore state;
    private int loads;

    private Place(string folder)
    {
        Folder = folder;
        state = new StateStore(Path.Combine(folder, "state.db"));
        Engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder), Path.Combine(folder, "staging")], Path.Combine(folder, "temp")) { MemoryLimit = 4L << 30 });
    }

    public string Folder { get; }

    public string Staging => Path.Combine(Folder, "staging");

    public Engine Engine { get; }

    public Warehouse Lake { get; private set; } = null!;

    public Table Table { get; private set; } = null!;

    public static IReadOnlyList<LoadColumn> Columns { get; } =
    [
        new("id", LoadType.Text) { Check = ValueCheck.IdNumber, Required = true },
        new("unit", LoadType.Text) { Check = ValueCheck.CreditCode },
        new("name", LoadType.Text) { Required = true, MaxLength = 30 },
        new("phone", LoadType.Text) { Pattern = "1[3-9][0-9]{9}" },
        new("birth", LoadType.Date),
        new("amount", LoadType.Decimal) { Precision = 12, Scale = 2 },
        new("number", LoadType.Integer),
        new("reported", LoadType.DateTime),
        new("address", LoadType.Text),
        new("class", LoadType.Text) { Codes = ["10", "11", "12", "13", "14", "15", "16", "17", "18"] },
        new("note", LoadType.Text),
    ];

    public static async Task<Place> Open(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        var place = new Place(folder);
        await SchemaScripts.Apply(place.state, typeof(Warehouse).Assembly);
        place.Lake = await Warehouse.Open(place.state, place.Engine, folder, new byte[32], TimeProvider.System);
        place.Table = (await place.Lake.CreateTable("landing", "persons", Origin.TableOf(Columns), new Terms("bench"))).Value;
        return place;
    }

    public LoadPlan Plan()
    {
        var batch = $"b{++loads}";
        return new LoadPlan(batch, Table, Path.Combine(Staging, batch), Columns);
    }

    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    public static async Task<Took> Time(Func<Task> work)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var wall = Stopwatch.StartNew();
        await work();
        process.Refresh();
        return new Took(wall.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    public ValueTask DisposeAsync()
    {
        Engine.Dispose();
        state.Dispose();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
