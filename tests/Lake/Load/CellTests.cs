// The many ways a department writes the same value, and what the stored one is.
using System.Text;
using CsCheck;

namespace Lizhou.Lake.Tests.Loading;

public sealed class CellTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-7", -7)]
    [InlineData("+42", 42)]
    [InlineData("1,280", 1280)]
    [InlineData("１２８０", 1280)]
    [InlineData("12.00", 12)]
    [InlineData("3万", 30000)]
    [InlineData("1.2e3", 1200)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Whole_numbers(string text, long expected)
    {
        CellNumbers.Integer(Encoding.UTF8.GetBytes(text), out var value).ShouldBe(Cell.Good);
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("1280.5", 128050)]
    [InlineData("¥1,280.50", 128050)]
    [InlineData("￥１，２８０．５０元", 128050)]
    [InlineData("3.2万元", 3200000)]
    [InlineData("0.1亿", 1000000000)]
    [InlineData("-0.01", -1)]
    [InlineData("1.5E+2", 15000)]
    [InlineData("1.100", 110)]
    [InlineData(".5", 50)]
    [InlineData("000000000000000000000000012", 1200)]
    public void Decimals_are_exact(string text, long cents)
    {
        CellNumbers.Scaled(Encoding.UTF8.GetBytes(text), 18, 2, out var value).ShouldBe(Cell.Good);
        value.ShouldBe((Int128)cents);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2345")]
    [InlineData(",123")]
    [InlineData("1.2.3")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("5 6")]
    [InlineData("万")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("一百")]
    public void What_is_no_number(string text) => CellNumbers.Scaled(Encoding.UTF8.GetBytes(text), 18, 2, out _).ShouldBe(Cell.NotNumber);

    [Theory]
    [InlineData("2026-11-24")]
    [InlineData("2026/11/24")]
    [InlineData("2026.11.24")]
    [InlineData("20261124")]
    [InlineData("2026年11月24日")]
    [InlineData("２０２６－１１－２４")]
    [InlineData("2026-11-24 00:00:00")]
    [InlineData("2026-11-24T00:00:00.000")]
    [InlineData("46350", DateStyles.Serial1900)]
    [InlineData("44888", DateStyles.Serial1904)]
    [InlineData("24/11/2026", DateStyles.DayFirst)]
    [InlineData("11/24/2026", DateStyles.MonthFirst)]
    public void Days(string text, DateStyles styles = DateStyles.YearFirst)
    {
        CellDates.Day(Encoding.UTF8.GetBytes(text), styles, out var days).ShouldBe(Cell.Good);
        new DateOnly(1970, 1, 1).AddDays(days).ShouldBe(new DateOnly(2026, 11, 24));
    }

    [Theory]
    [InlineData("2026-11-24 15:30:00")]
    [InlineData("2026-11-24T15:30")]
    [InlineData("20261124153000")]
    [InlineData("2026年11月24日15时30分")]
    [InlineData("2026/11/24 15:30:00.000000")]
    [InlineData("2026-11-24T07:30:00Z")]
    [InlineData("2026-11-24T07:30:00+00:00")]
    [InlineData("2026-11-24 15:30:00+08")]
    [InlineData("46350.645833333", DateStyles.Serial1900)]
    [InlineData("11/24/2026 03:30:00 PM", DateStyles.MonthFirst)]
    [InlineData("24/11/2026 3:30pm", DateStyles.DayFirst)]
    [InlineData("2026-11-24 3:30 PM")]
    public void Moments(string text, DateStyles styles = DateStyles.YearFirst)
    {
        CellDates.Moment(Encoding.UTF8.GetBytes(text), styles, out var micros).ShouldBe(Cell.Good);
        DateTime.UnixEpoch.AddMicroseconds(micros).ShouldBe(new DateTime(2026, 11, 24, 15, 30, 0));
    }

    [Theory]
    [InlineData("2026-11-24 12:30 AM", 0)]
    [InlineData("2026-11-24 1:30:00 am", 1)]
    [InlineData("2026-11-24 12:30 PM", 12)]
    [InlineData("2026-11-24 11:30 PM", 23)]
    [InlineData("2026-11-24 13:30 PM", null)]
    [InlineData("2026-11-24 0:30 AM", null)]
    [InlineData("2026-11-24 1530 PM", null)]
    [InlineData("2026-11-24 PM", null)]
    public void A_clock_of_twelve_hours_says_which_half(string text, int? hour)
    {
        var read = CellDates.Moment(Encoding.UTF8.GetBytes(text), DateStyles.YearFirst, out var micros);
        (read, hour is null ? null : (int?)(micros / 3_600_000_000 % 24)).ShouldBe((hour is null ? Cell.NotDateTime : Cell.Good, hour));
    }

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("2026-1")]
    [InlineData("26-11-24")]
    [InlineData("2026-11/24")]
    [InlineData("46350")]
    [InlineData("2026-11-24-")]
    [InlineData("epoch")]
    public void What_is_no_day(string text) => CellDates.Day(Encoding.UTF8.GetBytes(text), DateStyles.YearFirst, out _).ShouldBe(Cell.NotDate);

    [Fact]
    public void Every_day_of_four_centuries_is_counted_as_the_calendar_does()
    {
        for (var day = new DateOnly(1800, 1, 1); day < new DateOnly(2200, 1, 1); day = day.AddDays(1))
        {
            CellDates.Day(Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd")), DateStyles.YearFirst, out var days);
            if (days != day.DayNumber - new DateOnly(1970, 1, 1).DayNumber)
            {
                days.ShouldBe(day.DayNumber - new DateOnly(1970, 1, 1).DayNumber, day.ToString("O"));
            }
        }
    }

    [Fact]
    public void Hostile_bytes_never_throw() => Gen.Byte.Array[1, 60].Sample(bytes =>
    {
        foreach (var styles in new[] { DateStyles.YearFirst, DateStyles.Serial1900 | DateStyles.DayFirst })
        {
            CellDates.Day(bytes, styles, out _);
            CellDates.Moment(bytes, styles, out _);
        }

        CellNumbers.Integer(bytes, out _);
        CellNumbers.Scaled(bytes, 38, 10, out _);
        CellNumbers.Real(bytes, out _);
        CellText.Trim(bytes).Length.ShouldBeLessThanOrEqualTo(bytes.Length);
    });

    [Fact]
    public async Task Typed_values_blanks_and_nulls_arrive_in_the_file()
    {
        await using var lake = await LoadingLake.Open(
            new LoadColumn("t", LoadType.Text), new LoadColumn("i", LoadType.Integer), new LoadColumn("d4", LoadType.Decimal) { Precision = 4, Scale = 1 },
            new LoadColumn("d9", LoadType.Decimal) { Precision = 9, Scale = 3 }, new LoadColumn("d38", LoadType.Decimal) { Precision = 38, Scale = 6 },
            new LoadColumn("r", LoadType.Real), new LoadColumn("day", LoadType.Date), new LoadColumn("at", LoadType.DateTime), new LoadColumn("b", LoadType.Boolean));
        var outcome = await lake.Load(lake.Chunk(
            [" 永康\u00A0", "-1", "12.5", "1.5", "-12345678901234567890123456789012.5", "1.5e300", "1969-12-31", "1969-12-31 23:59:59.5", "是"],
            [null, " ", null, null, null, null, null, null, "No"]));
        (await lake.Rows(outcome)).ShouldBe(
            ["永康|-1|12.5|1.500|-12345678901234567890123456789012.500000|1.5e+300|1969-12-31|1969-12-31 23:59:59.5|true", "∅|∅|∅|∅|∅|∅|∅|∅|false"]);
        var profile = outcome.Profile.ToDictionary(p => p.Name);
        profile["t"].ShouldBe(new ColumnProfile("t", 1, 1, "永康", "永康"));
        profile["d38"].Min.ShouldBe("-12345678901234567890123456789012.500000");
        profile["day"].Max.ShouldBe("1969-12-31");
        profile["b"].ShouldBe(new ColumnProfile("b", 0, 2, "false", "true"));
    }

    [Fact]
    public async Task A_column_that_changes_its_type_late_loses_only_that_row()
    {
        await using var lake = await LoadingLake.Open(new LoadColumn("n", LoadType.Integer), new LoadColumn("t", LoadType.Text));
        var text = new StringBuilder();
        for (var i = 1; i <= 1_000_000; i++)
        {
            text.Append(i).Append(',').Append(i == 999_999 ? "缺失" : $"{i % 5000}").Append(",t").Append(i % 77).Append('\n');
        }

        var outcome = await lake.Load(lake.Raw(0, Encoding.UTF8.GetBytes(text.ToString())));
        outcome.Counts.ShouldBe(new LoadCounts(999_999, 1, 0, 0));
        outcome.Rejects.Single().Row.ShouldBe(999_999);
        outcome.Files.Sum(f => f.Rows).ShouldBe(999_999);
        outcome.Profile[0].Distinct.ShouldBeInRange(4500, 5500);
        outcome.Profile[1].Distinct.ShouldBeInRange(70, 85);
    }
}
