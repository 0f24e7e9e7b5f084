// A condition on rows as a structure, never as text: what users ask, what a grant or a rule allows. Lake compiles it; its JSON form is strict.
using System.Text.Json.Serialization;

namespace Lizhou.Kernel;

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
[JsonConverter(typeof(Data.ConditionJson))]
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

    /// <summary>The columns it looks at, each once.</summary>
    public IEnumerable<string> Columns() => (this switch
    {
        Compare c => [c.Column],
        OneOf c => [c.Column],
        Empty c => [c.Column],
        All c => c.Parts.SelectMany(p => p.Columns()),
        Any c => c.Parts.SelectMany(p => p.Columns()),
        Not c => c.Part.Columns(),
        _ => Enumerable.Empty<string>(),
    }).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Both; null stands for no condition.</summary>
    public static Condition? Both(Condition? left, Condition? right) => (left, right) switch
    {
        (null, _) => right,
        (_, null) => left,
        _ => new All(left, right),
    };
}
