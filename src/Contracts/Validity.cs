namespace Lizhou.Contracts;

/// <summary>The days on which a line of a register holds. Of what the city decides by days – limits, thresholds, classes, plans of working time – one line holds on a day, and what was announced for later stands.</summary>
/// <param name="From">First day.</param>
/// <param name="Until">First day it no longer holds; null: open.</param>
public sealed record Validity(DateOnly From, DateOnly? Until)
{
    /// <summary>Of a line without an end of its own: it holds until the next of the others begins.</summary>
    public static Validity Begin(DateOnly from, IEnumerable<DateOnly> others) => new(from, others.Where(day => day > from).Min(day => (DateOnly?)day));

    /// <summary>What is left of it where another is laid over it: the days before and the days after; none where that covers it.</summary>
    public IReadOnlyList<Validity> Without(Validity over)
    {
        if (Until <= over.From || over.Until <= From)
        {
            return Until <= From ? [] : [this];
        }

        List<Validity> left = From < over.From ? [new(From, over.From)] : [];
        if (over.Until is { } end && (Until is null || end < Until))
        {
            left.Add(new(end, Until));
        }

        return left;
    }
}
