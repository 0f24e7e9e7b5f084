// What the frame around the pages needs to know of the modules: where their pages are and what the menu says.
using System.Reflection;
using System.Security.Claims;
using Lizhou.Kernel;

namespace Lizhou.Ui;

/// <summary>The modules as the user interface sees them.</summary>
/// <param name="Pages">Assemblies with Razor pages.</param>
/// <param name="Menu">All entries, in order; the frame shows those the actor may open.</param>
public sealed record Rooms(IReadOnlyList<Assembly> Pages, IReadOnlyList<MenuEntry> Menu)
{
    /// <summary>The entries this principal may open, by first-level group, in the order of the modules.</summary>
    internal IReadOnlyList<MenuGroup> For(ClaimsPrincipal user) =>
        [.. Menu.Where(e => MayOpen(e, user)).GroupBy(e => e.Group).OrderBy(g => g.Min(e => e.Place)).Select(g => new MenuGroup(g.Key, [.. g.OrderBy(e => e.Place)]))];

    /// <summary>The entry a path stands under: the longest that is the path or a folder above it.</summary>
    internal static MenuEntry? Current(IEnumerable<MenuGroup> groups, string path) => groups
        .SelectMany(g => g.Entries)
        .Where(e => IsUnder(e.Path, path) || (e.Also is { } also && IsUnder(also, path)))
        .MaxBy(e => e.Path.Length);

    private static bool IsUnder(string place, string path) => path == place || (place != "/" && path.StartsWith(place + "/", StringComparison.Ordinal));

    private static bool MayOpen(MenuEntry entry, ClaimsPrincipal user) =>
        entry.Roles is null
            ? user.Identity?.IsAuthenticated == true
            : entry.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(user.IsInRole);
}

/// <param name="Title">The first-level word.</param>
/// <param name="Entries">At least one.</param>
internal sealed record MenuGroup(Text Title, IReadOnlyList<MenuEntry> Entries);
