// In: a ticket, a step and words, by who is signed in. Out: the ticket one step on; rows the bureau agrees about, or that came again in another batch, are settled in Collection first.
// Refuses as Flow does, and a batch that does not bring the rows again; refusals are in the ledger too.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class AnswerTicket(TicketsDb db, FindTickets find, IRejects rejects, Deadlines deadlines, ILedger ledger, TimeProvider clock)
{
    /// <param name="Words">The explanation, objection or reason; needed for all but <see cref="TicketStep.Mend"/>.</param>
    /// <param name="Batch">With <see cref="TicketStep.Resend"/>: the number of the batch that brought the rows again.</param>
    /// <param name="Revision">The revision seen; null to act on whatever is there.</param>
    internal sealed record Ask(TicketStep Step, string? Words = null, string? Batch = null, long? Revision = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Words?.Length > 1_000)
            {
                yield return new("words", new("不超过 1000 字", "at most 1,000 characters"));
            }

            if (Batch?.Length > 40)
            {
                yield return new("batch", new("批次号不超过 40 个字符", "a batch's number has at most 40 characters"));
            }
        }
    }

    public async Task<Result<Ticket>> Run(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var found = await find.One(number, actor, stop);
        if (found.Refused)
        {
            return found;
        }

        if (ask.Check().FirstOrDefault() is { } wrong)
        {
            await ledger.Append(actor, WriteFindings.Told(found.Value, ask.Step, result: Problems.BadAnswer.Code), stop);
            return Problems.BadAnswer.With(wrong.What);
        }

        var ticket = found.Value;
        var words = ask.Step == TicketStep.Resend ? ask.Words ?? ask.Batch : ask.Words;
        var next = ask.Revision is { } seen && seen != ticket.Revision ? Problems.TicketStale : Flow.Next(ticket, ask.Step, actor, words?.Trim());
        var lines = await db.Findings.Where(f => f.Ticket == ticket.Id).ToListAsync(stop);
        if (!next.Refused && ask.Step == TicketStep.Resend && await Unfit(ticket, lines, ask.Batch ?? "", stop) is { } unfit)
        {
            next = unfit;
        }

        if (next.Refused)
        {
            await ledger.Append(actor, WriteFindings.Told(ticket, ask.Step, result: next.Problem!.Code), stop);
            return next.Problem!;
        }

        // What is settled is told as a fact, which re-checks the ticket and closes it.
        var end = ticket.Origin != Origin.Batch ? null : ask.Step == TicketStep.Resend ? RejectEnd.Mended : ask.Step == TicketStep.Accept ? RejectEnd.Explained : (RejectEnd?)null;
        if (end is { } settled && await Settle(ticket, lines, settled, words!, actor, stop) is { } refusal)
        {
            await ledger.Append(actor, WriteFindings.Told(ticket, ask.Step, result: refusal.Code), stop);
            return refusal;
        }

        var from = ticket.State;
        Take(ticket, lines, ask.Step, next.Value, actor, words, ask.Batch?.Trim());
        await deadlines.Restart(ticket, from, clock.GetUtcNow(), stop);

        var late = await db.Commit(ledger, [(actor, WriteFindings.Told(ticket, ask.Step, new { state = next.Value.ToString(), batch = ask.Batch }))], stop);
        return late is null ? ticket : end is null ? late : await Noted(ticket, ask, words, actor, stop);
    }

    private void Take(Ticket ticket, List<Finding> lines, TicketStep step, TicketState state, Actor actor, string? words, string? subject)
    {
        ticket.AnsweredBy = step is TicketStep.Explain or TicketStep.Object ? actor.Id : ticket.AnsweredBy;
        db.Step(ticket, step, state, actor, clock.GetUtcNow(), subject, words?.Trim());
        if (ticket.Origin != Origin.Batch && step is TicketStep.Confirm or TicketStep.Accept)
        {
            // No rejected rows of a batch: it ends with the word of those who may say so.
            foreach (var line in lines.Where(l => l.Open > 0))
            {
                (line.Mended, line.Explained, line.Open) = step == TicketStep.Confirm ? (line.Mended + line.Open, line.Explained, 0L) : (line.Mended, line.Explained + line.Open, 0L);
            }

            ticket.Outcome = step == TicketStep.Confirm ? Outcome.Mended : Outcome.Explained;
            if (step == TicketStep.Accept)
            {
                db.Step(ticket, TicketStep.Finished, TicketState.Closed, Actor.System, clock.GetUtcNow());
            }
        }
    }

    private async Task<Problem?> Settle(Ticket ticket, List<Finding> lines, RejectEnd end, string words, Actor actor, CancellationToken stop)
    {
        foreach (var line in lines.Where(l => l.Batch is not null && l.Open > 0))
        {
            if ((await rejects.Settle(line.Batch!.Value, line.At, line.Code, end, $"{ticket.Number} {words}", actor, stop)).Problem is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>The re-check was faster than this step: the ticket is where the step leads or beyond, and the step is noted there.</summary>
    private async Task<Result<Ticket>> Noted(Ticket ticket, Ask ask, string? words, Actor actor, CancellationToken stop)
    {
        db.ChangeTracker.Clear();
        var now = await db.Tickets.FirstAsync(t => t.Id == ticket.Id, stop);
        if (now.State is not (TicketState.Closed or TicketState.Rechecked))
        {
            return Problems.TicketStale;
        }

        db.Acts.Add(new() { Id = Guid.CreateVersion7(clock.GetUtcNow()), Ticket = now.Id, Step = ask.Step, Person = actor.Name, Unit = actor.Unit, Subject = ask.Batch, Words = words?.Trim(), State = now.State, At = clock.GetUtcNow(), Revision = now.Revision });
        return await db.Commit(ledger, [(actor, WriteFindings.Told(now, ask.Step, new { state = now.State.ToString(), batch = ask.Batch }))], stop) is { } late ? late : now;
    }

    private async Task<Problem?> Unfit(Ticket ticket, List<Finding> lines, string number, CancellationToken stop)
    {
        if (await rejects.Named(number, stop) is not { } batch || batch.Resource != ticket.Resource)
        {
            return Problems.NotResent.With(number, new Text("没有这个批次，或它不是本资源的。", "there is no such batch, or it is of another resource."));
        }

        var why = Fault(batch, await rejects.Groups(batch.Id, stop), ticket, lines);
        return why is { } text ? Problems.NotResent.With(batch.Number, text) : null;
    }

    /// <summary>Why a batch does not bring the rows of these lines again, good; null when it may. Pure.</summary>
    public static Text? Fault(LandedBatch batch, IReadOnlyList<RejectGroup> groups, Ticket ticket, IReadOnlyList<Finding> lines) =>
        batch.UndoneWhy is not null ? new("该批次已撤销。", "it was undone.")
        : lines.Any(l => l.Batch == batch.Id) || batch.LandedAt < ticket.OpenedAt ? new("它在工单签发之前入库。", "it landed before the ticket was issued.")
        : groups.FirstOrDefault(g => g.Rows.Open > 0 && lines.Any(l => l.Code == g.Code && l.Item == g.Item)) is { } still ? new Text("仍有 {0} 行同类问题（{1}）。", "it has {0} rows with the same fault ({1}).").With(still.Rows.Open, still.Reason)
        : batch.Counts.Accepted + batch.Counts.Duplicate < lines.Sum(l => l.Open) ? new("它的合格行数少于待整改的行数。", "it has fewer good rows than there are to mend.")
        : null;
}
