// In: the lines of the class registry and a day. Out: which classes are valid that day and what they are called.
using System.Data.Common;
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

/// <param name="ValidTo">Exclusive; null for open.</param>
internal sealed record ClassLine(string Code, string Name, DateOnly ValidFrom, DateOnly? ValidTo, string Source)
{
    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidTo is null || day < ValidTo);
}

internal sealed class ClassRegistry(IReadOnlyList<ClassLine> lines, DateOnly today)
{
    private readonly Dictionary<string, ClassLine> valid = lines.Where(l => l.Holds(today)).ToDictionary(l => l.Code, StringComparer.Ordinal);

    /// <summary>Every line, past ones too, by code and date.</summary>
    public IReadOnlyList<ClassLine> Lines { get; } = lines;

    public IEnumerable<ClassLine> Valid => valid.Values.OrderBy(l => l.Code, StringComparer.Ordinal);

    public string? Name(string code) => valid.GetValueOrDefault(code)?.Name;

    /// <summary>类 › 项 › 目 … as far as they are registered.</summary>
    public string Path(string code) =>
        string.Join(" › ", new[] { 1, 3, 6, code.Length }.Where(n => n <= code.Length).Distinct().Select(n => Name(code[..n])).OfType<string>());

    /// <summary>A class is right when 类 and 项 are registered, and its 目 and 细目 too where their parent has registered children.</summary>
    public bool Knows(string code)
    {
        if (!valid.ContainsKey(code[..1]) || !valid.ContainsKey(code[..3]))
        {
            return false;
        }

        return Fits(code[..3], code[..6], 6) && (code.Length == 6 || Fits(code[..6], code, code.Length));
    }

    public static async Task<ClassRegistry> Load(DbConnection connection, DbTransaction? transaction, DateOnly today, CancellationToken stop)
    {
        var lines = new List<ClassLine>();
        await foreach (var line in connection.Rows(
            transaction, $"SELECT code, name, valid_from, valid_to, source FROM resource_class ORDER BY code, valid_from", Read, stop))
        {
            lines.Add(line);
        }

        return new(lines, today);
    }

    private bool Fits(string parent, string code, int length) =>
        valid.ContainsKey(code) || !valid.Keys.Any(k => k.Length > parent.Length && (length == 6 ? k.Length == 6 : k.Length > 6) && k.StartsWith(parent, StringComparison.Ordinal));

    private static ClassLine Read(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), Day(row.GetString(2)), row.IsDBNull(3) ? null : Day(row.GetString(3)), row.GetString(4));

    private static DateOnly Day(string stored) => DateOnly.ParseExact(stored, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
