// In: a seed and a day. Out: the cases of the sample county (模拟) that day: when each is reported, and what becomes of it when, as far as nobody else acts on it. The same on every machine.
using System.Globalization;
using System.Text;
using Lizhou.Contracts.Cases;
using Lizhou.Kernel;

namespace Lizhou.Sample;

/// <summary>Who acts.</summary>
/// <param name="Unit">Name of the unit whose clerk it is; null: of the centre, which is the bureau's.</param>
internal sealed record LiveClerk(string Name, string? Unit);

/// <summary>What happens to a planned case.</summary>
/// <param name="Fields">Units by name, several by comma.</param>
/// <param name="Twin">The same told once more by somebody else, and merged into the case by this step; null for all other steps.</param>
internal sealed record LiveStep(DateTimeOffset At, string Act, LiveClerk By, IReadOnlyDictionary<string, string> Fields, CaseReport? Twin = null);

/// <param name="Steps">In order of time.</param>
internal sealed record LiveCase(CaseReport Report, LiveClerk By, IReadOnlyList<LiveStep> Steps);

/// <summary>sample/cases.yaml.</summary>
internal sealed class LivePlan
{
    private const int FirstMinute = 6 * 60 + 30;
    private const int LastMinute = 22 * 60;

    /// <summary>The day's consultation begins with a case reported then.</summary>
    private const int ConsultMinute = 8 * 60 + 30;
    private static readonly Lazy<LivePlan> Shared = new(() => Plan.Yaml<LivePlan>("cases.yaml"));

    public static LivePlan Of => Shared.Value;

    public int ADay { get; set; }

    /// <summary>Before the titles of the centre's clerks.</summary>
    public string Centre { get; set; } = "";

    public List<LivePost> Posts { get; set; } = [];

    /// <summary>Who handles, {0} being the unit.</summary>
    public string Clerk { get; set; } = "";

    /// <summary>By act.</summary>
    public Dictionary<string, string> Reasons { get; set; } = [];

    /// <summary>By act.</summary>
    public Dictionary<string, string> Answers { get; set; } = [];

    /// <summary>Codes of villages that are units themselves, and walk their grids.</summary>
    public List<string> Villages { get; set; } = [];

    /// <summary>Units on duty beside those of towns and villages.</summary>
    public List<LiveDuty> Duties { get; set; } = [];

    /// <summary>Why the dispatch table is there.</summary>
    public string TableNote { get; set; } = "";

    public List<LiveLine> Table { get; set; } = [];

    /// <summary>Shares of cases, by what becomes of them.</summary>
    public Dictionary<string, double> Shares { get; set; } = [];

    /// <summary>What is consulted about once a day.</summary>
    public LiveKind Consulted { get; set; } = new();

    public List<LiveKind> Kinds { get; set; } = [];

    public List<string> Results { get; set; } = [];

    public Dictionary<string, int> Sources { get; set; } = [];

    /// <summary>In order of their reports.</summary>
    public IReadOnlyList<LiveCase> On(DateOnly day, ulong seed) => [.. Enumerable.Range(0, ADay).Select(i => One(day, i, seed)).OrderBy(c => c.Report.At)];

    /// <summary>Of the post that an act is a matter of.</summary>
    public string Title(string act) => Posts.First(p => p.Acts.Contains(act)).Title;

    public bool InTowns(string act) => Posts.Exists(p => p.InTowns && p.Acts.Contains(act));

    private LiveCase One(DateOnly day, int number, ulong seed)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{number}");
        var (dice, words) = (Dice.Of(seed, "case/" + name), Words.Of);
        var consulted = number == 0;
        var kind = consulted ? Consulted : Drawn(Kinds, k => k.Weight, ref dice);
        var minute = consulted ? ConsultMinute + dice.Below(20) : dice.Between(FirstMinute, LastMinute);
        var at = InCity(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute).AddSeconds(dice.Below(60)));
        var (town, road) = (dice.Below(words.Towns.Count), Text(words.Roads[dice.Below(words.Roads.Length)]));
        var source = consulted ? "Hotline" : Drawn([.. Sources], s => s.Value, ref dice).Key;
        var village = source == "Patrol" ? Seen(town, ref dice) : null;
        town = village?.Town ?? town;
        var place = village is null ? Text(words.Towns[town].Code) : $"{Text(village.Code)}00{dice.Between(1, 2)}"; // Each has two grids at least.
        var (caller, phone) = Caller(source, ref dice);
        var report = new CaseReport(
            string.Format(CultureInfo.InvariantCulture, kind.Words[dice.Below(kind.Words.Count)], road) + words.Plan.Mark, place, source, kind.Class, $"{Text(words.Towns[town].Name)}{road}{dice.Between(1, 200)}{Text(words.NumberSign)}",
            caller, phone, at, name, dice.Happens(caller is null ? 1 : Shares["told-where"]) ? new(dice.Unit(), dice.Unit()) : null);
        var story = new LiveStory(this, kind, report, Text(words.Towns[town].Name), dice);
        return new(report, story.Reporter, consulted ? story.Consulted(InCity(day.AddDays(1).ToDateTime(new TimeOnly(10, 30)))) : story.Usual());
    }

    /// <summary>Where somebody on patrol is: more often in villages that have people of their own; null: the town has no villages.</summary>
    private Village? Seen(int town, ref Dice dice)
    {
        var own = dice.Happens(Shares["in-own-villages"]);
        var villages = Words.Of.Villages.Where(v => own ? Villages.Contains(Text(v.Code)) : v.Town == town).ToList();
        return villages.Count == 0 ? null : villages[dice.Below(villages.Count)];
    }

    /// <summary>Nobody where it is the city's own people or machines that see it.</summary>
    public static (string? Name, string? Phone) Caller(string source, ref Dice dice) => source is not ("Hotline" or "Web") ? (null, null)
        : (Text(Words.Of.Given[dice.Below(Words.Of.Given.Length)]) + Words.Of.Plan.Mark, $"1380000{dice.Below(10_000):D4}");

    /// <summary>Name of a town's or village's own unit.</summary>
    public static string UnitOf(byte[] name) => Text(name) + Words.Of.Plan.Mark;

    public static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    private static T Drawn<T>(IReadOnlyList<T> all, Func<T, int> weight, ref Dice dice)
    {
        var left = dice.Below(all.Sum(weight));
        return all.First(one => (left -= weight(one)) < 0);
    }

    private static DateTimeOffset InCity(DateTime local) => new DateTimeOffset(local, Clock.City.GetUtcOffset(local)).ToUniversalTime();
}

/// <summary>A post of the duty list.</summary>
internal sealed record LivePost
{
    /// <summary>As the API names it.</summary>
    public string Duty { get; set; } = "";

    public string Title { get; set; } = "";

    /// <summary>Whether each town has its own beside the centre's.</summary>
    public bool InTowns { get; set; }

    public List<string> Acts { get; set; } = [];
}

/// <summary>A unit on duty.</summary>
internal sealed record LiveDuty
{
    /// <summary>Code of a node.</summary>
    public string Node { get; set; } = "";

    /// <summary>As the API names it.</summary>
    public string Duty { get; set; } = "";

    /// <summary>Name of the department.</summary>
    public string Unit { get; set; } = "";
}

/// <summary>Who leads cases of a class.</summary>
internal sealed record LiveLine
{
    /// <summary>A class or the beginning of one.</summary>
    public string Class { get; set; } = "";

    /// <summary>Name of the department; empty: each town in its own place.</summary>
    public string Unit { get; set; } = "";

    /// <summary>Codes of towns left out: a gap that the county has to see.</summary>
    public List<string> But { get; set; } = [];
}

/// <summary>What is reported.</summary>
internal sealed record LiveKind
{
    public string Class { get; set; } = "";

    /// <summary>Name of the department that handles it; empty: the town's own unit.</summary>
    public string Unit { get; set; } = "";

    /// <summary>Of the department that assists; empty: none.</summary>
    public string With { get; set; } = "";

    public int Weight { get; set; }

    /// <summary>{0} is a road.</summary>
    public List<string> Words { get; set; } = [];
}
