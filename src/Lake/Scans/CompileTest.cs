// In: a test and a table. Out: its SQL, true where the row fits, false where it fails, NULL where it cannot be told; or a refusal.
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Lake.Checks;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Scans;

internal static class CompileTest
{
    public static Result<string> Sql(RowTest test, Table table, Arguments arguments, string alias = "r")
    {
        foreach (var name in Columns(test))
        {
            if (table.Column(name) is null)
            {
                return Problems.NoColumn.With(table, name);
            }
        }

        return test switch
        {
            RowTest.Holds t => Compile.Sql(t.Condition, table, arguments, alias),
            RowTest.Denied t => Compile.Sql(new Condition.Not(t.Condition), table, arguments, alias),
            RowTest.Matches t => $"regexp_full_match({Text(t.Column)}, {SqlText.Literal(t.Pattern)})",
            RowTest.Among { Values.Count: 0 } t => $"({Cell(t.Column)} IS NULL)",
            RowTest.Among t => OneOf(t.Column, t.Values),
            RowTest.Checked { Check: ValueCheck.None } => "true",
            RowTest.Checked t => $"{CheckFunctions.Name(t.Check)}({Text(t.Column)})",
            RowTest.Compared t => $"({Cell(t.Left)} {Compile.Sign(t.Is)} {Cell(t.Right)})",
            RowTest.NotAfter t => NotAfter(t),
            RowTest.BornOn t => $"(lz_id_birth({Text(t.IdNumber)}) = TRY_CAST({Cell(t.Date)} AS DATE))",
            RowTest.SexOf t => Sex(t),
            RowTest.Excepted t => Excepted(t),
            _ => throw new InvalidOperationException($"Unknown test {test.GetType()}."),
        };

        string Cell(string name) => $"{alias}.{SqlText.Name(table.Column(name)!.Name)}";

        string Text(string name) => table.Column(name)!.Type == ColumnType.Text ? Cell(name) : $"CAST({Cell(name)} AS VARCHAR)";

        string OneOf(string column, IReadOnlyList<string> values) => $"({Text(column)} IN ({string.Join(", ", values.Select(v => arguments.Add(v) + "::VARCHAR"))}))";

        string NotAfter(RowTest.NotAfter t)
        {
            var day = DateOnly.FromDateTime(t.Moment.InCity().DateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return table.Column(t.Column)!.Type.Name is "timestamp" or "timestamptz"
                ? $"(CAST({Cell(t.Column)} AS TIMESTAMP) <= TIMESTAMP '{t.Moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}')"
                : $"(TRY_CAST({Cell(t.Column)} AS DATE) <= DATE '{day}')";
        }

        Result<string> Excepted(RowTest.Excepted t)
        {
            var (except, tested) = (Compile.Sql(t.Except, table, arguments, alias), Sql(t.Test, table, arguments, alias));
            return (except.Problem ?? tested.Problem) is { } fault ? fault : $"(CASE WHEN {except.Value} THEN true ELSE {tested.Value} END)";
        }

        string Sex(RowTest.SexOf t) => t.Male.Count == 0 || t.Female.Count == 0
            ? "true"
            : $"(CASE lz_id_sex({Text(t.IdNumber)}) WHEN 1 THEN NOT {OneOf(t.Sex, t.Female)} WHEN 2 THEN NOT {OneOf(t.Sex, t.Male)} END)";
    }

    /// <summary>The columns a test looks at.</summary>
    public static IEnumerable<string> Columns(RowTest test) => test switch
    {
        RowTest.Holds t => t.Condition.Columns(),
        RowTest.Denied t => t.Condition.Columns(),
        RowTest.Matches t => [t.Column],
        RowTest.Among t => [t.Column],
        RowTest.Checked t => [t.Column],
        RowTest.Compared t => [t.Left, t.Right],
        RowTest.NotAfter t => [t.Column],
        RowTest.BornOn t => [t.IdNumber, t.Date],
        RowTest.SexOf t => [t.IdNumber, t.Sex],
        RowTest.Excepted t => [.. Columns(t.Test), .. t.Except.Columns()],
        _ => [],
    };
}
