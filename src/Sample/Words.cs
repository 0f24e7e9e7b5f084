// The characters and words invented names are put together from, as UTF-8, ready to be copied into a line.
using System.Text;

namespace Lizhou.Sample;

internal sealed class Words
{
    private static readonly Lazy<Words> Shared = new(() => new(Lizhou.Sample.Plan.Yaml<WordPlan>("names.yaml"), Divisions()));

    private Words(WordPlan plan, List<(string Code, string Name)> divisions)
    {
        Plan = plan;
        Surnames = new(plan.Surnames);
        FirmForms = new(plan.FirmForms);
        Given = [.. plan.Given.EnumerateRunes().Select(r => Encoding.UTF8.GetBytes(r.ToString()))];
        FirmWords = [.. plan.FirmWords.EnumerateRunes().Select(r => Encoding.UTF8.GetBytes(r.ToString()))];
        (FirmTrades, Roads, Places, PlaceKinds) = (Utf8(plan.FirmTrades), Utf8(plan.Roads), Utf8(plan.Places), Utf8(plan.PlaceKinds));
        (EventThings, EventFaults, InsteadOfNumber) = (Utf8(plan.EventThings), Utf8(plan.EventFaults), Utf8(plan.InsteadOfNumber));
        (City, UnknownCode, NumberSign) = (Utf8(plan.City), Utf8(plan.UnknownCode), Utf8(plan.NumberSign));
        Towns = [.. divisions.Where(d => d.Code.Length == 9).Select(d => new Town(Utf8(d.Code), Utf8(d.Name)))];
        Villages = [.. divisions.Where(d => d.Code.Length == 12).Select(d => new Village(
            Towns.FindIndex(t => t.Code.AsSpan().SequenceEqual(Utf8(d.Code[..9]))), Utf8(d.Code), Utf8(d.Name)))];
    }

    public static Words Of => Shared.Value;

    public WordPlan Plan { get; }

    public Weighted Surnames { get; }

    public Weighted FirmForms { get; }

    public byte[][] Given { get; }

    public byte[][] FirmWords { get; }

    public byte[][] FirmTrades { get; }

    public byte[][] Roads { get; }

    public byte[][] Places { get; }

    public byte[][] PlaceKinds { get; }

    public byte[][] EventThings { get; }

    public byte[][] EventFaults { get; }

    public byte[][] InsteadOfNumber { get; }

    public byte[] City { get; }

    public byte[] UnknownCode { get; }

    public byte[] NumberSign { get; }

    public List<Town> Towns { get; }

    public Village[] Villages { get; }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[][] Utf8(List<string> texts) => [.. texts.Select(Utf8)];

    private static List<(string Code, string Name)> Divisions()
    {
        using var text = Lizhou.Sample.Plan.Open("divisions.csv");
        List<(string, string)> divisions = [];
        while (text.ReadLine() is { } line)
        {
            if (char.IsAsciiDigit(line[0]) && line.Split(',') is [var code, var name])
            {
                divisions.Add((code, name));
            }
        }

        return divisions;
    }
}

internal sealed record Town(byte[] Code, byte[] Name);

/// <param name="Town">Index into <see cref="Words.Towns"/>.</param>
internal sealed record Village(int Town, byte[] Code, byte[] Name);

/// <summary>Values drawn by weight: a table of 1,024 places, so that a draw is one look.</summary>
internal sealed class Weighted
{
    private const int Places = 1024;
    private readonly byte[][] table = new byte[Places][];

    public Weighted(IReadOnlyDictionary<string, int> weights)
    {
        var total = weights.Values.Sum();
        var (sum, at) = (0L, 0);
        foreach (var (value, weight) in weights)
        {
            sum += weight;
            var text = Words.Utf8(value);
            for (var end = (int)(sum * Places / total); at < end; at++)
            {
                table[at] = text;
            }
        }
    }

    public byte[] At(ulong number) => table[number % Places];
}

/// <summary>The file names.yaml.</summary>
internal sealed record WordPlan
{
    public Dictionary<string, int> Surnames { get; init; } = [];

    public string Given { get; init; } = "";

    public string FirmWords { get; init; } = "";

    public List<string> FirmTrades { get; init; } = [];

    public Dictionary<string, int> FirmForms { get; init; } = [];

    public List<string> Roads { get; init; } = [];

    public List<string> Places { get; init; } = [];

    public List<string> PlaceKinds { get; init; } = [];

    public List<string> EventThings { get; init; } = [];

    public List<string> EventFaults { get; init; } = [];

    public List<string> InsteadOfNumber { get; init; } = [];

    public string UnknownCode { get; init; } = "";

    public string NumberSign { get; init; } = "";

    public string City { get; init; } = "";

    public string Mark { get; init; } = "";

    public string Title { get; init; } = "";

    public string Remark { get; init; } = "";

    public string Part { get; init; } = "";

    public string Condition { get; init; } = "";
}
