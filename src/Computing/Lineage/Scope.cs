// In: the tables in sight where an expression stands, and a name in it. Out: what flows from there. Names are compared without case, as the engine does.

namespace Lizhou.Computing.Lineage;

/// <summary>A table in sight.</summary>
/// <param name="Hidden">Columns a star leaves out, since a join has merged them with another's.</param>
internal sealed record Sight(string Name, IReadOnlyList<FlowColumn> Columns)
{
    public IReadOnlySet<string> Hidden { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    public FlowColumn? Find(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <param name="outer">What a query around this one sees; null for none.</param>
internal sealed class Scope(IReadOnlyList<Sight> tables, Scope? outer)
{
    private static readonly HashSet<Flow> None = [];

    private readonly Dictionary<string, IReadOnlySet<Flow>> names = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Sight> Tables => tables;

    /// <summary>Names given in the select list, and parameters of functions.</summary>
    public void Name(string name, IReadOnlySet<Flow> from) => names[name] = from;

    /// <summary>The same place with parameters of a function in sight.</summary>
    public Scope With(IEnumerable<string> parameters)
    {
        var inside = new Scope([], this);
        foreach (var parameter in parameters)
        {
            inside.Name(parameter, None);
        }

        return inside;
    }

    /// <summary>What a name of one or more parts means; null when nothing of the kind is in sight.</summary>
    public IReadOnlySet<Flow>? Find(IReadOnlyList<string> parts)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Own(parts) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private Scope? Outer => outer;

    private IReadOnlySet<Flow>? Own(IReadOnlyList<string> parts)
    {
        // schema.table.column, table.column, column; what follows is a field of it.
        for (var skip = Math.Min(2, parts.Count - 1); skip > 0; skip--)
        {
            if (tables.FirstOrDefault(t => string.Equals(t.Name, parts[skip - 1], StringComparison.OrdinalIgnoreCase)) is { } table && Of(table, parts[skip]) is { } found)
            {
                return found;
            }
        }

        foreach (var table in tables)
        {
            if (table.Find(parts[0]) is { } column)
            {
                return parts.Count == 1 ? column.From : Changed(column.From);
            }
        }

        if (names.TryGetValue(parts[0], out var given))
        {
            return given;
        }

        // A table's own name means its whole row; and a column without a name may be called as the engine calls it.
        return parts.Count == 1 && tables.FirstOrDefault(t => string.Equals(t.Name, parts[0], StringComparison.OrdinalIgnoreCase)) is { } row ? Changed(row.Columns.SelectMany(c => c.From))
            : tables.SelectMany(t => t.Columns).Where(c => c.Name is null).ToList() is { Count: > 0 } unnamed ? Changed(unnamed.SelectMany(c => c.From)) : null;
    }

    private static IReadOnlySet<Flow>? Of(Sight table, string column) => table.Find(column)?.From
        ?? (table.Columns.Where(c => c.Name is null).ToList() is { Count: > 0 } unnamed ? Changed(unnamed.SelectMany(c => c.From)) : null);

    private static HashSet<Flow> Changed(IEnumerable<Flow> flows) => [.. flows.Select(f => f.Kind == FlowKind.Identity ? f with { Kind = FlowKind.Transformation } : f)];
}
