// In: one parameter of a question, as text. Out: its value; empty is none. Refuses, by its name, what it cannot be: the framework's own refusal is in another form than the standard's.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Intake.Open311;

internal static class Asked
{
    /// <summary>ISO 8601 with an offset, whose plus sign an address turns into a space; without one UTC.</summary>
    public static Result<DateTimeOffset?> Moment(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? (DateTimeOffset?)null
        : DateTimeOffset.TryParse(text.Contains('T', StringComparison.Ordinal) ? text.Trim().Replace(' ', '+') : text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at.Year is >= 1900 and < 3000 ? at
        : Wrong(name, new("须为 ISO 8601 时间，如 2026-11-01T08:00:00+08:00。", "a time as ISO 8601 has it is needed, e.g. 2026-11-01T08:00:00+08:00."));

    public static Result<int?> Number(string name, string? text) =>
        string.IsNullOrWhiteSpace(text) ? (int?)null
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : Wrong(name, new("须为正整数。", "a whole number from 1 on is needed."));

    /// <returns>Null: both.</returns>
    public static Result<string?> Status(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(s => s.ToLowerInvariant()).Distinct().ToList() switch
        {
            [] => (string?)null,
            [var one] when one is "open" or "closed" => one,
            ["open" or "closed", "open" or "closed"] => (string?)null,
            _ => Wrong("status", new("须为 open、closed，或以逗号连接的两者。", "it is open, closed, or both by a comma.")),
        };

    private static Problem Wrong(string name, Text why) => Problems.WrongField.With(new Text(name, name), why).At(name);
}
