// In: refusals anybody can cause as often as they like. Out: entries of the ledger, two a minute for an actor and a door: the first before its answer, the further ones counted.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace Lizhou.Ledger;

internal sealed class NoteRefusals(ILedger ledger, TimeProvider clock, ILogger<NoteRefusals> log) : IRefusalNotes, IRounds, IAsyncDisposable
{
    private const int MostDoors = 100;
    private const int MostSubjects = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly Dictionary<Guid, Dictionary<string, Knocks>> actors = [];
    private readonly Lock one = new();

    public async Task Note(Actor actor, string door, Evidence refused)
    {
        if (First(actor, door, refused) is not { } knocks)
        {
            return;
        }

        try
        {
            // Whoever hangs up at once was refused all the same.
            await ledger.Append(actor, Told(refused, 1, []), CancellationToken.None);
        }
        catch
        {
            // Its caller hears of it; the refusal is told with the further ones.
            lock (one)
            {
                knocks.More++;
            }

            throw;
        }
    }

    /// <summary>Writes the further refusals of windows that are over.</summary>
    public Task<int> Look(CancellationToken stop) => Write(clock.GetUtcNow() - Window, stop);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Write(DateTimeOffset.MaxValue, CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "The last counts of refusals could not be written at the end.");
        }
    }

    /// <summary>What is begun by the first refusal of a window; null for a further one, which is counted.</summary>
    private Knocks? First(Actor actor, string door, Evidence refused)
    {
        lock (one)
        {
            var doors = actors.TryGetValue(actor.Id, out var his) ? his : actors[actor.Id] = new(StringComparer.Ordinal);
            var here = doors.Count < MostDoors || doors.ContainsKey(door) ? door : $"* {refused.Act} {refused.Result}";
            if (!doors.TryGetValue(here, out var known))
            {
                return doors[here] = new(actor, here, refused, clock.GetUtcNow());
            }

            known.More++;
            if (known.Subjects.Count < MostSubjects)
            {
                known.Subjects.Add(refused.Subject);
            }

            return null;
        }
    }

    private async Task<int> Write(DateTimeOffset before, CancellationToken stop)
    {
        var over = new Queue<Knocks>(Over(before));
        var all = over.Count;
        try
        {
            for (; over.TryPeek(out var knocks); over.Dequeue())
            {
                if (knocks.More > 0)
                {
                    await ledger.Append(knocks.Actor, Told(knocks.First, knocks.More, knocks.Subjects), stop);
                }
            }

            return all;
        }
        finally
        {
            Keep(over);
        }
    }

    /// <summary>Takes out the windows that are over.</summary>
    private List<Knocks> Over(DateTimeOffset before)
    {
        var over = new List<Knocks>();
        lock (one)
        {
            foreach (var (actor, doors) in actors.ToList())
            {
                foreach (var (door, knocks) in doors.Where(d => d.Value.Since <= before).ToList())
                {
                    over.Add(knocks);
                    doors.Remove(door);
                }

                if (doors.Count == 0)
                {
                    actors.Remove(actor);
                }
            }
        }

        return over;
    }

    /// <summary>Puts back what could not be written, with what was counted at the same door since.</summary>
    private void Keep(IEnumerable<Knocks> left)
    {
        lock (one)
        {
            foreach (var knocks in left)
            {
                var doors = actors.TryGetValue(knocks.Actor.Id, out var his) ? his : actors[knocks.Actor.Id] = new(StringComparer.Ordinal);
                if (doors.TryGetValue(knocks.Door, out var since))
                {
                    knocks.More += since.More;
                    knocks.Subjects.UnionWith(since.Subjects.Take(MostSubjects - Math.Min(MostSubjects, knocks.Subjects.Count)));
                }

                doors[knocks.Door] = knocks;
            }
        }
    }

    private static Evidence Told(Evidence refused, int times, SortedSet<string> subjects) =>
        refused with { Detail = new { asked = refused.Detail, times, subjects = subjects.Count > 1 || !subjects.All(s => s == refused.Subject) ? subjects : null } };

    private sealed class Knocks(Actor actor, string door, Evidence first, DateTimeOffset since)
    {
        public Actor Actor { get; } = actor;

        public string Door { get; } = door;

        public Evidence First { get; } = first;

        public DateTimeOffset Since { get; } = since;

        public int More { get; set; }

        public SortedSet<string> Subjects { get; } = new(StringComparer.Ordinal);
    }
}
