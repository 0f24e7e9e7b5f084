// How far two texts are from each other.
namespace Lizhou.Quality.Suggest;

internal static class Distance
{
    /// <summary>The one character that stands wherever a text of the same length differs from another; null when more than one does, none, or too many places differ.</summary>
    public static (char Standin, int Places)? Stood(ReadOnlySpan<char> text, ReadOnlySpan<char> right)
    {
        if (text.Length != right.Length || text.Length < 2)
        {
            return null;
        }

        var (standin, places) = ('\0', 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == right[i])
            {
                continue;
            }

            if (places++ > 0 && text[i] != standin)
            {
                return null;
            }

            standin = text[i];
        }

        return places > 0 && places <= Math.Max(1, text.Length / 2) ? (standin, places) : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one to the other; more than <paramref name="most"/> is told as <paramref name="most"/> + 1.</summary>
    public static int Within(ReadOnlySpan<char> one, ReadOnlySpan<char> other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most || one.Length > 256)
        {
            return most + 1;
        }

        Span<int> before = stackalloc int[other.Length + 1], last = stackalloc int[other.Length + 1], now = stackalloc int[other.Length + 1];
        for (var j = 0; j <= other.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            now[0] = i;
            var least = now[0];
            for (var j = 1; j <= other.Length; j++)
            {
                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
                }

                least = Math.Min(least, now[j]);
            }

            if (least > most)
            {
                return most + 1;
            }

            last.CopyTo(before);
            now.CopyTo(last);
        }

        return last[other.Length];
    }
}
