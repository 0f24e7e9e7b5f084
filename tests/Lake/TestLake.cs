// A warehouse over real files and a real database, on SQLite or PostgreSQL, gone when the test ends.
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake.Reading;
using Lizhou.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Lake.Tests;

internal sealed class TestLake : IAsyncDisposable
{
    private readonly TempLake place = new();
    private int keys;

    private TestLake(StateKind kind)
    {
        State = new StateStore(kind == StateKind.PostgreSql ? Servers.Postgres() : place.Path("state.db"));
        Engine = place.Engine();
    }

    public static readonly byte[] SealKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public StateStore State { get; }

    public Engine Engine { get; }

    public Warehouse Lake { get; private set; } = null!;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public string Folder => place.Path();

    public static async Task<TestLake> Open(StateKind kind)
    {
        var lake = new TestLake(kind);
        await SchemaScripts.Apply(lake.State, typeof(Warehouse).Assembly);
        lake.Lake = await Warehouse.Open(lake.State, lake.Engine, lake.Folder, SealKey, lake.Clock);
        return lake;
    }

    /// <summary>Fresh terms; every call has its own key.</summary>
    public Terms Terms(string? key = null) => new(key ?? $"k{Interlocked.Increment(ref keys)}", "tester", "a test");

    public async Task<Table> Create(string name = "人口", string layer = "landing") =>
        (await Lake.CreateTable(layer, name, [new("id", ColumnType.Int64, false), new("姓名", ColumnType.Text), new("amount", ColumnType.Decimal(18, 2))], Terms())).Value;

    /// <summary>Stages rows (id, 姓名, amount).</summary>
    public async Task<StagedFile> Stage(Table table, params (long Id, string? Name, decimal Amount)[] rows)
    {
        var arguments = new Arguments();
        var values = string.Join(", ", rows.Select(r => $"({arguments.Add(r.Id)}::BIGINT, {arguments.Add(r.Name)}::VARCHAR, {arguments.Add(r.Amount)}::DECIMAL(18,2))"));
        return (await Lake.Stage(table, $"SELECT * FROM (VALUES {values}) AS v({SqlText.Names(table.Columns.Take(3).Select(c => c.Name))})", arguments.Values))!;
    }

    public async Task<Write> Append(Table table, params (long Id, string? Name, decimal Amount)[] rows) =>
        (await Lake.Append(table, [await Stage(table, rows)], Terms())).Value;

    /// <summary>The rows a snapshot shows, each as text, in the order of the text.</summary>
    public async Task<string[]> Rows(Table table, long? at = null)
    {
        var plan = (await Lake.Plan(table.Id, at)).ShouldNotBeNull();
        return await Rows(plan);
    }

    public async Task<string[]> Rows(ReadPlan plan)
    {
        var rows = await Engine.Rows(plan, (relation, _) => $"SELECT * FROM {relation}", row =>
            string.Join("|", Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "∅" : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture))));
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (Lake is not null)
        {
            await Lake.DisposeAsync();
        }

        Engine.Dispose();
        State.Dispose();
        place.Dispose();
    }
}
