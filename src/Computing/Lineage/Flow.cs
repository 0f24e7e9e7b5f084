// What a lineage is made of: which columns of which inputs a column of a result comes from, and which only decide about it.
using System.Text.Json.Serialization;

namespace Lizhou.Computing.Lineage;

/// <summary>How a column reaches another. Up to <see cref="Aggregation"/> its values do; from there on they only decide.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FlowKind>))]
internal enum FlowKind
{
    /// <summary>As it is.</summary>
    Identity,

    /// <summary>Through an expression over one row.</summary>
    Transformation,

    /// <summary>Through an expression over many rows.</summary>
    Aggregation,

    /// <summary>It decides which of several values is taken.</summary>
    Conditional,

    /// <summary>It decides which rows meet.</summary>
    Join,

    /// <summary>It decides which rows are left.</summary>
    Filter,

    /// <summary>It decides which rows are taken together.</summary>
    GroupBy,

    /// <summary>It decides about the order.</summary>
    Sort,

    /// <summary>It decides which rows a window shows.</summary>
    Window,
}

/// <param name="Table">As the statement calls it: <c>schema.name</c>, or the name alone.</param>
internal readonly record struct Flow(string Table, string Column, FlowKind Kind);

/// <param name="Name">Null for an expression without a name.</param>
internal sealed record FlowColumn(string? Name, IReadOnlySet<Flow> From);

/// <summary>Where the columns of a statement's result come from.</summary>
/// <param name="Deciding">What decides which rows there are, for all columns.</param>
/// <param name="Slices">Of each input, the column that carries a given column of the result as it is, in such a way that a changed row changes only rows of the result with its value.</param>
internal sealed record StatementFlow(IReadOnlyList<FlowColumn> Columns, IReadOnlySet<Flow> Deciding, Func<int, string, string?> Slices);

/// <summary>Why a lineage cannot be told.</summary>
/// <param name="At">Byte of the statement.</param>
internal sealed class FlowFault(string name, long? at, bool unknown) : Exception(name)
{
    public long? At => at;

    /// <summary>Whether there is no such column; else it is a form of statement that cannot be followed.</summary>
    public bool Unknown => unknown;
}
