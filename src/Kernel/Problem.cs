// A refusal is a value: a stable code, an HTTP status, what happened and what to do, in both languages.
using System.Globalization;

namespace Lizhou.Kernel;

/// <summary>One sentence in both languages of the product. Placeholders are <c>{0}</c>, <c>{1}</c> …</summary>
/// <param name="Zh">Simplified Chinese, the default.</param>
/// <param name="En">English.</param>
public readonly record struct Text(string Zh, string En)
{
    /// <summary>The sentence in the language of the current request (zh-CN unless it asks for English).</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture);

    public string In(CultureInfo culture) => culture.Name.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? En : Zh;

    /// <summary>Fills the placeholders in both languages; a value that is a text itself is filled in as it is called in each.</summary>
    public Text With(params object?[] values) => new(
        string.Format(CultureInfo.InvariantCulture, Zh, [.. values.Select(v => v is Text text ? text.Zh : v)]),
        string.Format(CultureInfo.InvariantCulture, En, [.. values.Select(v => v is Text text ? text.En : v)]));
}

/// <summary>An expected refusal. Declared once in a module's <c>Problems.cs</c>; listed in docs/generated/problems.md.</summary>
/// <param name="Code">Stable, e.g. <c>COL-003</c>; never re-used.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="What">What happened, in the user's words.</param>
/// <param name="Todo">What the user can do about it.</param>
/// <param name="Link">Where the user can do something about it, e.g. a form already filled; null for nowhere.</param>
/// <param name="Field">The input field that is wrong, as the caller spells it; null: none alone.</param>
public sealed record Problem(string Code, int Status, Text What, Text Todo, string? Link = null, string? Field = null)
{
    /// <summary>The same refusal with its placeholders filled.</summary>
    public Problem With(params object?[] values) => this with { What = What.With(values), Todo = Todo.With(values) };

    /// <summary>The same refusal with one name put for another: what lies under a digest or number is told by the name people know it by.</summary>
    public Problem Called(string was, string name)
    {
        Text Of(Text text) => new(text.Zh.Replace(was, name, StringComparison.Ordinal), text.En.Replace(was, name, StringComparison.Ordinal));
        return this with { What = Of(What), Todo = Of(Todo) };
    }

    public override string ToString() => $"{Code} {What} {Todo}";
}

/// <summary>Either a value or the reason why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Problem? problem)
    {
        this.value = value;
        Problem = problem;
    }

    /// <summary>Null when there is a value.</summary>
    public Problem? Problem { get; }

    public bool Refused => Problem is not null;

    /// <summary>The value; reading it of a refusal is a bug and throws.</summary>
    public T Value => Problem is null ? value! : throw new ProblemException(Problem);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);
}

/// <summary>Carries a refusal out of the depth of a stream, where a return value cannot travel. Mapped like a returned problem.</summary>
public sealed class ProblemException(Problem problem, Exception? inner = null) : Exception(problem.ToString(), inner)
{
    public Problem Problem { get; } = problem;
}
