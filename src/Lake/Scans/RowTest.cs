// What a scan asks of every row, as records: names and values, never text of a statement.
using Lizhou.Kernel;

namespace Lizhou.Lake;

/// <summary>One requirement on rows. A row fails when it is plainly not met; an empty cell meets every requirement but that of <see cref="Holds"/> with <see cref="Condition.Empty"/> in it.</summary>
public abstract record RowTest
{
    private RowTest()
    {
    }

    /// <summary>The condition must not be false.</summary>
    public sealed record Holds(Condition Condition) : RowTest;

    /// <summary>The condition must not be true: a denial constraint.</summary>
    public sealed record Denied(Condition Condition) : RowTest;

    /// <summary>The whole value matches an RE2 expression.</summary>
    public sealed record Matches(string Column, string Pattern) : RowTest;

    /// <summary>The value is one of a code list.</summary>
    public sealed record Among(string Column, IReadOnlyList<string> Values) : RowTest;

    /// <summary>The value passes a check.</summary>
    public sealed record Checked(string Column, ValueCheck Check) : RowTest;

    /// <summary>One column against another of the same row.</summary>
    public sealed record Compared(string Left, Comparison Is, string Right) : RowTest;

    /// <summary>A day is not after the city's day at that moment; a moment, kept in UTC, is not after it. Texts count as days as far as they can be read as such.</summary>
    public sealed record NotAfter(string Column, DateTimeOffset Moment) : RowTest;

    /// <summary>A date is the day of birth a valid id number names.</summary>
    public sealed record BornOn(string IdNumber, string Date) : RowTest;

    /// <summary>A value for male or female agrees with a valid id number; other values (unknown, not told) agree with any.</summary>
    public sealed record SexOf(string IdNumber, string Sex, IReadOnlyList<string> Male, IReadOnlyList<string> Female) : RowTest;

    /// <summary>Rows the condition is true of meet the test, whatever they hold: documented exceptions.</summary>
    public sealed record Excepted(RowTest Test, Condition Except) : RowTest;
}

/// <summary>One requirement on the rows of a table together; a grouped statement of its own.</summary>
public abstract record SetTest
{
    private SetTest()
    {
    }

    /// <summary>No two rows have the same values; rows with an empty one do not count.</summary>
    public sealed record Unique(IReadOnlyList<string> Columns) : SetTest;

    /// <summary>Rows that agree on <paramref name="By"/> agree on <paramref name="Column"/>; at fault are those that differ from the commonest value of their group.</summary>
    public sealed record Determines(IReadOnlyList<string> By, string Column) : SetTest;

    /// <summary>Where another table has the row's key, it says the same; at fault are rows of which it says something else, and nothing that the row says too. Empty cells say nothing.</summary>
    public sealed record Agrees(string Key, string Column, Table Other, string OtherKey, string OtherColumn) : SetTest;

    /// <summary>Every value is there in a column of another table.</summary>
    public sealed record Refers(string Column, Table Other, string OtherColumn) : SetTest;

    /// <summary>In every group the amounts of the parts add up to those of the whole; at fault are groups that have both and where they differ.</summary>
    public sealed record AddsUp(IReadOnlyList<string> By, string Amount, Condition Whole, Condition Parts) : SetTest;

    /// <summary>In every group a number does not fall from one row to the next; at fault are rows below the one before.</summary>
    /// <param name="Of">The rows it is about; null for all.</param>
    public sealed record NeverFalls(IReadOnlyList<string> By, string Order, string Value, Condition? Of) : SetTest;
}

/// <summary>What one pass over a table is to find out.</summary>
/// <param name="Tests">In the order of <see cref="ScanState.Failed"/>.</param>
/// <param name="Profile">Whether the columns are profiled too.</param>
public sealed record ScanPlan(IReadOnlyList<RowTest> Tests, bool Profile = true);
