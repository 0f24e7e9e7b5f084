// In: all rows of a small view as one reader sees them. Out: those in which a column shows a text, found without the engine, which would read the whole column.
// Equal means what it means to the engine: the same bytes, and never an empty cell.
using System.Collections.Concurrent;
using Lizhou.Contracts.Policy;
using Lizhou.Lake;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

/// <param name="Values">As shown, in the order of the items.</param>
/// <param name="Order">The values rows are ordered by, as texts; the row's id last.</param>
/// <param name="People">Keys of the persons it is about.</param>
internal sealed record ShownRow(IReadOnlyList<object?> Values, RowOrigin Origin, IReadOnlyList<string?> Order, IReadOnlyList<ulong> People);

/// <param name="Shape">The columns as they are shown.</param>
/// <param name="Rows">In the order in which pages show them.</param>
/// <param name="Bytes">What it takes in memory, indexes not counted.</param>
internal sealed record WholeView(IReadOnlyList<ItemDecision> Items, Table Shape, IReadOnlyList<ShownRow> Rows, long Snapshot, string? Cursor, Guid? Grant, long Bytes)
{
    /// <summary>A larger one is read by the engine each time: a quarter of all that is kept; some 40,000 rows of eight items and short texts.</summary>
    public const long MostBytes = KeptAnswers.MostBytes / 4;

    /// <inheritdoc cref="View.Shuffled"/>
    public bool Shuffled { get; init; }

    private readonly ConcurrentDictionary<int, ILookup<string, ShownRow>> byText = new();

    /// <summary>The place of a column that can be looked up; null for none of that name, and for those that are no texts.</summary>
    public int? Place(string column) =>
        Shape.Column(column) is { } found && found.Type == ColumnType.Text ? Index(column) : null;

    public int Index(string column) => Items.ToList().FindIndex(d => string.Equals(d.Item.Column, column, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<ShownRow> Where(int place, string text) =>
        byText.GetOrAdd(place, at => Rows.Where(r => r.Values[at] is string).ToLookup(r => (string)r.Values[at]!, StringComparer.Ordinal))[text];
}
