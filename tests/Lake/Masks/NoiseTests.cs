// Noise leaves no value as it is, whatever its size, and sums of many about as they are.
using CsCheck;
using System.Globalization;
using Lizhou.Lake.Masks;

namespace Lizhou.Lake.Tests.Masks;

public sealed class NoiseTests
{
    private static readonly MaskPlan Whole = new(MaskWay.Noise, MaskOf.Number, 0, long.MaxValue);

    [Fact]
    public void No_whole_number_keeps_its_value_under_any_key_and_all_stay_whole_and_near() =>
        Gen.Select(Gen.OneOf(Gen.Long[-20, 20], Gen.Long[-100_000, 100_000], Gen.Long), Gen.Byte.Array[16]).Sample((number, key) =>
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            var masked = long.Parse(MaskText.Apply(Whole, key, text), CultureInfo.InvariantCulture);
            masked.ShouldNotBe(number);
            Math.Abs((decimal)masked - number).ShouldBeLessThanOrEqualTo(Math.Max(2, (Math.Abs((decimal)number) / 10) + 1));
            MaskText.Apply(Whole, key, text).ShouldBe(masked.ToString(CultureInfo.InvariantCulture), "asked again");
        }, iter: 20_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-3)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(4_000)]
    public void Each_number_moves_both_ways_and_the_mean_over_grants_stays(long number)
    {
        var masked = Enumerable.Range(0, 4_000).Select(i => long.Parse(MaskText.Apply(Whole, BitConverter.GetBytes(i), number.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture)).ToList();
        var around = Math.Max(2, Math.Abs(number) / 10.0);
        masked.Average().ShouldBe(number, around * 0.06, "within four standard errors");
        masked.ShouldContain(m => m > number);
        masked.ShouldContain(m => m < number);
        masked.Distinct().Count().ShouldBeGreaterThanOrEqualTo(4, "which it was is not told by what became of it");
    }

    [Theory]
    [InlineData("0.00", 2)]
    [InlineData("0.01", 2)]
    [InlineData("-0.10", 2)]
    [InlineData("12.5", 1)]
    [InlineData("0", -1)]
    [InlineData("-2.5", -1)]
    [InlineData("12345678901234567890.12345678", 8)]
    [InlineData("-99999999999999999999", 18)]
    [InlineData("79228162514264337593543950335", 28)]
    public void Fractions_keep_their_scale_and_not_their_value(string text, int scale)
    {
        foreach (var key in Enumerable.Range(0, 500).Select(BitConverter.GetBytes))
        {
            var masked = MaskText.Apply(new(MaskWay.Noise, MaskOf.Number, scale), key, text);
            double.Parse(masked, CultureInfo.InvariantCulture).ShouldNotBe(double.Parse(text, CultureInfo.InvariantCulture));
            (scale < 0 || decimal.Parse(masked, CultureInfo.InvariantCulture).Scale <= scale).ShouldBeTrue(masked);
        }
    }

    [Theory]
    [InlineData("127", 127)]
    [InlineData("-127", 127)]
    [InlineData("99", 99)]
    [InlineData("9", 9)]
    public void What_would_leave_the_type_goes_the_other_way(string text, int most)
    {
        foreach (var key in Enumerable.Range(0, 500).Select(BitConverter.GetBytes))
        {
            var masked = int.Parse(MaskText.Apply(MaskPlan.Parse(new MaskPlan(MaskWay.Noise, MaskOf.Number, 0, most).ToString()), key, text), CultureInfo.InvariantCulture);
            Math.Abs(masked).ShouldBeLessThanOrEqualTo(most);
            masked.ShouldNotBe(int.Parse(text, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void No_day_and_no_moment_keeps_its_place()
    {
        foreach (var key in Enumerable.Range(0, 2_000).Select(BitConverter.GetBytes))
        {
            MaskText.Apply(new(MaskWay.Noise, MaskOf.Date), key, "2026-11-29").ShouldNotBe("2026-11-29");
            MaskText.Apply(new(MaskWay.Noise, MaskOf.Moment), key, "2026-11-29 10:00:00").ShouldNotBe("2026-11-29 10:00:00");
        }
    }
}
