// In: nodes of a map as YAML. Out: columns, words and pairs of words, and a fault with line and column for what is none.
using Lizhou.Kernel;
using YamlDotNet.RepresentationModel;

namespace Lizhou.Cases.Importing;

internal sealed class MapYaml
{
    public delegate bool Reads<T>(string word, out T value);

    public List<MapFault> Faults { get; } = [];

    /// <summary>Every column named so far, once.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>As a name alone, or as column with its words.</summary>
    public MappedColumn<T>? Mapped<T>(YamlMappingNode root, string key, string words, Reads<T> reads, Text unknown)
    {
        if (Child(root, key) is YamlScalarNode)
        {
            return new(Needed(root, key), null);
        }

        return Part(root, key, "column", words) is { } part ? new(Needed(part, "column"), Pairs(part, words, reads, unknown)) : null;
    }

    public Dictionary<string, T>? Pairs<T>(YamlMappingNode map, string key, Reads<T> reads, Text unknown)
    {
        if (Part(map, key) is not { } pairs)
        {
            return null;
        }

        Dictionary<string, T> known = new(StringComparer.Ordinal);
        foreach (var (from, to) in pairs.Children)
        {
            if (from is not YamlScalarNode { Value: { } word } || to is not YamlScalarNode { Value: { Length: > 0 } ours } || !reads(ours, out var value))
            {
                Fault(to, unknown.With((to as YamlScalarNode)?.Value ?? "…"));
            }
            else
            {
                known[word.Trim()] = value;
            }
        }

        return known;
    }

    public int Needed(YamlMappingNode map, string key)
    {
        if (Column(map, key) is { } column)
        {
            return column;
        }

        Fault(map, new Text("缺少 {0}：列名。", "{0} lacks: the name of a column.").With(key));
        return 0;
    }

    public int? Column(YamlMappingNode? map, string key) => map is not null && Word(map, key) is { Length: > 0 } name ? At(name) : null;

    public int At(string name)
    {
        if (!Columns.Contains(name))
        {
            Columns.Add(name);
        }

        return Columns.IndexOf(name);
    }

    /// <summary>A map below a key, of these keys alone; of any where none are said.</summary>
    public YamlMappingNode? Part(YamlMappingNode map, string key, params string[] known)
    {
        var child = Child(map, key);
        if (child is null)
        {
            return null;
        }

        if (child is not YamlMappingNode part)
        {
            Fault(child, new Text("{0} 应是一组键值。", "{0} is a map of keys.").With(key));
            return null;
        }

        if (known.Length > 0)
        {
            Only(part, known);
        }

        return part;
    }

    public void Only(YamlMappingNode map, string[] known)
    {
        foreach (var key in map.Children.Keys.Where(k => !known.Contains((k as YamlScalarNode)?.Value)))
        {
            Fault(key, new Text("不认识“{0}”；可用：{1}", "“{0}” is unknown; there are: {1}").With((key as YamlScalarNode)?.Value ?? "…", string.Join(", ", known)));
        }
    }

    /// <summary>One word, or a list of them.</summary>
    public IReadOnlyList<(string Word, YamlNode At)> Words(YamlMappingNode map, string key)
    {
        switch (Child(map, key))
        {
            case null:
                return [];
            case YamlScalarNode { Value: { } one } at:
                return [(one, at)];
            case YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode { Value: not null }):
                return [.. list.Children.Select(c => (((YamlScalarNode)c).Value!, c))];
            case { } other:
                Fault(other, new Text("{0} 应是一个词或一列词。", "{0} is a word or a list of words.").With(key));
                return [];
        }
    }

    public string? Word(YamlMappingNode map, string key)
    {
        if (Child(map, key) is not { } child || child is YamlScalarNode { Value: { } word } && word.Length > 0)
        {
            return (Child(map, key) as YamlScalarNode)?.Value;
        }

        Fault(child, new Text("{0} 应是一个词。", "{0} is one word.").With(key));
        return null;
    }

    public void Fault(YamlNode at, Text what) => Faults.Add(new(at.Start.Line, at.Start.Column, what));

    public static YamlNode? Child(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
