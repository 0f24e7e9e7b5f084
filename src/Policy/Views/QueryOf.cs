// In: a view and what the reader wants of it. Out: one SELECT with parameters over the view; names are those the reader may see, anything else is refused.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;

namespace Lizhou.Policy.Views;

/// <param name="Items">The items selected, in the order wished.</param>
/// <param name="Order">The columns rows are ordered by, the stable one last.</param>
internal sealed record Query(IReadOnlyList<ItemDecision> Items, IReadOnlyList<(Column Column, bool Descending)> Order, string From, Arguments With);

internal static class QueryOf
{
    private const int MostOrders = 8;

    /// <summary>The part <c>(view) AS r WHERE …</c> with what is selected and ordered.</summary>
    /// <param name="person">Makes the keys of the persons beside the items; null for none.</param>
    public static Result<Query> Of(View view, RowAsk ask, PersonKey? person = null)
    {
        var shown = view.Items.ToDictionary(d => d.Item.Column, StringComparer.OrdinalIgnoreCase);
        var named = (ask.Select ?? []).Concat(ask.OrderBy.Select(o => o.Column)).Concat(ask.Where?.Columns() ?? []);
        if (named.FirstOrDefault(n => !shown.ContainsKey(n)) is { } unknown)
        {
            return Problems.NoSuchColumn.With(unknown);
        }

        var with = new Arguments();
        var relation = view.Relation(with, ask.Batch, person: person, rowIds: ask.RowIds);
        var where = ask.Where is null ? "true" : Compile.Sql(ask.Where, view.Shape, with);
        if (relation.Refused || where.Refused)
        {
            return relation.Problem ?? where.Problem!;
        }

        var items = ask.Select?.Select(n => shown[n]).ToList() ?? view.Items;
        var order = ask.OrderBy.Take(MostOrders).Select(o => (view.Shape.Column(o.Column)!, o.Descending)).Append((view.Last, false)).ToList();
        return new Query(items, order, $"{relation.Value} AS r WHERE {where.Value}", with);
    }

    public static string Columns(this Query query) => string.Concat(query.Items.Select(d => $"r.{SqlText.Name(d.Item.Column)}, "));

    public static string OrderBy(this Query query) => string.Join(", ", query.Order.Select(o => $"r.{SqlText.Name(o.Column.Name)} {(o.Descending ? "DESC" : "ASC")} NULLS LAST"));

    /// <summary>True for the rows behind a row with these values; empty cells come last.</summary>
    public static string Behind(this Query query, IReadOnlyList<string?> values)
    {
        var (same, parts) = (new List<string>(), new List<string>());
        foreach (var ((column, descending), value) in query.Order.Zip(values))
        {
            var cell = $"r.{SqlText.Name(column.Name)}";
            var at = value is null ? null : $"CAST({query.With.Add(value)}::VARCHAR AS {column.Type.Engine})";
            if (at is not null)
            {
                parts.Add($"({string.Join(" AND ", [.. same, $"({cell} {(descending ? "<" : ">")} {at} OR {cell} IS NULL)"])})");
            }

            same.Add(at is null ? $"{cell} IS NULL" : $"{cell} = {at}");
        }

        return parts.Count == 0 ? "false" : $"({string.Join(" OR ", parts)})";
    }
}
