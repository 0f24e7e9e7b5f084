using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Collection;

/// <summary>What a limit is counted in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LimitUnit>))]
public enum LimitUnit
{
    /// <summary>自然时间, minutes: nights, weekends and holidays count.</summary>
    Minutes,

    /// <summary>自然时间, hours.</summary>
    Hours,

    /// <summary>工作时: hours in which offices are open.</summary>
    WorkHours,

    /// <summary>工作日: up to the closing of the n-th working day after the day it began; held, what is left is counted in office hours.</summary>
    Workdays,
}

/// <summary>How long something may take.</summary>
/// <param name="Amount">At least 1.</param>
public sealed record TimeLimit(int Amount, LimitUnit Unit)
{
    public override string ToString() => Said.ToString();

    [JsonIgnore]
    public Text Said => (Unit switch
    {
        LimitUnit.Minutes => new Text("{0} 分钟", "{0} minutes"),
        LimitUnit.Hours => new Text("{0} 小时", "{0} hours"),
        LimitUnit.WorkHours => new Text("{0} 工作时", "{0} working hours"),
        _ => new Text("{0} 工作日", "{0} working days"),
    }).With(Amount);
}

/// <summary>Offices are open, city time; <paramref name="Closes"/> is no longer open.</summary>
public sealed record OpenHours(TimeOnly Opens, TimeOnly Closes);

/// <summary>When offices work, for a time of validity: summer and winter hours, a six-day week.</summary>
/// <param name="From">First day.</param>
/// <param name="Until">First day it no longer holds; null: open.</param>
/// <param name="Days">The days of the week that are worked.</param>
/// <param name="Hours">In order, without overlap.</param>
public sealed record WorkPlan(Guid Id, string Name, DateOnly From, DateOnly? Until, IReadOnlyList<DayOfWeek> Days, IReadOnlyList<OpenHours> Hours)
{
    public bool Holds(DateOnly day) => From <= day && (Until is not { } end || day < end);
}

/// <summary>A day that is not what its weekday says.</summary>
/// <param name="Works">True: worked to make up for a holiday (调休). False: free (节假日).</param>
public sealed record SpecialDay(DateOnly Day, bool Works, string Name);

/// <summary>A span in which a clock stood (挂账).</summary>
/// <param name="Until">Null while it stands.</param>
public sealed record ClockPause(DateTimeOffset From, DateTimeOffset? Until, string Why = "");

/// <summary>What a stretch of time was to a clock.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StretchKind>))]
public enum StretchKind
{
    Counted,
    Paused,
    Weekend,
    Holiday,
}

/// <summary>A line of an explained deadline.</summary>
/// <param name="Counted">What it adds to the clock; zero for all but <see cref="StretchKind.Counted"/>.</param>
/// <param name="Note">The holiday's name, the reason of the pause, or why a Saturday is worked; empty for nothing to say.</param>
public sealed record Stretch(StretchKind Kind, DateTimeOffset From, DateTimeOffset Until, TimeSpan Counted, string Note);

/// <summary>A deadline that says where it comes from.</summary>
/// <param name="Length">Running time in all.</param>
/// <param name="Due">Null while the clock stands.</param>
/// <param name="Warn">When 80 % of it are over; null if the clock stands before that.</param>
/// <param name="Lines">In order; the counted ones add up to <paramref name="Length"/> unless the clock stands.</param>
public sealed record ExplainedDeadline(TimeLimit Limit, DateTimeOffset From, TimeSpan Length, DateTimeOffset? Due, DateTimeOffset? Warn, IReadOnlyList<Stretch> Lines)
{
    /// <summary>What the lines alone do not tell: of working days that the day it begins is none of them. In the language of who reads it; empty for nothing to say.</summary>
    public string Note => Limit.Unit != LimitUnit.Workdays ? ""
        : new Text("当日不计，从次日起满 {0} 个工作日到期；当日余下的工作时间列在下面，不算一个工作日。", "The day it begins is not counted: it is due at the close of working day {0} after it. What is left of that first day is listed, and is no working day.").With(Limit.Amount).ToString();
}

/// <summary>The city's working time as it stands: plans, special days, and the hours where no plan holds. Pure arithmetic, city time; moments come back in UTC.</summary>
public sealed record WorkCalendar(IReadOnlyList<WorkPlan> Plans, IReadOnlyDictionary<DateOnly, SpecialDay> Days, IReadOnlyList<OpenHours> Usual)
{
    /// <summary>From this part of the time on, a light is yellow.</summary>
    public const double Soon = 0.8;

    /// <summary>Nobody sets a limit that is not over by then: a calendar without working days must not count for ever.</summary>
    private const int Horizon = 3_660;

    /// <summary>Weekdays, half past eight to half past five with a break at noon.</summary>
    public static readonly WorkCalendar Plain = new([], new Dictionary<DateOnly, SpecialDay>(), [new(new(8, 30), new(12, 0)), new(new(14, 0), new(17, 30))]);

    public bool Works(DateOnly day) => Days.TryGetValue(day, out var special) ? special.Works
        : PlanOf(day) is { } plan ? plan.Days.Contains(day.DayOfWeek)
        : day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>When offices are open on a day; empty when it is free.</summary>
    public IReadOnlyList<OpenHours> HoursOf(DateOnly day) => !Works(day) ? [] : PlanOf(day)?.Hours ?? Usual;

    /// <summary>How much of a span a clock of this unit runs. A span that ends before it begins: zero.</summary>
    public TimeSpan Running(LimitUnit unit, DateTimeOffset from, DateTimeOffset until)
    {
        if (until <= from)
        {
            return TimeSpan.Zero;
        }

        return IsNatural(unit) ? until - from : Open(from, until).Aggregate(TimeSpan.Zero, (sum, o) => sum + (o.Until - o.From));
    }

    /// <summary>The moment at which a clock of this unit has run so long.</summary>
    public DateTimeOffset Advance(LimitUnit unit, DateTimeOffset from, TimeSpan running)
    {
        if (IsNatural(unit) || running <= TimeSpan.Zero)
        {
            return (from + (running > TimeSpan.Zero ? running : TimeSpan.Zero)).ToUniversalTime();
        }

        var left = running;
        foreach (var (opens, closes) in Open(from, from.AddDays(Horizon)))
        {
            if (closes - opens >= left)
            {
                return (opens + left).ToUniversalTime();
            }

            left -= closes - opens;
        }

        throw new InvalidOperationException("The work calendar has no working time left.");
    }

    /// <summary>Running time of a limit that begins at a moment.</summary>
    public TimeSpan Length(TimeLimit limit, DateTimeOffset from) => limit.Unit switch
    {
        LimitUnit.Minutes => TimeSpan.FromMinutes(limit.Amount),
        LimitUnit.Hours or LimitUnit.WorkHours => TimeSpan.FromHours(limit.Amount),
        _ => Running(LimitUnit.Workdays, from, Nth(DateOnly.FromDateTime(from.InCity().DateTime), limit.Amount).EndOfDay()),
    };

    /// <summary>When a limit is over and when 80 % of it are, without pauses.</summary>
    public (DateTimeOffset Due, DateTimeOffset Warn) Due(TimeLimit limit, DateTimeOffset from)
    {
        var length = Length(limit, from);
        return (Advance(limit.Unit, from, length), Advance(limit.Unit, from, length * Soon));
    }

    /// <summary>The same told line by line, with the spans in which the clock stood.</summary>
    /// <param name="pauses">In order, without overlap; only the last may be open.</param>
    /// <param name="extra">Running time added later (延期), in what the limit is counted in.</param>
    /// <param name="office">The same in office hours, whatever the limit is counted in: they follow where it ends.</param>
    public ExplainedDeadline Explain(TimeLimit limit, DateTimeOffset from, IReadOnlyList<ClockPause> pauses, TimeSpan extra = default, TimeSpan office = default)
    {
        var length = Length(limit, from) + extra + office;
        List<Stretch> lines = [];
        DateTimeOffset? warn = null;
        var (at, left, stood) = (from.ToUniversalTime(), length, new Queue<ClockPause>(pauses.Where(p => p.Until is not { } end || end > from)));
        foreach (var (unit, after) in office > TimeSpan.Zero ? [(limit.Unit, office), (LimitUnit.WorkHours, TimeSpan.Zero)] : new[] { (limit.Unit, TimeSpan.Zero) })
        {
            while (stood.TryPeek(out var pause) && Later(pause.From, at) is var until && Running(unit, at, until) < left - after)
            {
                Run(unit, until);
                lines.Add(new(StretchKind.Paused, until, pause.Until?.ToUniversalTime() ?? until, TimeSpan.Zero, pause.Why));
                if (pause.Until is not { } resumed)
                {
                    return new(limit, from, length, null, warn, lines);
                }

                at = resumed.ToUniversalTime();
                stood.Dequeue();
            }

            Run(unit, Advance(unit, at, left - after));
        }

        return new(limit, from, length, at, warn, lines);

        void Run(LimitUnit unit, DateTimeOffset until)
        {
            Count(unit, at, until, lines);
            warn ??= Advance(unit, at, left - (length * (1 - Soon))) is var soon && soon <= until ? soon : null;
            (at, left) = (until, left - Running(unit, at, until));
        }
    }

    /// <summary>Adds what lies between two moments: what is counted and the days that are not.</summary>
    private void Count(LimitUnit unit, DateTimeOffset from, DateTimeOffset until, List<Stretch> lines)
    {
        if (IsNatural(unit))
        {
            lines.Add(new(StretchKind.Counted, from, until, until - from, ""));
            return;
        }

        for (var day = DateOnly.FromDateTime(from.InCity().DateTime); day.Midnight() < until; day = day.AddDays(1))
        {
            var name = Days.TryGetValue(day, out var special) ? special.Name : "";
            if (!Works(day))
            {
                lines.Add(new(special is null ? StretchKind.Weekend : StretchKind.Holiday, day.Midnight().ToUniversalTime(), day.EndOfDay().ToUniversalTime(), TimeSpan.Zero, name));
                continue;
            }

            lines.AddRange(Open(Later(from, day.Midnight()), Earlier(until, day.EndOfDay())).Select(o => new Stretch(StretchKind.Counted, o.From, o.Until, o.Until - o.From, name)));
        }
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Open(DateTimeOffset from, DateTimeOffset until)
    {
        for (var day = DateOnly.FromDateTime(from.InCity().DateTime); day.Midnight() < until; day = day.AddDays(1))
        {
            foreach (var hours in HoursOf(day))
            {
                var (begin, end) = (Later(from, day.At(hours.Opens)), Earlier(until, day.At(hours.Closes)));
                if (begin < end)
                {
                    yield return (begin.ToUniversalTime(), end.ToUniversalTime());
                }
            }
        }
    }

    private DateOnly Nth(DateOnly day, int workdays)
    {
        var last = day.AddDays(Horizon);
        for (var left = workdays; left > 0;)
        {
            day = day < last ? day.AddDays(1) : throw new InvalidOperationException("The work calendar has no working days left.");
            left -= Works(day) ? 1 : 0;
        }

        return day;
    }

    private WorkPlan? PlanOf(DateOnly day) => Plans.FirstOrDefault(p => p.Holds(day));

    private static bool IsNatural(LimitUnit unit) => unit is LimitUnit.Minutes or LimitUnit.Hours;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
