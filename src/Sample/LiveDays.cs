// In: the clock. Out: the sample county's cases (模拟): some days back when it has grown, the newest first, then as time goes on, each reported and handled by the usual door as its plan says. A case on which somebody else acts is left to them.
using System.Collections.Concurrent;
using Lizhou.Contracts.Cases;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Sample;

internal sealed class LiveDays(IServiceScopeFactory scopes, Settings settings, TimeProvider clock) : IRounds
{
    /// <summary>So many that the settled cases of a new county are enough to learn from.</summary>
    internal const int DaysBack = 9;
    private const int AtOnce = 8;
    private const int Over = int.MaxValue;

    /// <summary>What the city may have done already, by its dispatch table or because the case stood too long in its loop: what follows tells whether it went on as planned.</summary>
    private static readonly string[] ByItself = ["dispatch", "raise", "whistle"];

    /// <summary>By key. A restart tries them again; what was done is done once.</summary>
    private readonly ConcurrentDictionary<string, Reached> known = new(StringComparer.Ordinal);
    private bool onDuty;

    /// <param name="Done">How many of its steps.</param>
    /// <param name="Last">When the last was done, where that was later than planned.</param>
    private sealed record Reached(string Number, int Done, DateTimeOffset Last = default);

    public async Task<int> Look(CancellationToken stop)
    {
        if (!settings.Demo)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        if (await OnDuty(Plan.Read(), scope.ServiceProvider, stop) is not { } office)
        {
            return 0;
        }

        var (now, done) = (clock.GetUtcNow(), 0);
        var due = Enumerable.Range(0, DaysBack + 1).SelectMany(d => LivePlan.Of.On(clock.Today().AddDays(-d), office.Seed)).Where(c => c.Report.At <= now).ToList();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (one, cancelled) => Interlocked.Add(ref done, await Go(one, office, now, cancelled)));
        return done;
    }

    /// <returns>Null: the county is not grown yet, or it is another.</returns>
    private async Task<LiveOffice?> OnDuty(Plan plan, IServiceProvider services, CancellationToken stop)
    {
        var units = services.GetRequiredService<IUnits>();
        var there = await units.All(stop);
        if (plan.Departments.Any(d => !there.Any(u => u.Name == d.Name)))
        {
            return null;
        }

        // A county grown by an earlier version has no towns among its units yet.
        if (!onDuty && (await services.GetRequiredService<IUnitsBulk>().Register(GrowSample.Units(plan, plan.Seed), [], Actor.System, stop)).Refused)
        {
            return null;
        }

        var office = new LiveOffice(plan.Seed, (await units.All(stop)).GroupBy(u => u.Name).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.Ordinal));
        if (!onDuty)
        {
            await office.TakeUp(services.GetRequiredService<ICaseDoor>(), clock.Today().AddDays(-DaysBack), stop);
            onDuty = true;
        }

        return office;
    }

    /// <returns>How much was done.</returns>
    private async Task<int> Go(LiveCase one, LiveOffice office, DateTimeOffset now, CancellationToken stop)
    {
        var key = one.Report.Key;
        if (known.TryGetValue(key, out var reached) && (reached.Done >= one.Steps.Count || one.Steps[reached.Done].At > now))
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var (door, did) = (scope.ServiceProvider.GetRequiredService<ICaseDoor>(), 0);
        if (reached is null)
        {
            var told = await door.Report(one.Report, office.Actor(one.By), stop);
            known[key] = reached = told.Refused ? new("", Over) : new(told.Value, 0);
            did++;
        }

        for (; reached.Done < one.Steps.Count && one.Steps[reached.Done] is var step && step.At <= now; known[key] = reached, did++)
        {
            var late = await Step(step, reached, office, door, stop);
            reached = late is null && !ByItself.Contains(step.Act) ? reached with { Done = Over } : new(reached.Number, reached.Done + 1, late ?? reached.Last);
        }

        return did;
    }

    /// <returns>When it was done, as far as that is later than planned, else what was so before; null: refused.</returns>
    private async Task<DateTimeOffset?> Step(LiveStep step, Reached reached, LiveOffice office, ICaseDoor door, CancellationToken stop)
    {
        var (number, actor, fields, key) = (reached.Number, office.Actor(step.By), office.Fields(step), $"{reached.Done}");
        if (step.Act.StartsWith("consult", StringComparison.Ordinal))
        {
            return await door.Consult(number, step.Act, fields, key, actor, stop) is null ? clock.GetUtcNow() : null;
        }

        if (step.Twin is { } twin)
        {
            fields["parent"] = number;
            var told = await door.Report(twin, actor, stop);
            if (told.Refused)
            {
                return null;
            }

            number = told.Value;
        }

        if (step.At > reached.Last && await door.Act(number, step.Act, fields, step.At, key, actor, stop) is null)
        {
            return reached.Last;
        }

        // Days back, a case is past its limit as soon as it is reported, and told so now; a consultation is held now: what was planned before is then late.
        var at = clock.GetUtcNow();
        return await door.Act(number, step.Act, fields, at, key, actor, stop) is null || (office.Instead(step) is { } centre && await door.Act(number, step.Act, fields, at, key, centre, stop) is null) ? at : null;
    }
}
