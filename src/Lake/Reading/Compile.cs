// In: a condition and a table. Out: its SQL, or a refusal; and for a file's statistics whether any row can match.
using Lizhou.Kernel;

namespace Lizhou.Lake.Reading;

internal static class Compile
{
    /// <summary>The condition over the table's columns, each behind <paramref name="alias"/>.</summary>
    public static Result<string> Sql(Condition condition, Table table, Arguments arguments, string alias = "r")
    {
        Problem? problem = null;
        var sql = Text(condition);
        return problem is null ? sql : problem;

        string Text(Condition part) => part switch
        {
            Condition.Compare c => $"({Cell(c.Column)} {Sign(c.Is)} {Value(c.Column, c.Value)})",
            Condition.OneOf { Values.Count: 0 } => "false",
            Condition.OneOf c => $"({Cell(c.Column)} IN ({string.Join(", ", c.Values.Select(v => Value(c.Column, v)))}))",
            Condition.Empty c => $"({Cell(c.Column)} IS NULL)",
            Condition.All { Parts.Count: 0 } => "true",
            Condition.All c => $"({string.Join(" AND ", c.Parts.Select(Text))})",
            Condition.Any { Parts.Count: 0 } => "false",
            Condition.Any c => $"({string.Join(" OR ", c.Parts.Select(Text))})",
            Condition.Not c => $"(NOT coalesce({Text(c.Part)}, false))",
            _ => throw new InvalidOperationException($"Unknown condition {part.GetType()}."),
        };

        string Cell(string name)
        {
            var column = table.Column(name);
            problem ??= column is null ? Problems.NoColumn.With(table, name) : null;
            return $"{alias}.{SqlText.Name(column?.Name ?? name)}";
        }

        string Value(string name, object value)
        {
            if (table.Column(name) is not { } column)
            {
                return "NULL";
            }

            var text = ColumnValue.Text(column.Type, value);
            problem ??= text is null ? Problems.BadValue.With(name, value) : null;
            return $"CAST({arguments.Add(text)}::VARCHAR AS {column.Type.Engine})";
        }
    }

    /// <summary>The ids of the columns a condition looks at.</summary>
    public static IEnumerable<long> Columns(Condition condition, Table table) => condition switch
    {
        Condition.Compare c => Id(c.Column, table),
        Condition.OneOf c => Id(c.Column, table),
        Condition.Empty c => Id(c.Column, table),
        Condition.All c => c.Parts.SelectMany(p => Columns(p, table)),
        Condition.Any c => c.Parts.SelectMany(p => Columns(p, table)),
        Condition.Not c => Columns(c.Part, table),
        _ => [],
    };

    /// <summary>False only when the statistics prove that no row of the file matches.</summary>
    /// <param name="stats">By column id; a missing one proves nothing.</param>
    public static bool MayMatch(Condition condition, Table table, IReadOnlyDictionary<long, ColumnStats> stats)
    {
        return condition switch
        {
            Condition.Compare c => InRange(c),
            Condition.OneOf c => c.Values.Any(v => InRange(new Condition.Compare(c.Column, Comparison.Equal, v))),
            Condition.Empty c => table.Column(c.Column) is not { } column || !stats.TryGetValue(column.Id, out var s) || s.Nulls > 0,
            Condition.All c => c.Parts.All(p => MayMatch(p, table, stats)),
            Condition.Any c => c.Parts.Any(p => MayMatch(p, table, stats)),
            _ => true,
        };

        bool InRange(Condition.Compare c)
        {
            if (table.Column(c.Column) is not { } column || !stats.TryGetValue(column.Id, out var s)
                || s.Min is null || s.Max is null || s.HasNan == true || ColumnValue.Text(column.Type, c.Value) is not { } value)
            {
                return true;
            }

            var (low, high) = (ColumnValue.Compare(column.Type, value, s.Min), ColumnValue.Compare(column.Type, value, s.Max));
            return c.Is switch
            {
                _ when low is null || high is null => true,
                Comparison.Equal => low >= 0 && high <= 0,
                Comparison.Less => low > 0,
                Comparison.AtMost => low >= 0,
                Comparison.More => high < 0,
                Comparison.AtLeast => high <= 0,
                _ => true,
            };
        }
    }

    private static IEnumerable<long> Id(string name, Table table) => table.Column(name) is { } column ? [column.Id] : [];

    internal static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "<>",
        Comparison.Less => "<",
        Comparison.AtMost => "<=",
        Comparison.More => ">",
        _ => ">=",
    };
}
