// In: a condition as a structure, never as text. Out: SQL with parameters, and which files cannot hold a matching row. Refuses unknown columns and values that do not fit.
namespace Lizhou.Lake;

public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// <summary>A condition on the rows of a table. A comparison with an empty cell is never true.</summary>
public abstract record Condition
{
    private Condition()
    {
    }

    /// <param name="Value">A number, text, date, moment …, or its text in ISO form.</param>
    public sealed record Compare(string Column, Comparison Is, object Value) : Condition;

    /// <summary>The cell equals one of the values.</summary>
    public sealed record OneOf(string Column, IReadOnlyList<object> Values) : Condition;

    /// <summary>The cell is NULL.</summary>
    public sealed record Empty(string Column) : Condition;

    /// <summary>True when there is no part.</summary>
    public sealed record All(params IReadOnlyList<Condition> Parts) : Condition;

    /// <summary>False when there is no part.</summary>
    public sealed record Any(params IReadOnlyList<Condition> Parts) : Condition;

    public sealed record Not(Condition Part) : Condition;
}
