// Where cases belong: a tree from the city's centre over towns and zones to villages and the grids of each; and which unit does which duty of a node and of all below it.
using System.Text.Json.Serialization;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Nodes;

[JsonConverter(typeof(JsonStringEnumConverter<NodeKind>))]
internal enum NodeKind
{
    Centre,
    Town,
    Zone,
    Village,
    Grid,
}

internal sealed record CaseNode
{
    /// <summary>Digits of the longest code, a grid's.</summary>
    public const int Longest = 15;

    /// <summary>Of the divisions' code list: 6, 9 or 12 digits; a grid's has three more than its village's.</summary>
    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public NodeKind Kind { get; init; }

    public string? Parent { get; init; }

    public Loop Loop => Kind switch { NodeKind.Centre => Loop.Large, NodeKind.Village or NodeKind.Grid => Loop.Micro, _ => Loop.Small };
}

/// <summary>A line of the duty list.</summary>
internal sealed record Duty
{
    public Guid Id { get; init; }

    public string Node { get; init; } = "";

    /// <summary>One of <see cref="FlowWords.Duties"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Null: the bureau.</summary>
    public Guid? Unit { get; init; }

    public DateOnly ValidFrom { get; init; }

    /// <summary>First day it no longer holds; null: open.</summary>
    public DateOnly? ValidUntil { get; init; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidUntil is not { } end || day < end);

    public bool IsOf(Actor actor) => Unit is { } unit ? actor.Has(Roles.Steward) && actor.Unit == unit : actor.Has(Roles.Engineer);
}

/// <summary>A node and the codes of itself and all above it.</summary>
internal sealed record Place(CaseNode Node, IReadOnlySet<string> Above);

/// <summary>The tree as it stands.</summary>
internal sealed record NodeBook(IReadOnlyDictionary<string, CaseNode> ByCode)
{
    private ILookup<string, CaseNode>? below;
    private IReadOnlyList<Place>? places;
    private IReadOnlyList<string>? numbers;

    public CaseNode? Find(string? code) => code is not null && ByCode.TryGetValue(code, out var node) ? node : null;

    public CaseNode Centre => ByCode.Values.First(n => n.Parent is null);

    /// <summary>By the code of a node those right below it, by code.</summary>
    public ILookup<string, CaseNode> Below => below ??= ByCode.Values.Where(n => n.Parent is not null).OrderBy(n => n.Code, StringComparer.Ordinal).ToLookup(n => n.Parent!, StringComparer.Ordinal);

    /// <summary>All, by code.</summary>
    public IReadOnlyList<Place> Places => places ??= [.. ByCode.Values.OrderBy(n => n.Code, StringComparer.Ordinal).Select(n => new Place(n, Above(n.Code)))];

    /// <summary>Last three digits of grids, from the least: the number each has in its village.</summary>
    public IReadOnlyList<string> GridNumbers => numbers ??= [.. ByCode.Values.Where(n => n.Kind == NodeKind.Grid && n.Code.Length == CaseNode.Longest).Select(n => n.Code[^3..]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Code of the place a form says; null: it says none. A number of a grid that is not there stays, so that it is refused.</summary>
    public string? Told(string? place, string? grid) => (place?.Trim(), grid?.Trim()) switch
    {
        (null or "", null or "") => null,
        ({ } code, null or "") => code,
        var (code, number) => Find(code)?.Kind == NodeKind.Village ? code + number : $"{code} {number}".Trim(),
    };

    /// <summary>The first node above whose loop is another: from a grid as from its village the town. Null: there is none.</summary>
    public CaseNode? LoopAbove(string code) => Up(code).FirstOrDefault(n => n.Loop != Find(code)!.Loop);

    /// <summary>The node and all above it, from below.</summary>
    public IEnumerable<CaseNode> Up(string code)
    {
        for (var (at, steps) = (Find(code), 0); at is not null && steps < 10; at = Find(at.Parent), steps++)
        {
            yield return at;
        }
    }

    /// <summary>Codes of the node and of all above it.</summary>
    public IReadOnlySet<string> Above(string code) => Up(code).Select(n => n.Code).ToHashSet(StringComparer.Ordinal);

    public bool Holds(string top, string code) => Up(code).Any(n => n.Code == top);

    public string Name(string code) => string.Join(' ', Up(code).Reverse().Skip(code.Length > 6 ? 1 : 0).Select(n => n.Name)) is { Length: > 0 } name ? name : code;
}

/// <summary>Who is on duty today.</summary>
internal sealed record DutyBook(IReadOnlyList<Duty> Today, NodeBook Nodes)
{
    private readonly ILookup<string, string> nodes = Today.ToLookup(d => d.Kind, d => d.Node, StringComparer.Ordinal);

    /// <summary>Duties an actor has of a node.</summary>
    public IReadOnlySet<string> Of(Actor actor, string node)
    {
        var above = Nodes.Above(node);
        return Today.Where(d => above.Contains(d.Node) && d.IsOf(actor)).Select(d => d.Kind).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Duties nobody has of a place or above it.</summary>
    public IReadOnlyList<string> Lacking(Place place) => [.. FlowWords.Duties.Keys.Where(kind => !nodes[kind].Any(place.Above.Contains))];

    /// <summary>The nodes an actor has a duty of, with those duties.</summary>
    public ILookup<string, string> Of(Actor actor) => Today.Where(d => d.IsOf(actor)).ToLookup(d => d.Node, d => d.Kind, StringComparer.Ordinal);
}
