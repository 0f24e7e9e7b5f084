// 分类分级: in: an item, and what nearly all its values were found to be. Out: the level the rules of the city suggest, how sure that is and why; null where no rule fits. Pure but for the file of rules.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Lizhou.Quality.Kept.Levels;

/// <summary>A rule as levels.yaml writes it.</summary>
internal sealed class LevelRule
{
    public Level Level { get; set; }

    /// <summary>A regular expression found in a name; null for none.</summary>
    public string? Names { get; set; }

    public ValueCheck? Check { get; set; }

    public double Confidence { get; set; }

    public string Why { get; set; } = "";

    public string WhyEn { get; set; } = "";
}

/// <param name="Confidence">0 to 1.</param>
/// <param name="Why">The reasons, the strongest first.</param>
internal sealed record LevelSuggestion(Level Level, double Confidence, IReadOnlyList<Text> Why);

internal static class SuggestLevels
{
    private static readonly IReadOnlyList<(LevelRule Rule, Regex? Names)> Rules = Load();

    /// <summary>The checks that rules ask of values.</summary>
    public static readonly IReadOnlyList<ValueCheck> Checks = [.. Rules.Select(r => r.Rule.Check).OfType<ValueCheck>().Distinct()];

    /// <param name="looks">What nearly all values of the item pass; none where it was not scanned.</param>
    public static LevelSuggestion? Of(ItemCard item, IReadOnlyCollection<ValueCheck> looks)
    {
        var fits = Rules.Where(r => (r.Names is { } names && (names.IsMatch(item.Name) || names.IsMatch(item.Column))) || (r.Rule.Check is { } check && (looks.Contains(check) || Told(item.Check) == check))).Select(r => r.Rule).ToList();
        if (fits.Count == 0)
        {
            return null;
        }

        var level = fits.Max(r => r.Level);
        var reasons = fits.Where(r => r.Level == level).OrderByDescending(r => r.Confidence).ToList();
        return new(level, Math.Round(1 - reasons.Aggregate(1d, (doubt, r) => doubt * (1 - r.Confidence)), 2), reasons.ConvertAll(r => new Text(r.Why, r.WhyEn)));
    }

    private static ValueCheck Told(CheckCharacter check) => check switch { CheckCharacter.IdNumber => ValueCheck.IdNumber, CheckCharacter.CreditCode => ValueCheck.CreditCode, _ => ValueCheck.None };

    private static IReadOnlyList<(LevelRule, Regex?)> Load()
    {
        using var file = new StreamReader(typeof(SuggestLevels).Assembly.GetManifestResourceStream("Lizhou.Quality.Kept.Levels.levels.yaml")!);
        var rules = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<List<LevelRule>>(file);
        return [.. rules.Select(r => (r, r.Names is null ? null : new Regex(r.Names, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)))];
    }
}
