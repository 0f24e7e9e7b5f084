// What a version of a unification says: its text, and parameters a line each, which the program checks.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Standards.Rules;

/// <param name="Order">1 to 10.</param>
/// <param name="Text">The rule, for people.</param>
/// <param name="TextEn">The same in English.</param>
/// <param name="Parameters">Lines <c>key = value</c>; empty lines and those beginning with # are passed over.</param>
/// <param name="Basis">What it rests on; null: a local rule.</param>
internal sealed record RuleBody(int Order, string Name, string? NameEn, string Text, string? TextEn, string? Parameters, string? Basis)
{
    public const string Naming = "naming";
    public const string Identifiers = "identifiers";
    public const string Assessment = "assessment";
    public const string Quality = "quality";
    public const string Levels = "levels";
}

/// <param name="Line">From 1.</param>
internal sealed record Parameter(int Line, string Key, string Value);

internal static class Parameters
{
    public static IReadOnlyList<Parameter> Of(string? text) =>
    [
        .. (text ?? "").Split('\n').Select((line, i) => (Line: i + 1, Text: line.Trim())).Where(l => l.Text.Length > 0 && l.Text[0] != '#')
            .Select(l => l.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? new Parameter(l.Line, l.Text[..at].Trim(), l.Text[(at + 1)..].Trim()) : new Parameter(l.Line, "", l.Text)),
    ];

    /// <summary>The first thing wrong with the parameters of a unification, with its place; null when nothing is.</summary>
    public static Problem? Fault(string rule, string? text)
    {
        var all = Of(text);
        if (all.FirstOrDefault(p => p.Key.Length == 0 || p.Value.Length == 0) is { } formless)
        {
            return Problems.ParametersFaulty.With(formless.Line, new Text("应写成“键 = 值”", "must be written key = value"));
        }

        if (all.GroupBy(p => p.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return Problems.ParametersFaulty.With(twice.Last().Line, new Text("“{0}”重复", "{0} is there twice").With(twice.Key));
        }

        // What others read of a rule is there in each version, or they would go by nothing.
        string[] needed = rule switch { RuleBody.Naming => ["column"], RuleBody.Levels => Enum.GetNames<Level>(), _ => [] };
        if (needed.Except(all.Select(p => p.Key), StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            return Problems.ParameterMissing.With(string.Join("、", missing));
        }

        return rule switch
        {
            RuleBody.Naming => all.Select(NotAPattern).OfType<Problem>().FirstOrDefault(),
            RuleBody.Identifiers => all.Select(NotAnIdentifier).OfType<Problem>().FirstOrDefault(),
            RuleBody.Levels => all.Select(NotALevel).OfType<Problem>().FirstOrDefault(),
            RuleBody.Assessment or RuleBody.Quality => Weights(all),
            _ => null,
        };
    }

    private static Problem? NotAPattern(Parameter p) => ValueFormat.Fault(p.Value) is { } what ? Problems.ParametersFaulty.With(p.Line, what) : null;

    private static Problem? NotAnIdentifier(Parameter p) => Enum.TryParse<CheckCharacter>(p.Value, out var check) && Enum.IsDefined(check) ? null
        : Problems.ParametersFaulty.With(p.Line, new Text("校验应为 {0}，不是“{1}”", "a check is one of {0}, not {1}").With(string.Join(" / ", Enum.GetNames<CheckCharacter>()), p.Value));

    private static Problem? NotALevel(Parameter p) => Enum.TryParse<Level>(p.Key, out var level) && Enum.IsDefined(level) ? null
        : Problems.ParametersFaulty.With(p.Line, new Text("键应为 L1 至 L4，不是“{0}”", "a key is L1 to L4, not {0}").With(p.Key));

    /// <summary>Parts of a score in per cent; without any there is nothing to weigh.</summary>
    private static Problem? Weights(IReadOnlyList<Parameter> all)
    {
        var sum = 0m;
        foreach (var p in all)
        {
            if (!decimal.TryParse(p.Value.TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) || weight is <= 0 or > 100)
            {
                return Problems.ParametersFaulty.With(p.Line, new Text("权重应为大于 0、不超过 100 的百分数，不是“{0}”", "a weight is a percentage above 0 and up to 100, not {0}").With(p.Value));
            }

            sum += weight;
        }

        return all.Count == 0 || sum == 100 ? null
            : Problems.WeightsOff.With(sum.ToString("0.##", CultureInfo.InvariantCulture), string.Join(" + ", all.Select(p => $"{p.Key} {p.Value}")), all[0].Line);
    }
}
