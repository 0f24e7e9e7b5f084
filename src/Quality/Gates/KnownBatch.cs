// What quality knows of a batch: its counts, what became of its rejected rows, and the decision of the gate over them. The decision is pure.
using Lizhou.Contracts.Collection;

namespace Lizhou.Quality.Gates;

internal sealed class KnownBatch
{
    public Guid Batch { get; init; }

    public string Number { get; init; } = "";

    public Guid Resource { get; init; }

    public string Code { get; init; } = "";

    public string Name { get; init; } = "";

    public Guid Unit { get; init; }

    public DateTimeOffset LandedAt { get; init; }

    public DateOnly Day { get; init; }

    public long Accepted { get; init; }

    public long Rejected { get; init; }

    public long Duplicate { get; init; }

    public long Filtered { get; init; }

    public long Open { get; set; }

    public long Mended { get; set; }

    public long Withdrawn { get; set; }

    public long Explained { get; set; }

    public bool Undone { get; set; }

    public bool Admitted { get; set; }

    /// <summary>Ten-thousandths; null when nothing counts.</summary>
    public int? Share { get; set; }

    /// <summary>Ten-thousandths.</summary>
    public int Least { get; set; }

    public DateTimeOffset JudgedAt { get; set; }

    /// <summary>By the rules kept for its resource, ten-thousandths; null where none are kept, or judged none of its rows.</summary>
    public int? Score { get; set; }

    /// <summary>Rules are kept, and it was not scanned by them yet.</summary>
    public bool Waits { get; set; }

    /// <summary>Why the scan it waits for came to nothing; null where it did not.</summary>
    public string? FaultZh { get; set; }

    public string? FaultEn { get; set; }

    public RejectTally Tally => new(Open, Mended, Withdrawn, Explained);

    /// <summary>Good rows ÷ rows that count, in ten-thousandths, rounded down: good are accepted, unchanged and mended ones; those to be mended count beside them;
    /// filtered, withdrawn and explained ones do not. Null when nothing counts.</summary>
    public static int? ShareOf(BatchCounts counts, RejectTally rejects)
    {
        var good = counts.Accepted + counts.Duplicate + rejects.Mended;
        var all = good + rejects.Open;
        return all == 0 ? null : (int)(good * 10_000m / all);
    }

    /// <summary>What became of its rejected rows, and of itself, by now.</summary>
    public void Take(LandedBatch said)
    {
        (Open, Mended, Withdrawn, Explained) = (said.Rejects.Open, said.Rejects.Mended, said.Rejects.Withdrawn, said.Rejects.Explained);
        (Undone, Share) = (said.UndoneWhy is not null, ShareOf(said.Counts, said.Rejects));
    }

    public bool Passes() => !Undone && !Waits && Passes(Share, Least) && Passes(Score, Least);

    /// <summary>Nothing to judge is no reason to hold a batch back.</summary>
    public static bool Passes(int? share, int least) => share is not { } good || good >= least;
}

/// <summary>How much of a batch must be good.</summary>
internal sealed class Threshold
{
    public Guid Id { get; init; }

    /// <summary>Null: for all that have none of their own.</summary>
    public Guid? Resource { get; init; }

    /// <summary>Ten-thousandths.</summary>
    public int Least { get; init; }

    public DateOnly ValidFrom { get; init; }

    public DateOnly? ValidUntil { get; set; }

    public string Reason { get; init; } = "";

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidUntil is not { } end || day < end);

    /// <summary>The resource's own line on that day, else the one for all.</summary>
    public static int LeastOf(IEnumerable<Threshold> lines, Guid resource, DateOnly day)
    {
        var valid = lines.Where(l => l.Holds(day)).ToList();
        return (valid.FirstOrDefault(l => l.Resource == resource) ?? valid.FirstOrDefault(l => l.Resource is null))?.Least ?? 0;
    }
}
