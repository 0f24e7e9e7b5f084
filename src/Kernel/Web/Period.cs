// In: the first and last day of a wish, either may lack. Out: a span of days that figures are counted over.
namespace Lizhou.Kernel.Web;

/// <summary>Days of the city, both inclusive.</summary>
public readonly record struct Period(DateOnly First, DateOnly Last)
{
    private const int Usual = 30;

    /// <summary>The thirty days up to today where nothing is said; days the wrong way round are turned.</summary>
    public static Period Of(DateOnly? first, DateOnly? last, TimeProvider clock)
    {
        var to = last ?? clock.Today();
        var from = first ?? (to.DayNumber < Usual ? DateOnly.MinValue : to.AddDays(1 - Usual));
        return from <= to ? new(from, to) : new(to, from);
    }

    /// <summary>As a page's form sends it; what is no day counts as not said.</summary>
    public static Period Of(string? first, string? last, TimeProvider clock) => Of(Day(first), Day(last), clock);

    public bool Holds(DateTimeOffset moment) => moment >= First.Midnight() && moment < Last.EndOfDay();

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;
}
