// 派单目录: who a case goes to by class, place and grade. At most one row of the highest priority answers; a table in which two could is refused before it counts.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Dispatching;

/// <summary>A row of the table.</summary>
/// <param name="Line">Of the file it was read from; the header is 1.</param>
/// <param name="Class">A class or the beginning of one; empty: any.</param>
/// <param name="Place">A node and all below it; empty: any.</param>
/// <param name="Grade">Null: any.</param>
/// <param name="Limit">Of handling; null: the class's.</param>
/// <param name="Priority">The highest answers where several rows do.</param>
/// <param name="Auto">A case that is filed and answered by it is dispatched at once, by the program.</param>
/// <param name="Flow">Version of the flow under which a case dispatched by it goes on; null: its own.</param>
internal sealed record DispatchRow(int Line, string Class, string Place, Grade? Grade, Guid Lead, IReadOnlyList<Guid> Assists, TimeLimit? Limit, int Priority, bool Auto = false, int? Flow = null)
{
    public bool Answers(string @class, IReadOnlySet<string> above, Grade grade) =>
        @class.StartsWith(Class, StringComparison.Ordinal) && (Place.Length == 0 || above.Contains(Place)) && (Grade is null || Grade == grade);
}

/// <summary>What the table says of a case; kept in the event that assigned it.</summary>
/// <param name="Version">Of the table.</param>
/// <param name="Row">Its line there.</param>
/// <param name="Auto">The line has the case dispatched without a person.</param>
/// <param name="Flow">Version of the flow the line names; null: none.</param>
internal sealed record Proposal(int Version, int Row, Guid Lead, IReadOnlyList<Guid> Assists, TimeLimit? Limit, bool Auto = false, int? Flow = null);

internal sealed record DispatchTable(int Version, IReadOnlyList<DispatchRow> Rows)
{
    /// <summary>Who published it, as <see cref="PersonWords"/> keeps it: what the program dispatches by the table is on their behalf. Null for a draft.</summary>
    public string? Behalf { get; init; }

    /// <summary>Null: no row answers, or the case has no class. Rows whose lead unit was dissolved do not count, units that assist and were dissolved are left out.</summary>
    public Proposal? Find(CaseFile file, NodeBook nodes, Func<Guid, bool> active)
    {
        if (file.Class is not { } code)
        {
            return null;
        }

        var above = nodes.Above(file.Place);
        return Rows.Where(r => active(r.Lead) && r.Answers(code, above, file.Grade)).MaxBy(r => r.Priority) is { } row ? new(Version, row.Line, row.Lead, [.. row.Assists.Where(active)], row.Limit, row.Auto, row.Flow) : null;
    }
}

/// <summary>A version of the table.</summary>
internal sealed record TableVersion
{
    public int Version { get; init; }

    public IReadOnlyList<DispatchRow> Rows { get; init; } = [];

    public string Note { get; init; } = "";

    public string MadeBy { get; init; } = "";

    /// <summary>Id of who made it.</summary>
    public Guid Maker { get; init; }

    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Null: a draft.</summary>
    public string? PublishedBy { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Tells its rows from others: who changes or publishes a draft says which they looked at.</summary>
    public string Mark => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Rows, CasesDb.Json)))[..16];
}
