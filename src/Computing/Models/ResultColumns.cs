// In: what the engine says a statement yields, where it comes from, and the level of all it is given. Out: the model's columns with names, types and levels. Where a column comes from says nothing about its level:
// there are more ways into a result than lineage follows; only an approved rule lowers. A column that is another's as it is keeps its checks and codes.
using System.Text.RegularExpressions;
using Lizhou.Computing.Lineage;
using Lizhou.Computing.Lowering;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal static partial class ResultColumns
{
    public static Result<IReadOnlyList<ModelColumn>> Of(
        ModelText text, IReadOnlyList<StatementColumn> described, StatementFlow flow, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, Floors floors)
    {
        var items = inputs.SelectMany(i => i.Card.Items.Select(c => ((i.Input.Key, c.Column), Item: c))).ToDictionary(i => i.Item1, i => i.Item);
        var columns = new List<ModelColumn>();
        foreach (var (one, from) in described.Zip(flow.Columns))
        {
            if (!Plain().IsMatch(one.Name) || described.Count(d => d.Name == one.Name) > 1)
            {
                return Problems.BadColumn.With(text.Line, one.Name, new Text("列名应为小写字母开头，且不重复", "its name: a lower-case letter first, and once"));
            }

            if (ItemTypes.Of(one.Type) is not { } type)
            {
                return Problems.BadColumn.With(text.Line, one.Name, one.Type);
            }

            var least = floors.Of(one.Name);
            var says = text.Head.Columns.GetValueOrDefault(one.Name) ?? new();
            var same = from.From.ToList() is [{ Kind: FlowKind.Identity } only] ? items.GetValueOrDefault((only.Table, only.Column)) : null;
            columns.Add(new(
                one.Name, says.Title ?? same?.Name ?? one.Name, says.Meaning ?? same?.Meaning, ItemColumns.TypeOf(type.Item, type.Precision, type.Scale).Engine, type.Item, type.Precision, type.Scale,
                says.Level is { } raised && raised > least ? raised : least, [.. from.From])
            {
                Check = same?.Check ?? CheckCharacter.None, Format = same?.Format, Codes = same?.Codes, Element = same?.Element,
            });
        }

        if (text.Head.Columns.Keys.Concat([text.Head.Incremental ?? columns[0].Name]).FirstOrDefault(c => columns.All(o => o.Name != c)) is { } unknown)
        {
            return Named(Problems.NoSuchColumn.With(text.LineOf(unknown == text.Head.Incremental ? "incremental" : "columns"), unknown == text.Head.Incremental ? "incremental" : "columns", unknown), columns);
        }

        // Two columns may carry the same item's name; the catalogue wants them apart.
        return columns.Select(c => columns.Count(o => o.Title == c.Title) > 1 ? c with { Title = $"{c.Title}（{c.Name}）" } : c).ToList();
    }

    private static Problem Named(Problem problem, List<ModelColumn> columns) => problem with { Todo = new Text("结果列：{0}。", "The result has: {0}.").With(string.Join(", ", columns.Select(c => c.Name))) };

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
