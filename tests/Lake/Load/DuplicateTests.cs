// Keys: what is the same again, what is an update, what contradicts itself.
namespace Lizhou.Lake.Tests.Loading;

public sealed class DuplicateTests
{
    private static readonly LoadColumn[] Columns = [new("id", LoadType.Integer), new("name", LoadType.Text), new("day", LoadType.Date)];

    [Fact]
    public async Task Within_a_batch_the_same_row_is_a_duplicate_and_another_content_is_rejected()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var plan = lake.Plan(null, "id");
        var outcome = await lake.Load(
            plan,
            lake.Chunk(0, [(1, ["1", "a", "2026-01-01"]), (2, ["2", "b", null]), (3, [" 1 ", "a", "2026/1/1"]), (4, ["x", "a", null])]),
            lake.Chunk(1, [(5, ["2", "other", null]), (6, ["2", "b", null]), (7, ["3", "c", null]), (8, [null, "no key", null])]));
        outcome.Counts.ShouldBe(new LoadCounts(3, 3, 2, 0));
        outcome.Counts.Read.ShouldBe(8);
        (await lake.Rows(outcome, "_record")).ShouldBe(["1|a|2026-01-01|1", "2|b|∅|2", "3|c|∅|7"]);
        var conflict = outcome.Rejects.Single(r => r.Faults[0].Problem.Code == "LOD-202");
        (conflict.Row, conflict.Faults[0].Column, conflict.Faults[0].Value).ShouldBe((5L, "id", "2"));
        conflict.Cells.ShouldBe(["2", "other", null]);
        outcome.Rejects.Select(r => r.Row).Order().ShouldBe([4L, 5L, 8L]);
    }

    [Fact]
    public async Task Against_the_table_the_same_row_is_a_duplicate_and_another_content_an_update()
    {
        await using var lake = await LoadingLake.Open(Columns);
        await lake.Commit(await lake.Load(lake.Plan(null, "id"), lake.Chunk(["1", "a", null], ["2", "b", null], ["3", "c", "2026-01-01"])));
        var outcome = await lake.Load(lake.Plan(null, "id"), lake.Chunk(["1", "a", null], ["2", "new", null], ["3", "c", "20260101"], ["4", "d", null], ["3", "c", "2026-01-02"]));
        outcome.Counts.ShouldBe(new LoadCounts(2, 1, 2, 0));
        outcome.Updates.ShouldBe(1);
        (await lake.Rows(outcome)).ShouldBe(["2|new|∅", "4|d|∅"]);
    }

    [Fact]
    public async Task A_batch_that_is_there_already_adds_nothing()
    {
        await using var lake = await LoadingLake.Open(Columns);
        string[][] rows = [.. Enumerable.Range(0, 5000).Select(i => new[] { $"{i}", $"n{i}", "2026-01-01" })];
        await lake.Commit(await lake.Load(lake.Plan(null, "id", "name"), lake.Chunk(rows)));
        var outcome = await lake.Load(lake.Plan(null, "id", "name"), lake.Chunk(rows));
        outcome.Counts.ShouldBe(new LoadCounts(0, 0, 5000, 0));
        outcome.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_key_every_row_is_new()
    {
        await using var lake = await LoadingLake.Open(Columns);
        var outcome = await lake.Load(lake.Chunk(["1", "a", null], ["1", "a", null]));
        outcome.Counts.ShouldBe(new LoadCounts(2, 0, 0, 0));
    }
}
