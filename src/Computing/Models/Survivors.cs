// 一数一源 in models. In: the head of a model that takes, for each key and field, the value that survives among several inputs. Out: its statement: the value of the source the bureau decided for, where it has one;
// else the newest; of equally new ones that of the input named first; and beside each field which input it came from. Refuses fields no input has.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

/// <summary>What <c>survive:</c> says.</summary>
internal sealed record SurviveSays
{
    /// <summary>Columns by which rows of the inputs are about the same.</summary>
    public List<string> Key { get; init; } = [];

    /// <summary>The columns whose values are chosen, each on its own.</summary>
    public List<string> Fields { get; init; } = [];

    /// <summary>The column that tells which row is newer.</summary>
    public string Recency { get; init; } = "";

    public List<SurviveFrom> From { get; init; } = [];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public Text? Fault() =>
        Key.Count == 0 || Fields.Count == 0 || Recency.Length == 0 || From.Count < 2 || From.Any(f => f.Table.Length == 0)
            ? new("survive 应写明 key、fields、recency 和至少两个 from（各有 table）", "survive: names key, fields, recency and at least two of from, each with its table")
        : Key.Concat(Fields).Append(Recency).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1) || From.GroupBy(f => f.Table, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1)
            ? new("survive 中的列名和 table 不应重复", "survive: each column and each table once")
        : null;
}

/// <param name="Columns">Of those that go by another name there: the name here, and the name there.</param>
internal sealed record SurviveFrom
{
    public string Table { get; init; } = "";

    public Dictionary<string, string> Columns { get; init; } = [];

    public string There(string column) => Columns.GetValueOrDefault(column, column);
}

/// <param name="Says">What columns are called where the head does not say so itself.</param>
internal sealed record Survived(string Sql, IReadOnlyDictionary<string, ColumnSays> Says);

internal sealed class Survivors(ISources sources)
{
    /// <summary>Behind the name of a field: its surviving value, and whose it is.</summary>
    private static readonly (Text Merged, Text WhoseIt) Names = (new("（合并值）", " (survived)"), new("（来源）", " (from)"));

    /// <summary>The column that says which input a field's value came from.</summary>
    public static string Origin(string field) => field + "_from";

    /// <param name="card">The entry behind the name of a table; null for none.</param>
    public async Task<Result<Survived>> Compile(ModelText text, Func<string, Task<ResourceCard?>> card, CancellationToken stop)
    {
        var (says, line) = (text.Head.Survive!, text.LineOf("survive"));
        var inputs = new List<(SurviveFrom From, ResourceCard Card)>();
        foreach (var from in says.From)
        {
            if (await card(from.Table) is not { } found)
            {
                return Problems.UnknownTable.With(line, 1, from.Table);
            }

            inputs.Add((from, found));
        }

        var keyless = inputs.SelectMany(i => says.Key.Select(k => (i.From, Name: i.From.There(k), Item: Item(i, k)))).FirstOrDefault(k => k.Item is null);
        var nowhere = says.Fields.Append(says.Recency).FirstOrDefault(f => inputs.All(i => Item(i, f) is null));
        if (keyless.Name is not null || nowhere is not null)
        {
            return Problems.UnknownColumn.With(line, 1, keyless.Name is null ? nowhere! : $"{keyless.From.Table}.{keyless.Name}");
        }

        var (chosen, named) = (new List<string>(), new Dictionary<string, ColumnSays>(StringComparer.Ordinal));
        foreach (var field in says.Fields)
        {
            var item = inputs.Select(i => Item(i, field)).First(i => i is not null)!;
            (named[field], named[Origin(field)]) = (new() { Title = item.Name + Names.Merged.Zh, Meaning = item.Meaning }, new() { Title = item.Name + Names.WhoseIt.Zh });
            var order = Order(says, await Authority(inputs, field, stop), field);
            var filled = $"FILTER (WHERE {Name(field)} IS NOT NULL)";
            chosen.Add($"arg_max({Name(field)}, {order}) {filled} AS {Name(field)},\n  arg_max(lz_source, {order}) {filled} AS {Name(Origin(field))}");
        }

        var keys = string.Join(", ", says.Key.Select(Name));
        var all = string.Join("\n  UNION ALL\n  ", inputs.Select((i, place) => Rows(says, i, place)));
        return new Survived($"SELECT {keys},\n  {string.Join(",\n  ", chosen)}\nFROM (\n  {all}\n) AS lz_all\nGROUP BY {keys}", named);
    }

    /// <summary>The input whose value of a field counts by decision; null where nothing is decided, or for one that is not read.</summary>
    private async Task<string?> Authority(List<(SurviveFrom From, ResourceCard Card)> inputs, string field, CancellationToken stop)
    {
        foreach (var input in inputs)
        {
            if (Item(input, field) is { } item && await sources.Of(input.Card.Id, item.Id, stop) is { } known && known.Sources.FirstOrDefault(s => s.Authority) is { } authority)
            {
                return inputs.FirstOrDefault(i => i.Card.Id == authority.Resource && Item(i, field)?.Id == authority.Item).From?.Table;
            }
        }

        return null;
    }

    /// <summary>What is compared, the greatest survives; the value itself last, so that the same rows give the same result every time.</summary>
    private static string Order(SurviveSays says, string? authority, string field) =>
        $"row({(authority is null ? "false" : $"lz_source = {Literal(authority)}")}, {Name(says.Recency)} IS NOT NULL, {Name(says.Recency)}, lz_place, {Name(field)})";

    private static string Rows(SurviveSays says, (SurviveFrom From, ResourceCard Card) input, int place)
    {
        var columns = says.Key.Concat(says.Fields).Append(says.Recency).Select(c => $"{(Item(input, c) is { } item ? $"t{place}.{Name(item.Column)}" : "NULL")} AS {Name(c)}");
        return $"SELECT {string.Join(", ", columns)}, {Literal(input.From.Table)} AS lz_source, {-place} AS lz_place FROM {Name(input.From.Table)} AS t{place}";
    }

    private static ItemCard? Item((SurviveFrom From, ResourceCard Card) input, string column) =>
        input.Card.Items.FirstOrDefault(i => string.Equals(i.Column, input.From.There(column), StringComparison.OrdinalIgnoreCase));

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
