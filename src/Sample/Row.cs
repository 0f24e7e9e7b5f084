// What one row is about: a person, a firm and a moment, each computed from a number, so that the same person turns up in every department's files.
namespace Lizhou.Sample;

/// <summary>The county's invented population, computed on the fly.</summary>
/// <param name="seed">Of the whole sample.</param>
internal sealed class Population(ulong seed, Plan plan)
{
    /// <summary>Persons and firms that random rows draw from. Registers go on counting beyond it.</summary>
    public const int Persons = 620_000;
    public const int Firms = 62_000;

    private const int Sequences = 1000;
    private static readonly DateOnly FirstBirthday = new(1936, 1, 1);
    private readonly int birthdays = plan.LastDay.DayNumber - FirstBirthday.DayNumber + 1;

    public string Prefix => plan.Prefix;

    public ulong Hash(long number, ulong of) => Dice.Mix(seed ^ ((ulong)number * 0x9E3779B97F4A7C15UL) ^ of);

    /// <summary>Birthday (uniform from 1936 on) and sequence: a one-to-one map, so no two of the first 32 million numbers are equal.</summary>
    public (DateOnly Born, int Sequence) Birth(long person)
    {
        // 9,973 and 37 are coprime to the two moduli.
        var day = (int)(person * 9_973 % birthdays);
        var turn = person / birthdays;
        var sequence = (int)((((turn + (long)(Hash(day, 1) % Sequences)) * 37) + 1) % Sequences);
        return (FirstBirthday.AddDays(day), sequence);
    }

    /// <summary>Another one-to-one map, onto six characters of an organisation code.</summary>
    public static long FirmNumber(long firm) => (firm * 486_187_739 + 12_345) % 887_503_681;
}

/// <summary>The row being written; one object for a whole file.</summary>
/// <param name="sequential">Whether rows count through persons and firms instead of drawing them: for registers, whose key must not repeat.</param>
internal sealed class Row(Population population, Plan plan, string resource, ulong seed, bool sequential)
{
    /// <summary>Devices of a series; each row is the next of its device.</summary>
    public const int Devices = 24;

    private readonly DateTime first = plan.FirstDay.ToDateTime(TimeOnly.MinValue);
    private readonly int days = plan.LastDay.DayNumber - plan.FirstDay.DayNumber + 1;
    private readonly long offset = Dice.Of(seed, resource).Below(Population.Firms);
    private readonly ulong kind = Dice.Of(seed, "row/" + resource).Next();

    public Population Population { get; } = population;

    public Words Words { get; } = Words.Of;

    public Dice Dice;

    /// <summary>0-based in its resource.</summary>
    public long Index { get; private set; }

    public long Person { get; private set; }

    public long Firm { get; private set; }

    /// <summary>City time.</summary>
    public DateTime Moment { get; private set; }

    public DateOnly Last => plan.LastDay;

    public int Device => (int)(Index % Devices);

    /// <summary>Every ten minutes from the first day on.</summary>
    public DateTime Turn => first.AddMinutes(10 * (Index / Devices));

    public void Begin(long index)
    {
        Index = index;
        Dice = Dice.Of(kind, index);
        (Person, Firm) = sequential ? (offset + index, offset + index) : (Dice.Below(Population.Persons), Dice.Below(Population.Firms));
        Moment = first.AddSeconds(Dice.Unit() * days * 86_400);
    }
}
