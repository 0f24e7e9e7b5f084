// In: the fields of the rule editor as a browser sends them, half done or wrong. Out: the same fields to be shown again, or the rules they mean; a fault names its field.
using System.Globalization;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Policy.Rules;

/// <summary>One rule as it is edited: everything a text.</summary>
internal sealed record RuleFields
{
    public string Name { get; init; } = "";

    public IReadOnlyList<string> Roles { get; init; } = [];

    public bool OwnUnit { get; init; }

    public bool Granted { get; init; }

    /// <summary>One a line.</summary>
    public string Resources { get; init; } = "";

    /// <summary>One a line.</summary>
    public string Purposes { get; init; } = "";

    /// <summary>First day, city time.</summary>
    public string From { get; init; } = "";

    /// <summary>Last day, city time.</summary>
    public string Until { get; init; } = "";

    /// <summary>For L1 to L4.</summary>
    public IReadOnlyList<string> Verdicts { get; init; } = [.. Enumerable.Repeat(nameof(Verdict.Refuse), 4)];

    public string Mask { get; init; } = nameof(MaskKind.Partial);

    /// <summary>The condition as JSON; empty for all rows.</summary>
    public string Rows { get; init; } = "";

    public static RuleFields Of(Rule rule) => new()
    {
        Name = rule.Name, Roles = rule.Roles, OwnUnit = rule.OwnUnit, Granted = rule.Granted, Resources = string.Join('\n', rule.Resources), Purposes = string.Join('\n', rule.Purposes),
        From = Day(rule.From), Until = Day(rule.Until?.AddTicks(-1)), Mask = rule.Mask.ToString(), Rows = rule.Rows is null ? "" : JsonSerializer.Serialize(rule.Rows),
        Verdicts = [.. Enum.GetValues<Level>().Select(l => (rule.Levels.TryGetValue(l, out var verdict) ? verdict : Verdict.Refuse).ToString())],
    };

    /// <exception cref="JsonException">The condition is none.</exception>
    /// <exception cref="FormatException">A date is none.</exception>
    public Rule ToRule() => new()
    {
        Name = Name.Trim(), Roles = [.. Roles.Where(Kernel.Roles.All.Contains)], OwnUnit = OwnUnit, Granted = Granted, Resources = Lines(Resources), Purposes = Lines(Purposes),
        From = Date(From) is { } from ? from.Midnight() : null, Until = Date(Until) is { } until ? until.EndOfDay() : null,
        Levels = Enum.GetValues<Level>().Zip(Verdicts).ToDictionary(v => v.First, v => Enum.Parse<Verdict>(v.Second)),
        Mask = Enum.Parse<MaskKind>(Mask), Rows = string.IsNullOrWhiteSpace(Rows) ? null : JsonSerializer.Deserialize<Condition>(Rows),
    };

    private static string Day(DateTimeOffset? moment) => moment?.InCity().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static DateOnly? Date(string text) => string.IsNullOrWhiteSpace(text) ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string[] Lines(string text) => text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <param name="Seen">The version the author began with.</param>
internal sealed record RuleForm(long Seen, string Unlabelled, string Note, IReadOnlyList<RuleFields> Rules)
{
    private const int Most = 100;

    public static RuleForm Of(RuleSet rules, long seen) => new(seen, rules.Unlabelled.ToString(), "", [.. rules.Rules.Select(RuleFields.Of)]);

    public static RuleForm Read(IFormCollection form) => new(
        long.TryParse(form["Seen"], CultureInfo.InvariantCulture, out var seen) ? seen : 0, form["Unlabelled"].ToString(), form["Note"].ToString(),
        [.. Enumerable.Range(0, Math.Clamp(int.TryParse(form["Count"], CultureInfo.InvariantCulture, out var count) ? count : 0, 0, Most)).Select(i => Fields(form, $"r{i}."))]);

    /// <summary>The form after a button: <c>add</c>, or <c>up.2</c>, <c>down.2</c>, <c>remove.2</c>.</summary>
    public RuleForm After(string act)
    {
        var rules = Rules.ToList();
        var at = int.TryParse(act.Split('.')[^1], CultureInfo.InvariantCulture, out var index) && index < rules.Count ? index : -1;
        switch (act.Split('.')[0])
        {
            case "add" when rules.Count < Most:
                rules.Add(new());
                break;
            case "remove" when at >= 0:
                rules.RemoveAt(at);
                break;
            case "up" when at > 0:
                (rules[at - 1], rules[at]) = (rules[at], rules[at - 1]);
                break;
            case "down" when at >= 0 && at < rules.Count - 1:
                (rules[at + 1], rules[at]) = (rules[at], rules[at + 1]);
                break;
        }

        return this with { Rules = rules };
    }

    public Result<RuleSet> ToRules()
    {
        var rules = new List<Rule>();
        foreach (var fields in Rules)
        {
            try
            {
                rules.Add(fields.ToRule());
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException or ArgumentException or NotSupportedException)
            {
                return Problems.BadRules.With($"{fields.Name}: {wrong.Message}");
            }
        }

        return RuleBook.Read(new RuleSet { Unlabelled = Enum.TryParse<Level>(Unlabelled, out var level) ? level : Level.L1, Rules = rules }.ToString());
    }

    private static RuleFields Fields(IFormCollection form, string at) => new()
    {
        Name = form[at + "Name"].ToString(), Roles = [.. form[at + "Roles"].OfType<string>()], OwnUnit = form.ContainsKey(at + "OwnUnit"), Granted = form.ContainsKey(at + "Granted"),
        Resources = form[at + "Resources"].ToString(), Purposes = form[at + "Purposes"].ToString(), From = form[at + "From"].ToString(), Until = form[at + "Until"].ToString(),
        Mask = form[at + "Mask"].ToString(), Rows = form[at + "Rows"].ToString(), Verdicts = [.. Enumerable.Range(1, 4).Select(l => form[$"{at}L{l}"].ToString())],
    };
}
