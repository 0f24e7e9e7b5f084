// Names and literals as the engine's SQL writes them, for the few places where a parameter cannot stand.
using System.Text;

namespace Lizhou.Lake;

internal static class SqlText
{
    /// <summary>A quoted identifier.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A quoted string literal. A NUL would end the statement's text, so it is refused.</summary>
    public static string Literal(string text) => text.Contains('\0', StringComparison.Ordinal)
        ? throw new ArgumentException("A NUL cannot stand in a literal.", nameof(text))
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A list of string literals: <c>['a', 'b']</c>.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    /// <summary>Names joined by commas, each behind <paramref name="prefix"/>.</summary>
    public static string Names(IEnumerable<string> names, string prefix = "")
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(prefix).Append(Name(name));
        }

        return text.ToString();
    }
}
