// In: a requirement on rows together and the relations it looks at. Out: one grouped statement that counts the rows at fault, and one that names them.
using Lizhou.Kernel;

namespace Lizhou.Lake.Scans;

internal static class ScanSet
{
    public static IReadOnlyList<string> Columns(SetTest test) => test switch
    {
        SetTest.Unique t => t.Columns,
        SetTest.Determines t => [.. t.By, t.Column],
        SetTest.Refers t => [t.Column],
        SetTest.Agrees t => [t.Key, t.Column],
        SetTest.AddsUp t => [.. t.By, t.Amount],
        SetTest.NeverFalls t => [.. t.By, t.Order, t.Value],
        _ => [],
    };

    /// <summary>The other table a requirement looks at and the columns it takes there; null when it looks at none.</summary>
    public static (Table Other, IReadOnlyList<string> Columns)? Beside(SetTest test) => test switch
    {
        SetTest.Refers t => (t.Other, [t.OtherColumn]),
        SetTest.Agrees t => (t.Other, [t.OtherKey, t.OtherColumn]),
        _ => null,
    };

    /// <summary>The conditions of a test, in the order in which <see cref="Sql"/> takes them as SQL.</summary>
    public static IReadOnlyList<Condition> Conditions(SetTest test) => test switch
    {
        SetTest.AddsUp t => [t.Whole, t.Parts],
        SetTest.NeverFalls { Of: { } of } => [of],
        _ => [],
    };

    public static string Sql(SetTest test, string relation, string other, IReadOnlyList<string> conditions) => test switch
    {
        SetTest.Unique t => $"SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n FROM {relation} AS r WHERE {Present(t.Columns)} GROUP BY {SqlText.Names(t.Columns, "r.")} HAVING count(*) > 1)",
        SetTest.Determines t => $"""
            SELECT coalesce(sum(n - most), 0)::BIGINT FROM (
              SELECT sum(n) AS n, max(n) AS most FROM (
                SELECT {Keys(t.By)}, count(*) AS n FROM {relation} AS r WHERE {Present([.. t.By, t.Column])} GROUP BY {SqlText.Names(t.By, "r.")}, r.{SqlText.Name(t.Column)})
              GROUP BY {string.Join(", ", t.By.Select((_, i) => $"k{i}"))})
            """,
        SetTest.Refers t => $"SELECT count(*)::BIGINT {Lost(t, relation, other)}",
        SetTest.Agrees t => $"SELECT count(*)::BIGINT {Differ(t, relation, other)}",
        SetTest.AddsUp t => $"""
            SELECT count(*)::BIGINT FROM (
              SELECT sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[0]}) AS whole, sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[1]}) AS parts FROM {relation} AS r GROUP BY {SqlText.Names(t.By, "r.")})
            WHERE whole <> parts
            """,
        SetTest.NeverFalls t => $"""
            SELECT count(*)::BIGINT FROM ({Followed(t, $"r.{SqlText.Name(t.Value)} AS v", relation, conditions)}) WHERE v < lz_before
            """,
        _ => throw new InvalidOperationException($"Unknown test {test.GetType()}."),
    };

    /// <summary>Of how many groups or rows a requirement says anything: groups that have a whole and parts, rows that follow another.</summary>
    public static string Judged(SetTest test, string relation, IReadOnlyList<string> conditions) => test switch
    {
        SetTest.AddsUp t => $"""
            SELECT count(*)::BIGINT FROM (
              SELECT sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[0]}) AS whole, sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[1]}) AS parts FROM {relation} AS r GROUP BY {SqlText.Names(t.By, "r.")})
            WHERE whole IS NOT NULL AND parts IS NOT NULL
            """,
        SetTest.NeverFalls t => $"SELECT count(*)::BIGINT FROM ({Followed(t, "r.*", relation, conditions)}) AS r WHERE r.{SqlText.Name(t.Value)} IS NOT NULL AND r.lz_before IS NOT NULL",
        _ => throw new InvalidOperationException($"{test.GetType()} says something of every row."),
    };

    /// <summary>The rows at fault: number and origin, and the values that speak for themselves. Of groups that do not add up the rows of the whole.</summary>
    public static string Rows(SetTest test, Table table, string relation, string other, IReadOnlyList<string> conditions)
    {
        string Of(string column) => table.Column(column) is null ? "NULL" : $"r.{column}";
        string Cells(string one = "NULL", string two = "NULL") => $"r.{Names.RowId} AS id, {Of(Origin.Batch)} AS batch, {Of(Origin.File)} AS file, {Of(Origin.Record)} AS record, {one} AS one, {two} AS other";
        return test switch
        {
            SetTest.Unique t => $"SELECT {Cells()} FROM {relation} AS r WHERE {Present(t.Columns)} QUALIFY count(*) OVER (PARTITION BY {SqlText.Names(t.Columns, "r.")}) > 1",
            SetTest.Determines t => $"""
                SELECT {Cells()} FROM (
                  SELECT r.*, count(*) OVER (PARTITION BY {SqlText.Names(t.By, "r.")}, r.{SqlText.Name(t.Column)}) AS lz_alike FROM {relation} AS r WHERE {Present([.. t.By, t.Column])}) AS r
                QUALIFY r.{SqlText.Name(t.Column)} <> first_value(r.{SqlText.Name(t.Column)}) OVER (PARTITION BY {SqlText.Names(t.By, "r.")} ORDER BY r.lz_alike DESC, r.{SqlText.Name(t.Column)})
                """,
            SetTest.Refers t => $"SELECT {Cells()} {Lost(t, relation, other)}",
            SetTest.Agrees t => $"SELECT {Cells()} {Differ(t, relation, other)}",
            SetTest.AddsUp t => $"""
                SELECT {Cells("r.lz_whole", "r.lz_parts")} FROM (
                  SELECT r.*, sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[0]}) OVER (PARTITION BY {SqlText.Names(t.By, "r.")}) AS lz_whole,
                    sum(r.{SqlText.Name(t.Amount)}) FILTER (WHERE {conditions[1]}) OVER (PARTITION BY {SqlText.Names(t.By, "r.")}) AS lz_parts FROM {relation} AS r) AS r
                WHERE r.lz_whole <> r.lz_parts AND {conditions[0]}
                """,
            SetTest.NeverFalls t => $"SELECT {Cells("r.lz_before")} FROM ({Followed(t, "r.*", relation, conditions)}) AS r WHERE r.{SqlText.Name(t.Value)} < r.lz_before",
            _ => throw new InvalidOperationException($"Unknown test {test.GetType()}."),
        };
    }

    private static string Followed(SetTest.NeverFalls t, string cells, string relation, IReadOnlyList<string> conditions) => $"""
        SELECT {cells}, lag(r.{SqlText.Name(t.Value)}) OVER (PARTITION BY {SqlText.Names(t.By, "r.")} ORDER BY r.{SqlText.Name(t.Order)}) AS lz_before
        FROM {relation} AS r WHERE {(conditions.Count > 0 ? conditions[0] : "true")}
        """;

    private static string Lost(SetTest.Refers t, string relation, string other) =>
        $"FROM {relation} AS r WHERE {Present([t.Column])} AND r.{SqlText.Name(t.Column)} NOT IN (SELECT o.{SqlText.Name(t.OtherColumn)} FROM {other} AS o WHERE o.{SqlText.Name(t.OtherColumn)} IS NOT NULL)";

    private static string Differ(SetTest.Agrees t, string relation, string other) => $"""
        FROM {relation} AS r WHERE {Present([t.Key, t.Column])}
          AND EXISTS (SELECT 1 FROM {other} AS o WHERE {Same(t.Key, t.OtherKey)} AND o.{SqlText.Name(t.OtherColumn)} IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM {other} AS o WHERE {Same(t.Key, t.OtherKey)} AND {Same(t.Column, t.OtherColumn)})
        """;

    /// <summary>As texts: two sources may keep the same in columns of different types.</summary>
    private static string Same(string column, string other) => $"CAST(o.{SqlText.Name(other)} AS VARCHAR) = CAST(r.{SqlText.Name(column)} AS VARCHAR)";

    private static string Present(IEnumerable<string> columns) => string.Join(" AND ", columns.Select(c => $"r.{SqlText.Name(c)} IS NOT NULL"));

    private static string Keys(IReadOnlyList<string> columns) => string.Join(", ", columns.Select((c, i) => $"r.{SqlText.Name(c)} AS k{i}"));
}
