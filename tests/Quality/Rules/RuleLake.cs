// A warehouse over real files and a real database, gone when the test ends.
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;

namespace Lizhou.Quality.Tests.Rules;

internal sealed class RuleLake : IAsyncDisposable
{
    public static readonly NewColumn[] Columns =
    [
        new("a", ColumnType.Text), new("b", ColumnType.Text), new("c", ColumnType.Text), new("n", ColumnType.Int64), new("m", ColumnType.Int64), new("d", ColumnType.Date), new("i", ColumnType.Text),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-rules-").FullName;
    private readonly StateStore state;
    private readonly Engine engine;
    private int appends;

    private RuleLake()
    {
        state = new StateStore(Path.Combine(folder, "state.db"));
        engine = new Engine(new EngineOptions([Warehouse.DataFolder(folder)], Path.Combine(folder, "temp")) { MemoryLimit = 512L << 20 });
    }

    public Warehouse Lake { get; private set; } = null!;

    public static async Task<RuleLake> Open()
    {
        var lake = new RuleLake();
        await SchemaScripts.Apply(lake.state, typeof(Warehouse).Assembly);
        lake.Lake = await Warehouse.Open(lake.state, lake.engine, lake.folder, new byte[32], TimeProvider.System);
        return lake;
    }

    public async Task Append(Table table, IReadOnlyList<string?[]> rows)
    {
        var arguments = new Arguments();
        var values = string.Join(", ", rows.Select(r => $"({string.Join(", ", r.Select((cell, i) => $"CAST({arguments.Add(cell)}::VARCHAR AS {Columns[i].Type.Engine})"))})"));
        var file = await Lake.Stage(table, $"SELECT * FROM (VALUES {values}) AS v({string.Join(", ", Columns.Select(c => c.Name))})", arguments.Values);
        (await Lake.Append(table, [file!], new Terms($"append {appends++}"))).Refused.ShouldBeFalse();
    }

    public async ValueTask DisposeAsync()
    {
        await Lake.DisposeAsync();
        engine.Dispose();
        state.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
