// In: the columns of a file, the items of a resource, the source's own mapping. Out: which column feeds which item, and the difference.
// Names match whatever their case, spaces, width and punctuation; then by synonym; a column feeds one item at most.
using System.Collections.Frozen;
using System.Text;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Collection.Batches;

/// <summary>Why a column went to an item.</summary>
internal enum MatchedBy
{
    Source,
    Name,
    Column,
    Synonym,
}

/// <summary>A column that feeds an item.</summary>
/// <param name="Column">Its place in the file, 0-based.</param>
internal sealed record Matched(int Column, string Header, Guid Item, string ItemName, MatchedBy By);

/// <summary>A column the resource has no item for.</summary>
/// <param name="Type">As guessed from the values.</param>
internal sealed record Unmatched(int Column, string Header, string Type);

/// <summary>The columns of a file beside the items of a resource. It fits when nothing is unknown, missing or asked for twice.</summary>
/// <param name="Missing">Names of items no column feeds.</param>
/// <param name="MissingRequired">Those of them no row may lack.</param>
internal sealed record ColumnMatch(
    IReadOnlyList<Matched> Matched, IReadOnlyList<Unmatched> Unknown, IReadOnlyList<string> Missing, IReadOnlyList<string> MissingRequired)
{
    public bool Drifted => Unknown.Count + Missing.Count > 0;
}

internal static class MapColumns
{
    private static readonly FrozenDictionary<string, int> Synonyms = ReadSynonyms();

    /// <param name="Key">Its plain form.</param>
    /// <param name="Bare">That without a unit.</param>
    private sealed record Header(int Index, string Text, string Type, string Key, string Bare);

    /// <summary>An item with the plain forms of its names.</summary>
    private sealed record Wanted(ItemCard Item, string Name, string Column, string Bare);

    /// <param name="columns">Header and guessed type of each column of the file, in its order.</param>
    /// <param name="told">Header → name or column name of an item, or empty for "leave it out"; from the source's contract.</param>
    public static ColumnMatch Match(IReadOnlyList<(string Header, string Type)> columns, IReadOnlyList<ItemCard> items, IReadOnlyDictionary<string, string> told)
    {
        var free = columns.Select((c, i) => new Header(i, c.Header, c.Type, Plain(c.Header), PlainWithoutUnit(c.Header))).ToList();
        var open = items.Select(i => new Wanted(i, Plain(i.Name), Plain(i.Column), PlainWithoutUnit(i.Name))).ToList();
        var matched = new List<Matched>();

        void Pass(MatchedBy by, Func<Header, Wanted, bool> fits)
        {
            foreach (var item in open.ToList())
            {
                if (free.FindIndex(c => fits(c, item)) is var at and >= 0)
                {
                    matched.Add(new(free[at].Index, free[at].Text, item.Item.Id, item.Item.Name, by));
                    free.RemoveAt(at);
                    open.Remove(item);
                }
            }
        }

        var plainTold = told.ToDictionary(t => Plain(t.Key), t => Plain(t.Value), StringComparer.Ordinal);
        Pass(MatchedBy.Source, (c, i) => plainTold.TryGetValue(c.Key, out var to) && to.Length > 0 && (to == i.Name || to == i.Column));
        free.RemoveAll(c => plainTold.TryGetValue(c.Key, out var to) && to.Length == 0);
        Pass(MatchedBy.Name, (c, i) => string.Equals(c.Text, i.Item.Name, StringComparison.Ordinal));
        Pass(MatchedBy.Name, (c, i) => c.Key == i.Name);
        Pass(MatchedBy.Column, (c, i) => c.Key == i.Column);
        Pass(MatchedBy.Name, (c, i) => c.Bare == i.Bare);
        Pass(MatchedBy.Synonym, (c, i) =>
            Synonyms.TryGetValue(c.Bare, out var group) && (Synonyms.GetValueOrDefault(i.Bare, -1) == group || Synonyms.GetValueOrDefault(i.Column, -1) == group));

        return new(
            [.. matched.OrderBy(m => m.Column)],
            [.. free.Select(c => new Unmatched(c.Index, c.Text, c.Type))],
            [.. open.Select(i => i.Item.Name)],
            [.. open.Where(i => i.Item.Required || i.Item.Key).Select(i => i.Item.Name)]);
    }

    /// <summary>A name without case, width, blanks and punctuation.</summary>
    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in Narrow(name))
        {
            if (char.IsLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
        }

        return plain.Length > 0 ? plain.ToString() : name;
    }

    /// <summary>The same, without a unit or remark in brackets at the end.</summary>
    private static string PlainWithoutUnit(string name)
    {
        var text = Narrow(name).TrimEnd();
        var from = text.LastIndexOf('(');
        return Plain(text.EndsWith(')') && from > 0 ? text[..from] : text);
    }

    /// <summary>Full-width forms as their ASCII ones. (Unicode normalisation does nothing in invariant globalisation.)</summary>
    private static string Narrow(string name) => string.Create(name.Length, name, (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i] is >= '\uFF01' and <= '\uFF5E' ? (char)(from[i] - 0xFEE0) : from[i] is '\u3000' ? ' ' : from[i];
        }
    });

    private static FrozenDictionary<string, int> ReadSynonyms()
    {
        using var reader = new StreamReader(typeof(MapColumns).Assembly.GetManifestResourceStream("Lizhou.Collection.Batches.synonyms.txt")!);
        return reader.ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .SelectMany((line, group) => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => (Word: Plain(word), group)))
            .ToFrozenDictionary(s => s.Word, s => s.group, StringComparer.Ordinal);
    }
}
