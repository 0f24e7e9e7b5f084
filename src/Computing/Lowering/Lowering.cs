// A rule by which one column of one model is less sensitive than what the model is given: what it says, who stands for it, and what it was approved for.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lowering;

[JsonConverter(typeof(JsonStringEnumConverter<LoweringState>))]
internal enum LoweringState
{
    Proposed,
    InForce,
    Declined,
    TakenBack,

    /// <summary>What it was approved for is no more: the model's text, or something the model is given, has changed.</summary>
    Lapsed,
}

/// <param name="From">The level of what the model is given, when it was proposed.</param>
/// <param name="Digest">Of the text it holds for.</param>
/// <param name="Given">Digest of all that text is given, see <see cref="LoweringRule.Pin"/>.</param>
/// <param name="Count">The column of the result that says how many subjects stand behind a row; null where the rule does not rest on counts.</param>
/// <param name="Least">Every row has at least so many.</param>
internal sealed record LoweringRule(
    Guid Id, string Number, Guid Model, string ModelName, string Column, Level From, Level To, string Digest, string Given, string? Count, long? Least, string Reason, LoweringState State,
    Guid ProposedBy, string ProposedName, DateTimeOffset ProposedAt, string? DecidedName, string? DecidedWords, DateTimeOffset? DecidedAt, DateTimeOffset? EndedAt, string? EndedWhy)
{
    /// <summary>Why one lapsed, as it is kept.</summary>
    public const string ByText = "text";
    public const string ByGiven = "given";

    public bool Open => State is LoweringState.Proposed or LoweringState.InForce;

    /// <summary>What must hold of every row of the result; null where the rule does not rest on counts.</summary>
    public StatementCheck? Check => Count is null ? null : new(CheckKind.Expression, [], [], string.Create(CultureInfo.InvariantCulture, $"\"{Count}\" >= {Least}"));

    public bool Holds(string digest, string given) => Digest == digest && Given == given;

    /// <summary>A digest of everything a model is given: which resources stand behind the names, the items it is given of them with their levels, and the texts of all models before it.
    /// When any of it changes, what was approved is something else.</summary>
    public static string Pin(IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, IReadOnlyList<Model> models)
    {
        var known = models.ToDictionary(m => m.Id);
        var before = new SortedDictionary<Guid, string>();
        for (var ways = new Queue<Guid>(inputs.Select(i => i.Input.Set)); ways.TryDequeue(out var set);)
        {
            if (known.TryGetValue(set, out var model) && before.TryAdd(set, model.Pinned))
            {
                model.Found.Inputs.ToList().ForEach(i => ways.Enqueue(i.Set));
            }
        }

        var lines = inputs.OrderBy(i => i.Input.Key, StringComparer.Ordinal)
            .SelectMany(i => GivenColumns.Items(i.Input, i.Card).OrderBy(c => c.Column, StringComparer.Ordinal).Select(c => $"{i.Input.Key} {i.Input.Set:D} {c.Column} {c.Id:D} {c.Applied}"))
            .Concat(before.Select(m => $"{m.Key:D} {m.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}

/// <summary>The levels below which no column of a model is published: that of all it is given, and where a rule in force says so, the rule's.</summary>
internal sealed record Floors(Level Least, IReadOnlyList<LoweringRule> Rules)
{
    public Level Of(string column) => Rules.FirstOrDefault(r => r.Column == column) is { To: var to } && to < Least ? to : Least;

    public IEnumerable<StatementCheck> Checks => Rules.Select(r => r.Check).OfType<StatementCheck>().Distinct();
}

internal static class LoweringWords
{
    public static Text Of(LoweringState state) => state switch
    {
        LoweringState.Proposed => new("待批准", "to be approved"),
        LoweringState.InForce => new("有效", "in force"),
        LoweringState.Declined => new("未批准", "declined"),
        LoweringState.TakenBack => new("已撤回", "taken back"),
        _ => new("已失效", "lapsed"),
    };

    /// <summary>Why a rule ended; null while it has not.</summary>
    public static Text? Ended(LoweringRule rule) => rule.EndedWhy switch
    {
        null => null,
        LoweringRule.ByText when rule.State == LoweringState.Lapsed => new("模型的语句或说明已变化", "the model's text has changed"),
        LoweringRule.ByGiven when rule.State == LoweringState.Lapsed => new("模型的输入、其级别或其上游模型已变化", "an input, its level, or a model before it has changed"),
        var words => new Text("{0}", "{0}").With(words),
    };

    public static string Tone(LoweringState state) => state switch { LoweringState.Proposed => "warn", LoweringState.InForce => "good", LoweringState.Lapsed => "bad", _ => "plain" };
}
