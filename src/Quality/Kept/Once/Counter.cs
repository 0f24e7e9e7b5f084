// In: drawn values of a column, and how many different ones it has. Out: whether they are a counter: a prefix and the numbers from 0 or 1 on, hardly one left out.
// Two registers that number what they hold in this way have the same numbers, whatever they hold.
using System.Globalization;

namespace Lizhou.Quality.Kept.Once;

internal static class Counter
{
    private const double Dense = 1.25;
    private const int LongestNumber = 18;

    /// <summary>A year or a code of a place before the number.</summary>
    private const int LeastFixed = 4;

    public static bool Is(IReadOnlyCollection<string> drawn, long distinct)
    {
        if (drawn.Count == 0)
        {
            return false;
        }

        var common = Common(drawn);
        var words = common.TrimEnd("0123456789".ToCharArray());
        return Counts(drawn, words.Length, distinct) || (common.Length - words.Length >= LeastFixed && Counts(drawn, words.Length + LeastFixed, distinct));
    }

    private static bool Counts(IReadOnlyCollection<string> drawn, int prefix, long distinct)
    {
        long least = long.MaxValue, most = 0;
        foreach (var value in drawn)
        {
            if (value.Length == prefix || value.Length > prefix + LongestNumber || !long.TryParse(value.AsSpan(prefix), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            (least, most) = (Math.Min(least, number), Math.Max(most, number));
        }

        // Of many rows some are drawn, and the first number need not be among them.
        var first = distinct <= drawn.Count ? 1 : 1 + (10 * distinct / drawn.Count);
        return least <= first && most <= Dense * distinct + 1;
    }

    private static string Common(IReadOnlyCollection<string> values)
    {
        var common = values.First();
        foreach (var value in values)
        {
            var same = 0;
            while (same < common.Length && same < value.Length && common[same] == value[same])
            {
                same++;
            }

            common = common[..same];
        }

        return common;
    }
}
