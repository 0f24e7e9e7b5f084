// Inputs that are no text files: rows of a database, Parquet files, and records that an earlier stage refused.
using Lizhou.Kernel;

namespace Lizhou.Lake.Tests.Loading;

public sealed class SourceTests
{
    private static readonly LoadColumn[] Columns =
    [
        new("id", LoadType.Integer), new("name", LoadType.Text), new("amount", LoadType.Decimal) { Precision = 10, Scale = 2 }, new("at", LoadType.DateTime), new("yes", LoadType.Boolean),
    ];

    [Fact]
    public async Task Rows_of_a_database_pass_the_same_gate()
    {
        await using var lake = await LoadingLake.Open(Columns);
        await using var connection = await lake.Inner.State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            SELECT i, CASE WHEN i % 2 = 0 THEN 'a,"b' || char(10) || i END, i * 0.25, '2026-11-24 15:30:00', CASE WHEN i = 77 THEN 'perhaps' ELSE i % 2 END FROM n
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var folder = Path.Combine(lake.Inner.Folder, "staging", "rows");
        var outcome = (await new GovernedLoad(lake.Warehouse).Run(lake.Plan(), RowChunks.Of(reader, folder, bytes: 64 << 10))).Value;
        outcome.Counts.ShouldBe(new LoadCounts(4999, 1, 0, 0));
        outcome.Files.Count.ShouldBeGreaterThan(1);
        outcome.Rejects.Single().Row.ShouldBe(77);
        Directory.EnumerateFiles(folder).ShouldBeEmpty();
        (await lake.Rows(outcome)).Take(2).ShouldBe(["1|∅|0.25|2026-11-24 15:30:00|true", "2|a,\"b\n2|0.50|2026-11-24 15:30:00|false"]);
    }

    [Fact]
    public async Task A_Parquet_file_is_cast_to_the_contract()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var file = Path.Combine(lake.Inner.Folder, "staging", "in.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await lake.Inner.Engine.Write(s => s.Execute($"""
            COPY (SELECT 'extra' AS other, i::DOUBLE AS id, 'n' || i AS name, (i / 8.0)::DOUBLE AS amount, TIMESTAMP '2026-01-01 00:00:00' + to_hours(i::INTEGER) AS at, i > 1 AS yes
            FROM range(1, 4) t(i)) TO {SqlText.Literal(file)}
            """));
        var outcome = await lake.Load(new LoadChunk(0, 0, file) { Parquet = true });
        (await lake.Rows(outcome, "_record")).ShouldBe(["2|n2|0.25|2026-01-01 02:00:00|true|2"]);
        outcome.Rejects.Select(r => (r.Row, r.Faults[0].Problem.Code)).ShouldBe([(1L, "LOD-105"), (3L, "LOD-105")]);
    }

    [Fact]
    public async Task Records_refused_before_are_counted_and_told_with_the_others()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var problem = new Problem("TAB-900", 422, new("列数不符", "Wrong number of cells"), new("请核对", "Check it"));
        var refused = new Reject(0, 2, ["only", null], [new CellFault(null, null, problem)]);
        var chunk = lake.Chunk(0, [(1, ["1", "a", "1", null, null]), (3, ["x", "b", "1", null, null])]) with { Refused = [refused] };
        var outcome = await lake.Load(chunk);
        outcome.Counts.ShouldBe(new LoadCounts(1, 2, 0, 0));
        var told = outcome.Rejects.OrderBy(r => r.Row).ToList();
        told[0].Faults.Single().Problem.ShouldBe(problem);
        told[0].Cells.ShouldBe(["only", null]);
        told[1].Row.ShouldBe(3);
    }
}
