// In: a statement's tree and the entries of its inputs. Out: the columns the statement is given, which are all its process ever sees, and the level of all it makes of them.
// A column is given when it is named anywhere; where a statement may reach one without its name, all are. Whatever this overlooks is missing from the data, not from the level.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lizhou.Computing.Models;

internal static class GivenColumns
{
    /// <summary>What may be read of another unit's data: what anybody in the house may see in clear.</summary>
    private const Level MostOfOthers = Level.L2;

    /// <summary>Expressions that reach columns by their names alone. A star, a place (<c>#2</c>) and whatever is not listed reach any.</summary>
    private static readonly HashSet<string> ByName = ["COLUMN_REF", "CONSTANT", "FUNCTION", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "SUBQUERY", "WINDOW", "BETWEEN", "LAMBDA", "COLLATE"];

    /// <summary>Every word of a statement that may be the name of a column; null where a column may be reached without its name.</summary>
    public static IReadOnlySet<string>? Named(string tree)
    {
        var parts = TreeParts.All(JsonNode.Parse(tree, documentOptions: new JsonDocumentOptions { MaxDepth = 400 })).ToList();
        // A name that is a table's may mean its whole row, and so may one that ends with it.
        var rows = parts.SelectMany(p => new[] { p.Word("table_name"), p["class"] is null ? p.Word("alias") : null, p.Word("key") }).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts)
        {
            // Columns called anew are told by their places, those of a natural join by what two tables share.
            var unnamed = part["class"] is not null ? !ByName.Contains(part.Word("class") ?? "")
                : part.Word("ref_type") == "NATURAL" || (part.Word("type") == "BASE_TABLE" && part.Names("column_name_alias").Count > 0);
            var own = part.Names("column_names");
            if (unnamed || (own.Count > 0 && rows.Contains(own[^1])))
            {
                return null;
            }

            names.UnionWith(own);
            names.UnionWith(part.Names("using_columns"));
        }

        return names;
    }

    /// <summary>The columns of an entry that a statement naming so is given.</summary>
    /// <param name="named">Null: any.</param>
    public static IReadOnlyList<string> Of(IReadOnlySet<string>? named, ResourceCard card) => [.. Items([.. card.Items.Select(i => i.Column).Where(c => named?.Contains(c) != false)], card).Select(i => i.Column)];

    /// <summary>The items a model is given of an input as its entry is now: nothing else is counted, and nothing else is shown to its process.</summary>
    public static IReadOnlyList<ItemCard> Items(ModelInput input, ResourceCard card) => Items(input.Given ?? [.. card.Items.Select(i => i.Column)], card);

    /// <summary>Nothing a model yields is less sensitive: any of it may have come to any column.</summary>
    public static Level Least(IEnumerable<(ModelInput Input, ResourceCard Card)> inputs) => inputs.SelectMany(i => Items(i.Input, i.Card)).Select(i => i.Applied).DefaultIfEmpty(Level.L1).Max();

    /// <summary>The first input of another unit of which more is given than may be; null when there is none.</summary>
    public static Problem? Foreign(Guid unit, int line, IEnumerable<(ModelInput Input, ResourceCard Card)> inputs) =>
        inputs.Where(i => i.Card.Unit != unit).SelectMany(i => Items(i.Input, i.Card).Where(c => c.Applied > MostOfOthers).Select(c => (i.Input, Item: c))).FirstOrDefault() is { Item: { } item, Input: var input }
            ? Problems.ForeignLevel.With(line, $"{input.Key}.{item.Column}", item.Applied) : null;

    private static List<ItemCard> Items(IReadOnlyList<string> given, ResourceCard card)
    {
        var items = card.Items.Where(i => given.Contains(i.Column)).ToList();
        // A table that is only counted still shows how many rows it has, by its least sensitive column.
        return items.Count > 0 ? items : [card.Items.MinBy(i => i.Applied)!];
    }
}
