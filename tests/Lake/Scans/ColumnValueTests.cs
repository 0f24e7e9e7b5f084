// What callers may write for a value of each type: as a cell of a file is read, and nothing that only a programmer's parser takes.
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Tests.Scans;

public sealed class ColumnValueTests
{
    [Theory]
    [InlineData("2026-06-01T00:00:00Z", "2026-06-01 08:00:00")]
    [InlineData("2026-06-01T00:00:00+08:00", "2026-06-01 00:00:00")]
    [InlineData("2026-06-01 00:00:00-05:00", "2026-06-01 13:00:00")]
    [InlineData("2026-06-01T10:20:30.5", "2026-06-01 10:20:30.5")]
    [InlineData("2026-06-01", "2026-06-01 00:00:00")]
    [InlineData("06/23/2026", null)]
    [InlineData("23 June 2026", null)]
    [InlineData("10:00", null)]
    [InlineData("46000", null)]
    [InlineData("", null)]
    public void A_moment_is_city_time_unless_it_says_its_offset(string written, string? read) => ColumnValue.Text(ColumnType.Timestamp, written).ShouldBe(read);

    [Theory]
    [InlineData("time", "10:00", true)]
    [InlineData("time", "10:00 PM", false)]
    [InlineData("time", "25:00", false)]
    [InlineData("timestamptz", "2026-06-01 00:00:00+08:00", true)]
    [InlineData("timestamptz", "23 June 2026", false)]
    [InlineData("date", "2026-06-01", true)]
    [InlineData("date", "01/06/2026", false)]
    public void Days_and_times_have_one_form(string type, string written, bool good) => (ColumnValue.Text(ColumnType.Parse(type), written) is not null).ShouldBe(good);
}
