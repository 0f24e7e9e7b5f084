// What the frame around the pages needs to know of the modules: where their pages are and what the menu says.
using System.Reflection;
using Lizhou.Kernel;

namespace Lizhou.Ui;

/// <summary>The modules as the user interface sees them.</summary>
/// <param name="Pages">Assemblies with Razor pages.</param>
/// <param name="Menu">All entries, in order; the frame shows those the actor may open.</param>
public sealed record Rooms(IReadOnlyList<Assembly> Pages, IReadOnlyList<MenuEntry> Menu);
