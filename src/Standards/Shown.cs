// In: what is kept. Out: it as pages show it, in the language of the request.
using System.Globalization;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Standards.Lists;

namespace Lizhou.Standards;

internal static class Shown
{
    public static string Name(string name, string? english) => new Text(name, english ?? name).ToString();

    /// <summary>Its days; open ends as dots.</summary>
    public static string Days(CodeRow row) => row is { From: null, Until: null } ? "—" : $"{ImportCodes.Day(row.From) ?? "…"} – {ImportCodes.Day(row.Until) ?? "…"}";

    public static string Size(ElementCard e) => e.Precision is { } digits ? $"{digits},{e.Scale ?? 0}" : e.Length?.ToString(CultureInfo.InvariantCulture) ?? "—";

    public static DateOnly? Date(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
