// In: nothing. Out: how the model in force does on all settled cases newer than those it learned from: what it was measured on, and what was settled since. Refuses when none is in force.
using Lizhou.Kernel;

namespace Lizhou.Cases.Recommending;

/// <param name="AsOf">Cases closed until then count.</param>
internal sealed record MeasuredNow(int Version, DateTimeOffset AsOf, IReadOnlyList<GuessScore> Scores);

internal sealed class MeasureInForce(Recommend recommend, SettledCases settled, TimeProvider clock)
{
    public async Task<Result<MeasuredNow>> Run(Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return Problems.Bureau;
        }

        var (good, bad) = await recommend.Now(stop);
        if (good is null)
        {
            return bad is [var first, ..] ? first : Problems.NoModel;
        }

        var (asOf, about) = (clock.GetUtcNow(), good.Of.About!);
        var newer = await settled.Until(asOf, about.Last, stop);
        // What was most frequent when it learned is not known any more: read again, up to the last it learned from.
        var older = (await settled.Until(asOf, "", stop)).Where(c => string.CompareOrdinal(c.Number, about.Last) <= 0).ToList();
        return new MeasuredNow(good.Of.Version, asOf, [.. good.Models.Select(m => MeasureGuesses.Score(m.Key, older, newer, told => m.Value.Ask(told, MeasureGuesses.Most)))]);
    }
}
