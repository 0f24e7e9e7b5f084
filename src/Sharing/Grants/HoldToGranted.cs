// In: a grant and the way somebody takes its rows. Out: nothing, or why not: rows leave in the way that was granted, and as often. Refusals of calls are in the ledger; grants given before this was held to are bound to neither.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Grants;

internal sealed class HoldToGranted(StateStore state, SharedSeals seals, IRowGate gate, ILedger ledger, TimeProvider clock)
{
    /// <summary>Null when the grant is for this way.</summary>
    public static Problem? OtherWay(SharedGrant grant, DeliveryWay way) =>
        grant.Frequency is null || grant.Delivery == way ? null : Problems.OtherWay.With(grant.Number, Words.Of(grant.Delivery), Words.Of(way));

    /// <summary>Whether it is for a number of times; null or at any time: it is not.</summary>
    public static bool Counts(SharedGrant grant) => grant.Frequency is not (null or Frequency.Realtime);

    /// <summary>First day of the span within which rows are handed over once.</summary>
    public static DateOnly Since(Frequency frequency, DateOnly today) => frequency switch
    {
        Frequency.Daily => today,
        Frequency.Weekly => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
        Frequency.Monthly => new(today.Year, today.Month, 1),
        _ => DateOnly.MinValue,
    };

    /// <summary>When the next span begins; null for never.</summary>
    public static DateTimeOffset? Next(Frequency frequency, DateOnly today) => frequency switch
    {
        Frequency.Daily => today.EndOfDay().ToUniversalTime(),
        Frequency.Weekly => Since(frequency, today).AddDays(7).Midnight().ToUniversalTime(),
        Frequency.Monthly => Since(frequency, today).AddMonths(1).Midnight().ToUniversalTime(),
        _ => null,
    };

    /// <summary>One question of the data API: which rows, as the data stand. A use under a grant for a number of times is one of them, from its first rows to its last.</summary>
    /// <param name="Rows">A digest; null where uses are not counted, or the policy refuses anyway.</param>
    /// <param name="GoesOn">It comes with the cursor of an answer before, which belongs to one question.</param>
    internal sealed record Question(string? Rows, bool GoesOn);

    /// <summary>Which columns are chosen and in what order or format does not make another question; a filter does.</summary>
    public async Task<Question> Of(SharedGrant grant, RowAsk ask, Actor actor, bool goesOn, CancellationToken stop)
    {
        if (!Counts(grant))
        {
            return new(null, goesOn);
        }

        // No value is told, so that the label does not matter.
        var stamp = await gate.Stamp(new RowAsk(grant.Resource, grant.Purpose, ask.Batch) { Grant = grant.Id, Where = ask.Where }, actor with { Label = (int)Level.L4 }, stop);
        return new(stamp.Refused ? null : stamp.Value, goesOn);
    }

    /// <summary>Of a call of the data API: its way, that all was not taken already, nor some of it on a day before, and that no other question is being answered.</summary>
    public async Task<Problem?> Call(SharedGrant grant, Question? question, CancellationToken stop)
    {
        if (OtherWay(grant, DeliveryWay.Api) is { } other)
        {
            return other;
        }

        if (!Counts(grant))
        {
            return null;
        }

        var (id, first, today) = (grant.Id.ToString("D"), Since(grant.Frequency!.Value, clock.Today()).ToString("yyyy-MM-dd"), clock.Today().ToString("yyyy-MM-dd"));
        var before = await state.Read(
            $"""
             SELECT id FROM sharing_grant WHERE id = {id} AND taken_at >= {Start(grant)}
             UNION ALL SELECT granted FROM sharing_use WHERE granted = {id} AND day >= {first} AND day < {today} AND rows > 0
             """,
            r => r.GetString(0), stop);
        if (before.Count > 0)
        {
            return Taken(grant);
        }

        var begun = question is { GoesOn: false, Rows: { } rows }
            ? await state.Read($"SELECT id FROM sharing_grant WHERE id = {id} AND began_at >= {Start(grant)} AND began_of <> {rows}", r => r.GetString(0), stop) : [];
        return begun.Count > 0 ? OtherUse(grant) : null;
    }

    /// <summary>Of a delivery: its way, and that none of this grant has handed over already.</summary>
    public async Task<Problem?> Delivery(SharedGrant grant, DeliveryWay way, CancellationToken stop)
    {
        if ((seals.Fits(grant) ? OtherWay(grant, way) : Problems.BrokenGrant.With(grant.Number)) is { } other)
        {
            return other;
        }

        if (!Counts(grant))
        {
            return null;
        }

        var before = await state.Read(
            $"SELECT id FROM sharing_run WHERE granted = {grant.Id.ToString("D")} AND result = {nameof(RunResult.Delivered)} AND ended_at >= {Start(grant)}", r => r.GetString(0), stop);
        return before.Count > 0 ? Taken(grant) : null;
    }

    /// <summary>For an answer of the data API whose rows are counted before they leave: with the last of them all was taken, and whoever is second of two at the same time is refused, with evidence.</summary>
    /// <param name="room">Asked first.</param>
    /// <param name="last">Whether so many rows are the last ones.</param>
    public Func<long, Task<Problem?>> Room(SharedGrant grant, Actor actor, Func<long, Task<Problem?>> room, Question question, Func<long, bool> last, CancellationToken stop) =>
        !Counts(grant) ? room : async rows => await room(rows) ?? (rows > 0 ? await Begin(grant, actor, question, stop) : null) ?? (last(rows) ? await Take(grant, actor, stop) : null);

    /// <summary>With the first rows the use has begun; a refusal, with evidence, when it began with another question a moment ago.</summary>
    private async Task<Problem?> Begin(SharedGrant grant, Actor actor, Question question, CancellationToken stop)
    {
        await using (var connection = await state.Open(stop))
        {
            var begun = await connection.Execute(
                null,
                $"""
                 UPDATE sharing_grant SET began_at = {clock.GetUtcNow().ToStored()}, began_of = {question.Rows ?? ""}
                 WHERE id = {grant.Id.ToString("D")} AND (COALESCE(began_at, '') < {Start(grant)} OR began_of = {question.Rows ?? ""})
                 """,
                stop);
            if (begun == 1 || question.GoesOn)
            {
                return null;
            }
        }

        return await Refuse(OtherUse(grant), grant, actor, stop);
    }

    /// <summary>All was taken now; a refusal, with evidence, when it was taken a moment ago.</summary>
    public async Task<Problem?> Take(SharedGrant grant, Actor actor, CancellationToken stop)
    {
        if (!Counts(grant))
        {
            return null;
        }

        await using (var connection = await state.Open(stop))
        {
            var taken = await connection.Execute(
                null, $"UPDATE sharing_grant SET taken_at = {clock.GetUtcNow().ToStored()} WHERE id = {grant.Id.ToString("D")} AND COALESCE(taken_at, '') < {Start(grant)}", stop);
            if (taken == 1)
            {
                return null;
            }
        }

        return await Refuse(Taken(grant), grant, actor, stop);
    }

    private async Task<Problem> Refuse(Problem refusal, SharedGrant grant, Actor actor, CancellationToken stop)
    {
        await ledger.Append(actor, new("data.refused", grant.Number, refusal.Code) { Exchange = new() { Grant = grant.Id, Receiver = grant.Unit, Provider = grant.Provider, Resource = grant.Resource, Purpose = grant.Purpose } }, stop);
        return refusal;
    }

    private static Problem Taken(SharedGrant grant) => Problems.TakenAlready.With(grant.Number, Words.Of(grant.Frequency!.Value));

    private static Problem OtherUse(SharedGrant grant) => Problems.OtherUse.With(grant.Number, Words.Of(grant.Frequency!.Value));

    private string Start(SharedGrant grant) => Since(grant.Frequency!.Value, clock.Today()).Midnight().ToStored();
}
