// An address to the lowest division it names, read from its beginning, each level within the one before: a street named after a city stands behind the city it lies in, or behind none.
// A short name (浙江, 金华) counts only where a division below it follows in full, so that 上海路 and 中山东路 name no place.
namespace Lizhou.Tabular;

internal sealed class StandardDivision
{
    private sealed record Place(string Code, string Name, string? Short)
    {
        public int Level => Code.EndsWith("0000", StringComparison.Ordinal) ? 0 : Code.EndsWith("00", StringComparison.Ordinal) ? 1 : 2;

        public bool Holds(Place other) => Level switch
        {
            0 => other.Level > 0 && other.Code[..2] == Code[..2],
            1 => other.Level > 1 && other.Code[..4] == Code[..4],
            _ => false,
        };
    }

    private static readonly string[] Endings =
        ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "省", "市", "地区", "盟"];

    /// <summary>What makes of a name that ends in 市 or 区 another word: 市场, 区间.</summary>
    private const string Onward = "场间";

    private readonly ILookup<char, Place> places;
    private readonly HashSet<string> codes;
    private readonly string home;

    /// <param name="parameter">First line <c>home</c>, tab and a code or nothing; then code, tab, name.</param>
    public StandardDivision(string parameter)
    {
        var lines = parameter.Split('\n').Select(l => l.Split('\t')).Where(p => p.Length == 2).ToList();
        home = lines.Find(p => p[0] == "home") is { } at ? at[1] : "";
        List<Place> all = [.. lines.Where(p => p[0].Length == 6 && p[0].All(char.IsAsciiDigit) && p[1].Length > 1).Select(p => new Place(p[0], p[1], Short(p[0], p[1])))];
        places = all.ToLookup(p => p.Name[0]);
        codes = [.. all.Select(p => p.Code)];
    }

    public Standardised Of(string value)
    {
        var text = string.Concat(StandardText.Fold(value).Where(c => !char.IsWhiteSpace(c)));
        if (codes.Contains(text))
        {
            return new(text, true, new("已是区划代码", "a division's code already"));
        }

        text = text.StartsWith("中华人民共和国", StringComparison.Ordinal) ? text[7..] : text.StartsWith("中国", StringComparison.Ordinal) ? text[2..] : text;
        var path = Best(text, 0, null);
        return path.Count == 0 ? Standardised.Left(value, new("开头没有可确定的区划", "no certain division at its beginning"))
            : new(path[^1].Code, true, new Text("地址开头为 {0}", "it begins with {0}").With(string.Join(" ", path.Select(p => p.Name))));
    }

    /// <summary>The longest way down from here; empty when nothing fits or two places fit alike.</summary>
    private List<Place> Best(string text, int at, Place? under)
    {
        if (at >= text.Length)
        {
            return [];
        }

        List<(List<Place> Path, int Letters)> ways = [];
        foreach (var place in places[text[at]].Where(p => under is null || under.Holds(p)))
        {
            if (Begins(text, at, place.Name) && !(at + place.Name.Length < text.Length && Onward.Contains(text[at + place.Name.Length], StringComparison.Ordinal)))
            {
                ways.Add(([place, .. Best(text, at + place.Name.Length, place)], place.Name.Length));
            }
            else if (place.Short is { } word && Begins(text, at, word) && Best(text, at + word.Length, place) is { Count: > 0 } below)
            {
                ways.Add(([place, .. below], word.Length));
            }
        }

        var best = ways.GroupBy(w => (w.Path.Count, w.Letters)).OrderByDescending(g => g.Key.Letters).ThenByDescending(g => g.Key.Count).FirstOrDefault()?.Select(w => w.Path).ToList() ?? [];
        return best.Count <= 1 ? best.FirstOrDefault() ?? [] : Near(best, under);
    }

    /// <summary>Of places with one name that of the home's own prefecture, else the one of its province; inside a place already named nothing is guessed.</summary>
    private List<Place> Near(List<List<Place>> paths, Place? under)
    {
        if (under is not null || home.Length != 6)
        {
            return [];
        }

        var near = paths.FindAll(p => p[0].Code[..4] == home[..4]);
        near = near.Count > 0 ? near : paths.FindAll(p => p[0].Code[..2] == home[..2]);
        return near.Count == 1 ? near[0] : [];
    }

    private static bool Begins(string text, int at, string word) => string.CompareOrdinal(text, at, word, 0, word.Length) == 0;

    /// <summary>The name without the word for its rank, of provinces and prefectures alone; null when nothing is left to tell it by.</summary>
    private static string? Short(string code, string name) => !code.EndsWith("00", StringComparison.Ordinal) ? null
        : Array.Find(Endings, e => name.EndsWith(e, StringComparison.Ordinal) && name.Length - e.Length >= 2) is { } ending ? name[..^ending.Length] : null;
}
