// In: the Chinese name of an item. Out: a column name for it: put together from the terms in Terms.txt, else item_<n>.
using System.Collections.Frozen;
using System.Text;

namespace Lizhou.Catalog;

internal static class ColumnNames
{
    private const int Longest = 63;
    private static readonly FrozenDictionary<string, string> Terms = Load();
    private static readonly int LongestTerm = Terms.Keys.Max(k => k.Length);

    /// <param name="number">1-based place in the resource, for a name no term is known of.</param>
    /// <param name="taken">Columns already used; the answer is added.</param>
    public static string Suggest(string name, int number, HashSet<string> taken)
    {
        var stem = Compose(name) ?? $"item_{number}";
        var column = stem;
        for (var n = 2; !taken.Add(column); n++)
        {
            column = $"{stem}_{n}";
        }

        return column;
    }

    /// <summary>Longest terms first, from the left; null when a part of the name is no known term.</summary>
    private static string? Compose(string name)
    {
        var text = name.ToLowerInvariant();
        var words = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(LongestTerm, text.Length - at);
            while (length > 0 && !Terms.ContainsKey(text.Substring(at, length)))
            {
                length--;
            }

            if (length > 0)
            {
                words.Add(Terms[text.Substring(at, length)]);
                at += length;
            }
            else if (char.IsAsciiLetterOrDigit(text[at]))
            {
                var end = at;
                while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
                {
                    end++;
                }

                words.Add(text[at..end]);
                at = end;
            }
            else if (text[at] is '_' or '-' or ' ' or '(' or ')' or '\uff08' or '\uff09' or '/')
            {
                at++;
            }
            else
            {
                return null;
            }
        }

        var column = string.Join('_', words.Where(w => w.Length > 0));
        return column.Length is > 0 and <= Longest && ItemChecks.IsColumn(column) ? column : null;
    }

    private static FrozenDictionary<string, string> Load()
    {
        using var reader = new StreamReader(typeof(ColumnNames).Assembly.GetManifestResourceStream("Lizhou.Catalog.Terms.txt")!, Encoding.UTF8);
        var terms = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var parts = line.Split(' ', 2);
                terms.Add(parts[0], parts.Length > 1 ? parts[1] : "");
            }
        }

        return terms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
