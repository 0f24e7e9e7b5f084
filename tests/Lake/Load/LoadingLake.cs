// A lake with one table to load into: writes chunks as the chunker would, runs loads, reads back what was staged.
using System.Text;
using Lizhou.Kernel;

namespace Lizhou.Lake.Tests.Loading;

internal sealed class LoadingLake : IAsyncDisposable
{
    private readonly TestLake lake;
    private int next;

    private LoadingLake(TestLake lake, Table table, IReadOnlyList<LoadColumn> columns) => (this.lake, Table, Columns) = (lake, table, columns);

    public Table Table { get; }

    public IReadOnlyList<LoadColumn> Columns { get; }

    public Warehouse Warehouse => lake.Lake;

    public TestLake Inner => lake;

    public static async Task<LoadingLake> Open(params LoadColumn[] columns)
    {
        var inner = await TestLake.Open(StateKind.Sqlite);
        var table = (await inner.Lake.CreateTable("landing", "loaded", Origin.TableOf(columns), inner.Terms())).Value;
        return new LoadingLake(inner, table, columns);
    }

    public LoadPlan Plan(string? batch = null, params string[] key)
    {
        batch ??= $"b{++next}";
        return new LoadPlan(batch, Table, Path.Combine(lake.Folder, "staging", batch), Columns) { Key = key };
    }

    /// <summary>A chunk of these records; a null cell is left empty, others are quoted as needed.</summary>
    public LoadChunk Chunk(int sequence, IEnumerable<(long Number, string?[] Cells)> records, int file = 0)
    {
        var text = new StringBuilder();
        foreach (var (number, cells) in records)
        {
            text.Append(number).Append(',').AppendJoin(',', cells.Select(Quoted)).Append('\n');
        }

        return Raw(sequence, new UTF8Encoding(false).GetBytes(text.ToString()), file);
    }

    public LoadChunk Chunk(params string?[][] rows) => Chunk(0, rows.Select((r, i) => (i + 1L, r)));

    public LoadChunk Raw(int sequence, byte[] bytes, int file = 0)
    {
        var path = Path.Combine(lake.Folder, "staging", $"chunk-{Guid.CreateVersion7():N}.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return new LoadChunk(sequence, file, path);
    }

    public async Task<LoadOutcome> Load(LoadPlan plan, params LoadChunk[] chunks) =>
        (await new GovernedLoad(Warehouse).Run(plan, chunks.ToAsyncEnumerable(), null, TestContext.Current.CancellationToken)).Value;

    public Task<LoadOutcome> Load(params LoadChunk[] chunks) => Load(Plan(), chunks);

    /// <summary>The accepted rows of an outcome as texts joined by '|' (null is ∅), in order of source and record.</summary>
    public async Task<IReadOnlyList<string>> Rows(LoadOutcome outcome, params string[] extra)
    {
        if (outcome.Files.Count == 0)
        {
            return [];
        }

        var columns = string.Join(", ", Columns.Select(c => c.Name).Concat(extra).Select(c => $"coalesce(CAST({SqlText.Name(c)} AS VARCHAR), '∅')"));
        return await lake.Engine.Read(s => s.Rows(
            $"SELECT concat_ws('|', {columns}) FROM read_parquet({SqlText.List(outcome.Files.Select(f => f.Path))}) ORDER BY _source_file, _record", r => r.GetString(0)));
    }

    public async Task Commit(LoadOutcome outcome) => (await Warehouse.Append(Table, outcome.Files, lake.Terms())).Value.ShouldNotBeNull();

    public ValueTask DisposeAsync() => lake.DisposeAsync();

    private static string Quoted(string? cell) =>
        cell is null ? "" : cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
