// In: a number of the evidence and the keys of the persons it tells of. Out: they are on disk when the caller goes on, and can be found from then on; callers at the same time share one flush.
// If they cannot be written, the caller fails and nothing leaves. Files are immutable and named once; what is in two of them counts once, so no crash does harm.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.Win32.SafeHandles;

namespace Lizhou.Policy.Disclosure;

internal sealed class PeopleTold : IDisposable
{
    /// <summary>Pairs a journal holds before it becomes a file in order.</summary>
    private const int InJournal = 1 << 16;

    /// <summary>Pairs sorted in memory at a time: 64 MiB.</summary>
    private const int InRun = 1 << 22;

    /// <summary>Files of one size that become one of the next.</summary>
    private const int Fan = 8;

    /// <summary>How long a file stays that was merged into another: a backup under way has the state from before.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromDays(1);

    private readonly string folder;
    private readonly RunBook book;
    private readonly TimeProvider clock;
    private readonly ConcurrentQueue<Turn> queue = new();
    private readonly Lock changing = new();
    private ImmutableList<PeopleRun> runs = [];
    private ImmutableList<Told[]> fresh = [];
    private SafeFileHandle? journal;
    private string journalPath = "";
    private long journalLength;
    private int writing;

    public PeopleTold(Settings settings, RunBook book, TimeProvider clock)
    {
        (this.clock, this.book, folder) = (clock, book, OwnerFile.Folder(Path.Combine(settings.Data, RunBook.Folder)));
        foreach (var left in Directory.EnumerateFiles(folder, "*.part"))
        {
            File.Delete(left);
        }

        // What a journal holds was acknowledged, save a last pair cut short.
        foreach (var left in Directory.EnumerateFiles(folder, "*.journal"))
        {
            var bytes = File.ReadAllBytes(left);
            var pairs = MemoryMarshal.Cast<byte, Told>(bytes.AsSpan(0, bytes.Length / Told.Size * Told.Size)).ToArray();
            Array.Sort(pairs, Told.InOrder);
            if (pairs.Length > 0)
            {
                Write(pairs.Length, pairs, []);
            }

            File.Delete(left);
        }

        // Those written by a version without a book, and one whose line a crash cut off.
        string[] files = [.. Directory.EnumerateFiles(folder, "*.run")];
        book.Change([.. files.Where(f => !book.Names().Contains(Path.GetFileName(f))).Select(f => (Path.GetFileName(f), Lake.Catalog.Durable.Digest(f)))], []);
        runs = [.. files.Select(p => new PeopleRun(p))];
    }

    /// <summary>Files that a search looks into.</summary>
    public int Files => runs.Count;

    /// <summary>Pairs on disk in files in order.</summary>
    public long Pairs => runs.Sum(r => r.Count);

    /// <summary>Some persons of one answer.</summary>
    public Task Add(long entry, IReadOnlyCollection<ulong> people)
    {
        if (people.Count == 0)
        {
            return Task.CompletedTask;
        }

        var turn = new Turn([.. people.Distinct().Select(p => new Told(p, entry))], new(TaskCreationOptions.RunContinuationsAsynchronously));
        queue.Enqueue(turn);
        Begin();
        return turn.Written.Task;
    }

    /// <summary>All persons of a large answer, as they come; memory stays bounded.</summary>
    public void AddAll(long entry, Action<Action<ulong>> read)
    {
        var some = new List<ulong>(InJournal);
        read(person =>
        {
            some.Add(person);
            if (some.Count == InRun)
            {
                Sorted(entry, some);
            }
        });
        Sorted(entry, some);
    }

    /// <summary>Numbers of the evidence that tells of a person, in order.</summary>
    public IReadOnlyList<long> Of(ulong person)
    {
        var entries = new SortedSet<long>();
        for (var tries = 0; ; tries++)
        {
            try
            {
                // The newest first: what becomes a file meanwhile is then seen in one of them.
                foreach (var pair in fresh.SelectMany(f => f).Where(p => p.Person == person))
                {
                    entries.Add(pair.Entry);
                }

                foreach (var run in runs)
                {
                    run.Find(person, entries);
                }

                return [.. entries];
            }
            catch (ObjectDisposedException) when (tries < 100)
            {
                // A file was merged into another under the search.
            }
        }
    }

    /// <summary>Merges files of one size; a search then looks into few, however many answers were given.</summary>
    public int Merge(CancellationToken stop)
    {
        var merged = 0;
        while (runs.GroupBy(r => SizeOf(r.Count)).FirstOrDefault(g => g.Count() >= Fan) is { } group && !stop.IsCancellationRequested)
        {
            Merge([.. group.Take(Fan)]);
            merged++;
        }

        Sweep();
        return merged;
    }

    public void Dispose()
    {
        journal?.Dispose();
        runs.ForEach(r => r.Dispose());
    }

    private static int SizeOf(long pairs) => (int)Math.Max(0, Math.Floor(Math.Log((double)pairs / InJournal, Fan)));

    private string NewPath(long pairs) => Path.Combine(folder, $"{SizeOf(pairs)}-{Guid.CreateVersion7(clock.GetUtcNow()):N}.run");

    private void Sorted(long entry, List<ulong> people)
    {
        if (people.Count > 0)
        {
            people.Sort();
            var run = Write(people.Count, people.Select(p => new Told(p, entry)), []);
            people.Clear();
            Show(run);
        }
    }

    private void Show(PeopleRun run)
    {
        lock (changing)
        {
            runs = runs.Add(run);
        }
    }

    private void Merge(IReadOnlyList<PeopleRun> old)
    {
        var merged = Write(old.Sum(r => r.Count), Ordered(old), old);
        lock (changing)
        {
            runs = runs.RemoveRange(old).Add(merged);
        }

        foreach (var run in old)
        {
            run.Dispose();
            File.SetLastWriteTimeUtc(run.Path, clock.GetUtcNow().UtcDateTime);
        }
    }

    /// <summary>A file in order with its line in the book; the lines of those it takes the place of go with the same commit.</summary>
    private PeopleRun Write(long pairs, IEnumerable<Told> ordered, IReadOnlyList<PeopleRun> instead)
    {
        var path = NewPath(pairs);
        book.Change([(Path.GetFileName(path), PeopleRun.Write(path, ordered))], [.. instead.Select(r => Path.GetFileName(r.Path))]);
        return new(path);
    }

    private void Sweep()
    {
        var used = runs.Select(r => r.Path).Concat(book.Names().Select(n => Path.Combine(folder, n))).ToHashSet(StringComparer.Ordinal);
        foreach (var old in Directory.EnumerateFiles(folder, "*.run").Where(p => !used.Contains(p) && File.GetLastWriteTimeUtc(p) < (clock.GetUtcNow() - Stay).UtcDateTime))
        {
            File.Delete(old);
        }
    }

    private static IEnumerable<Told> Ordered(IEnumerable<PeopleRun> runs)
    {
        var heads = new PriorityQueue<IEnumerator<Told>, Told>(Told.InOrder);
        foreach (var all in runs.Select(r => r.All().GetEnumerator()))
        {
            if (all.MoveNext())
            {
                heads.Enqueue(all, all.Current);
            }
        }

        while (heads.TryPeek(out var head, out var least))
        {
            yield return least;
            if (head.MoveNext())
            {
                heads.DequeueEnqueue(head, head.Current);
            }
            else
            {
                heads.Dequeue();
            }
        }
    }

    /// <summary>One writer at a time empties the queue; what comes while it flushes goes with the next flush.</summary>
    private void Begin()
    {
        if (Interlocked.CompareExchange(ref writing, 1, 0) == 0)
        {
            _ = Task.Run(() =>
            {
                while (!queue.IsEmpty)
                {
                    Flush();
                }

                Volatile.Write(ref writing, 0);
                if (!queue.IsEmpty)
                {
                    Begin();
                }
            });
        }
    }

    private void Flush()
    {
        var turns = new List<Turn>();
        while (turns.Count < 500 && queue.TryDequeue(out var turn))
        {
            turns.Add(turn);
        }

        try
        {
            Told[] pairs = [.. turns.SelectMany(t => t.Pairs)];
            if (journal is null)
            {
                journalPath = Path.Combine(folder, $"{Guid.CreateVersion7(clock.GetUtcNow()):N}.journal");
                (journal, journalLength) = (File.OpenHandle(journalPath, FileMode.CreateNew, FileAccess.Write), 0);
                Lake.Catalog.Durable.Folder(folder);
            }

            RandomAccess.Write(journal, MemoryMarshal.AsBytes<Told>(pairs), journalLength);
            RandomAccess.FlushToDisk(journal);
            journalLength += (long)pairs.Length * Told.Size;
            fresh = fresh.Add(pairs);
            turns.ForEach(t => t.Written.SetResult());
            if (journalLength >= (long)InJournal * Told.Size)
            {
                TurnOver();
            }
        }
        catch (Exception failure)
        {
            turns.ForEach(t => t.Written.TrySetException(failure));
        }
    }

    /// <summary>A full journal becomes a file in order.</summary>
    private void TurnOver()
    {
        Told[] pairs = [.. fresh.SelectMany(f => f)];
        Array.Sort(pairs, Told.InOrder);
        Show(Write(pairs.Length, pairs, []));
        fresh = [];
        journal!.Dispose();
        journal = null;
        File.Delete(journalPath);
    }

    private sealed record Turn(Told[] Pairs, TaskCompletionSource Written);
}
