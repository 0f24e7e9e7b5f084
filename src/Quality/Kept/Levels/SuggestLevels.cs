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

    /// <summary>Whether it is about a person who is named by other items beside it: how sensitive it is depends on them.</summary>
    public bool Personal { get; set; }
}

/// <param name="Confidence">0 to 1.</param>
/// <param name="Why">The reasons, the strongest first.</param>
internal sealed record LevelSuggestion(Level Level, double Confidence, IReadOnlyList<Text> Why)
{
    /// <summary>What it is about a person says less than what stands beside it.</summary>
    public bool Personal { get; init; }
}

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
        return new(level, Math.Round(1 - reasons.Aggregate(1d, (doubt, r) => doubt * (1 - r.Confidence)), 2), reasons.ConvertAll(r => new Text(r.Why, r.WhyEn))) { Personal = reasons.Exists(r => r.Personal) };
    }

    /// <summary>The suggestion among the other items of its table: nothing bound to a data element is below that, and what tells of a person is not lowered below the id number beside it.</summary>
    /// <param name="element">The level and name of the element it is bound to; null for none.</param>
    /// <param name="beside">The level of the id numbers in the table; null where there are none.</param>
    public static LevelSuggestion? Beside(LevelSuggestion? found, ItemCard item, (Level Level, string Name)? element, Level? beside)
    {
        if (element is { } bound && (found is null || found.Level < bound.Level))
        {
            return new(bound.Level, 1, [new Text("所绑定的数据元“{0}”为 {1}", "the data element {0} it is bound to is {1}").With(bound.Name, bound.Level)]);
        }

        return found is { Personal: true } && beside is { } floor && item.Level is { } has && found.Level < has && found.Level < floor
            ? found with { Level = has < floor ? has : floor, Why = [.. found.Why, new Text("同表有公民身份号码", "citizens' id numbers stand beside it")] }
            : found;
    }

    /// <summary>Whether the item's values are citizens' id numbers.</summary>
    public static bool Identifies(ItemCard item, IReadOnlyCollection<ValueCheck> looks) => item.Check == CheckCharacter.IdNumber || looks.Contains(ValueCheck.IdNumber);

    private static ValueCheck Told(CheckCharacter check) => check switch { CheckCharacter.IdNumber => ValueCheck.IdNumber, CheckCharacter.CreditCode => ValueCheck.CreditCode, _ => ValueCheck.None };

    private static IReadOnlyList<(LevelRule, Regex?)> Load()
    {
        using var file = new StreamReader(typeof(SuggestLevels).Assembly.GetManifestResourceStream("Lizhou.Quality.Kept.Levels.levels.yaml")!);
        var rules = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<List<LevelRule>>(file);
        return [.. rules.Select(r => (r, r.Names is null ? null : new Regex(r.Names, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)))];
    }
}
