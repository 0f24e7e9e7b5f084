// In: a commit of cases. Out: a nudge to everybody who has the event centre open. It says only that there is something: what it is, each reads for themselves, for each sees other cases.
// An ear holds one nudge and no more, so that a slow reader costs nothing and misses nothing.
using System.Collections.Concurrent;
using System.Threading.Channels;
using Lizhou.Cases.Ledger;

namespace Lizhou.Cases.Centre;

internal sealed class CaseNews : IDisposable
{
    /// <summary>Pages that follow at once; whoever comes after reads without being told.</summary>
    public const int MostEars = 2_000;

    /// <summary>Of these, pages of one person: nobody takes the lines of all.</summary>
    public const int MostOwn = 20;

    private readonly ConcurrentDictionary<Ear, Guid> ears = new();
    private readonly CaseWriter writer;

    public CaseNews(CaseWriter writer)
    {
        this.writer = writer;
        writer.Committed += Tell;
    }

    /// <summary>Hears until it is disposed of.</summary>
    /// <returns>Null when too many listen already, or too many of this person's.</returns>
    public Ear? Listen(Guid person)
    {
        if (ears.Count >= MostEars || ears.Values.Count(p => p == person) >= MostOwn)
        {
            return null;
        }

        var ear = new Ear(this);
        ears[ear] = person;
        return ear;
    }

    public void Dispose() => writer.Committed -= Tell;

    private void Tell()
    {
        foreach (var ear in ears.Keys)
        {
            ear.Nudged.Writer.TryWrite(true);
        }
    }

    internal sealed class Ear(CaseNews news) : IDisposable
    {
        public Channel<bool> Nudged { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Dispose() => news.ears.TryRemove(this, out _);
    }
}
