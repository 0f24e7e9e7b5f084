// The city's settings for the lake's upkeep (section Lake of the configuration, e.g. the environment variable Lake__KeepDays).
using Cronos;
using Lizhou.Kernel;

namespace Lizhou.Host.Keeping;

/// <summary>What the lake needs done from time to time, in the order of a night.</summary>
internal enum UpkeepTask
{
    /// <summary>Rows of small pushes become files.</summary>
    Flush,

    /// <summary>Many small files of a table become one.</summary>
    Compact,

    /// <summary>Old snapshots can no longer be read.</summary>
    Expire,

    /// <summary>Files that no snapshot shows are deleted.</summary>
    Sweep,

    /// <summary>Every byte is compared with what was written.</summary>
    Verify,
}

/// <summary>When each task is due: five cron fields in the city's time, or <c>-</c> for never by itself.</summary>
internal sealed record UpkeepSettings
{
    public string Flush { get; init; } = "*/10 * * * *";

    public string Compact { get; init; } = "0 1 * * *";

    public string Expire { get; init; } = "0 2 * * *";

    public string Sweep { get; init; } = "0 3 * * *";

    public string Verify { get; init; } = "0 4 * * 0";

    /// <summary>Days a snapshot stays readable, and so a batch undoable.</summary>
    public int KeepDays { get; init; } = 30;

    /// <summary>Hours before a file nobody shows is deleted; longer than the longest query and the longest load.</summary>
    public int GraceHours { get; init; } = 72;

    /// <summary>Small files of a table from which it is compacted.</summary>
    public int SmallFiles { get; init; } = 4;

    public string Cron(UpkeepTask task) => task switch
    {
        UpkeepTask.Flush => Flush,
        UpkeepTask.Compact => Compact,
        UpkeepTask.Expire => Expire,
        UpkeepTask.Sweep => Sweep,
        _ => Verify,
    };

    /// <summary>The first due moment after <paramref name="from"/>; null for never.</summary>
    public DateTimeOffset? Next(UpkeepTask task, DateTimeOffset from) =>
        Cron(task) is "-" ? null : CronExpression.Parse(Cron(task)).GetNextOccurrence(from, Clock.City)?.ToUniversalTime();

    /// <summary>These settings, or the reason why the city must not start with them.</summary>
    public UpkeepSettings Checked()
    {
        var wrong = Enum.GetValues<UpkeepTask>().Where(t => Cron(t) is not "-" && !CronExpression.TryParse(Cron(t), out _)).Select(t => $"Lake__{t}={Cron(t)}").ToList();
        wrong.AddRange(new[] { (nameof(KeepDays), KeepDays), (nameof(GraceHours), GraceHours) }.Where(n => n.Item2 < 1).Select(n => $"Lake__{n.Item1}={n.Item2}"));
        return wrong.Count == 0 ? this : throw new ProblemException(Problems.BadUpkeep.With(string.Join(", ", wrong)));
    }
}
