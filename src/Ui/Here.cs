// Links that keep the current query: filters live in the URL.
using Microsoft.AspNetCore.Components;

namespace Lizhou.Ui;

public static class Here
{
    /// <summary>The path of the page, with a leading slash and without the query.</summary>
    public static string Path(this NavigationManager at) => "/" + at.ToBaseRelativePath(at.Uri).Split('?', '#')[0];

    /// <summary>The page with one query parameter changed; null removes it.</summary>
    public static string With(this NavigationManager at, string name, object? value) =>
        at.With(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value?.ToString() });

    /// <summary>The page with several query parameters changed; null removes one.</summary>
    public static string With(this NavigationManager at, IReadOnlyDictionary<string, object?> values) =>
        "/" + at.ToBaseRelativePath(at.GetUriWithQueryParameters(values));

    /// <summary>The query as it stands, parameter by parameter.</summary>
    public static IReadOnlyList<(string Name, string Value)> Query(this NavigationManager at) =>
        [.. Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(at.Uri).Query).SelectMany(p => p.Value.Select(v => (p.Key, v ?? "")))];
}
