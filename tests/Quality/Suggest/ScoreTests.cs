// Rules found in dirty tables, accepted unseen at the default confidence, against the clean tables cell by cell. Floors lie a little under docs/benchmarks.md.
using Lizhou.Quality.Files;
using Lizhou.Tests.Support;

namespace Lizhou.Quality.Tests.Suggest;

public sealed class ScoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("beers", 0.99, 0.98)]
    [InlineData("flights", 0.985, 0.93)]
    [InlineData("hospital", 0.98, 0.96)]
    public void Wrong_cells_are_found_and_mended(string set, double detection, double repair)
    {
        var dirty = TableFile.Read(Path.Combine(Shared.Path("cleaning"), set, "dirty.csv")).Value;
        var clean = TableFile.Read(Path.Combine(Shared.Path("cleaning"), set, "clean.csv")).Value;
        var score = Score.Of(dirty, clean, CheckTable.Suggest(dirty, CheckTable.Sure, Now).Cells);
        score.F1.ShouldBeGreaterThanOrEqualTo(detection);
        score.RepairF1.ShouldBeGreaterThanOrEqualTo(repair);
    }

    [Theory]
    [InlineData("beers")]
    [InlineData("flights")]
    [InlineData("hospital")]
    public void Clean_tables_are_left_alone(string set)
    {
        var clean = TableFile.Read(Path.Combine(Shared.Path("cleaning"), set, "clean.csv")).Value;
        var alarms = CheckTable.Suggest(clean, CheckTable.Sure, Now).Cells.Count;
        ((double)alarms / clean.Rows / clean.Columns.Count).ShouldBeLessThanOrEqualTo(0.0005);
    }
}
