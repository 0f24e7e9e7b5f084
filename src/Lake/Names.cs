// In: a name from a user or a value for the engine. Out: the same quoted for SQL. Refuses nothing; what may be a name is checked where a table is made.
namespace Lizhou.Lake;

internal static class Names
{
    /// <summary>Longest name; PostgreSQL cuts identifiers at 63 bytes and a Chinese character takes three, so buffered tables need this bound.</summary>
    public const int MaxBytes = 63;

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A list of texts for the engine: <c>['a', 'b']</c>.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    public static string List(IEnumerable<long> numbers) => $"[{string.Join(", ", numbers)}]";

    public static bool Allowed(string name) =>
        name.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(name) <= MaxBytes && name.Trim().Length == name.Length && !name.Any(char.IsControl);
}
