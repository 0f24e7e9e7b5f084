// The rules by which the policy decides, as data that a security administrator edits; kept in numbered versions. In: JSON. Refuses unknown members.
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Contracts;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

/// <summary>Who may see what. The first rule that applies to the asker decides; where none applies, nothing is shown.</summary>
internal sealed record Rule
{
    /// <summary>Latin, short; stands in the evidence.</summary>
    public required string Name { get; init; }

    /// <summary>One of these roles; empty for any but an administrator's.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Only for people of the unit the data comes from.</summary>
    public bool OwnUnit { get; init; }

    /// <summary>Only under a grant that holds; then its items, masks and rows count beside <see cref="Levels"/>.</summary>
    public bool Granted { get; init; }

    /// <summary>Resource codes, or their beginnings followed by <c>*</c>; empty for all.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Only for these purposes; empty for all.</summary>
    public IReadOnlyList<string> Purposes { get; init; } = [];

    /// <summary>UTC; null for always.</summary>
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>What becomes of an item of each level; one not named is refused.</summary>
    public IReadOnlyDictionary<Level, Verdict> Levels { get; init; } = new Dictionary<Level, Verdict>();

    public MaskKind Mask { get; init; } = MaskKind.Partial;

    /// <summary>Only rows for which this is true; null for all.</summary>
    public Condition? Rows { get; init; }

    public bool AppliesTo(string code) =>
        Resources.Count == 0 || Resources.Any(r => r.EndsWith('*') ? code.StartsWith(r[..^1], StringComparison.Ordinal) : r == code);
}

internal sealed record RuleSet
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        MaxDepth = 32,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Up to which level one without a label may see items; above it even the right role is refused.</summary>
    public Level Unlabelled { get; init; } = Level.L2;

    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>A steward sees the rows of their own unit, L4 masked; an engineer of the bureau those of every unit, L3 and above masked; a holder of a grant
    /// what it names; administrators see no business data (三员分立).</summary>
    public static RuleSet Default { get; } = new()
    {
        Rules =
        [
            new() { Name = "own-unit", Roles = [Roles.Steward], OwnUnit = true, Levels = Until(Verdict.Allow, Verdict.Mask) },
            new() { Name = "engineer", Roles = [Roles.Engineer], Levels = Until(Verdict.Mask, Verdict.Mask) },
            new() { Name = "granted", Granted = true, Levels = Until(Verdict.Allow, Verdict.Allow) },
        ],
    };

    /// <summary>As it was kept.</summary>
    public static RuleSet Parse(string json) => Read(json) ?? throw new JsonException("Nothing is no rule set.");

    /// <summary>Null for the word null.</summary>
    public static RuleSet? Read(string json) => JsonSerializer.Deserialize<RuleSet>(json, Strict);

    /// <summary>What is wrong with a text that is no rule set, and where.</summary>
    public static Text Told(JsonException wrong) => WrongJson.Told(wrong, typeof(RuleSet), Strict);

    public override string ToString() => JsonSerializer.Serialize(this, Strict);

    private static Dictionary<Level, Verdict> Until(Verdict third, Verdict fourth) =>
        new() { [Level.L1] = Verdict.Allow, [Level.L2] = Verdict.Allow, [Level.L3] = third, [Level.L4] = fourth };
}
