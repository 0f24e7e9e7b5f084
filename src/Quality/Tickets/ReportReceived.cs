// In: a row and an item that a unit received under a grant, what is wrong and how it should be. Out: a ticket to the source unit (校核纠错); a second report of the item joins the open one.
// The same report again while the first is open counts once. Refuses what the unit does not receive, and a row that is not among what it receives. The row's key is a value like any other: it is shown as the policy decides.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Tickets;

internal sealed class ReportReceived(TicketsDb db, IGrantBook grants, ICatalog catalog, Deadlines deadlines, IRowGate gate, ILedger ledger, TimeProvider clock)
{
    private static readonly Text Title = new("接收单位反映有误", "Reported as wrong by a receiver");

    /// <param name="Grant">Number of the grant the data came under.</param>
    /// <param name="Column">Of the item that is wrong; null for the row as a whole.</param>
    /// <param name="Key">Value of the row's first key item.</param>
    internal sealed record Ask(string? Grant, string? Column, string? Key, string? Wrong) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Key) || Key.Length > 200 || Wrong?.Trim().Length is null or < 2 or > 500)
            {
                yield return new("wrong", Problems.BadReport.Todo);
            }

            if (Grant?.Length > 40)
            {
                yield return new("grant", new("授权编号不超过 40 个字符", "a grant's number has at most 40 characters"));
            }

            if (Column?.Length > 100)
            {
                yield return new("column", new("信息项不超过 100 个字符", "an item has at most 100 characters"));
            }
        }
    }

    /// <summary>What a unit receives now: the grants of the actor's unit that hold.</summary>
    public async Task<IReadOnlyList<(Grant Grant, ResourceCard Card)>> Received(Actor actor, CancellationToken stop)
    {
        var found = new List<(Grant, ResourceCard)>();
        if (actor.Has(Roles.Steward) && actor.Unit is { } unit)
        {
            foreach (var grant in (await grants.Of(unit, null, 0, 1_000, stop)).Where(g => g.Holds(clock.GetUtcNow())))
            {
                if (await catalog.Published(grant.Resource, stop) is { } card)
                {
                    found.Add((grant, card));
                }
            }
        }

        return found;
    }

    public async Task<Result<Ticket>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        if (ask.Check().Any())
        {
            await ledger.Append(actor, new("ticket.reported", "—", Problems.BadReport.Code), stop);
            return Problems.BadReport;
        }

        var (grant, card) = (await Received(actor, stop)).FirstOrDefault(r => r.Grant.Number == ask.Grant?.Trim());
        var item = card?.Items.FirstOrDefault(i => i.Column.Equals(ask.Column?.Trim(), StringComparison.OrdinalIgnoreCase));
        if (grant is null || card is null || (!string.IsNullOrWhiteSpace(ask.Column) && (item is null || grant.Items.All(i => i.Item != item.Id))))
        {
            await ledger.Append(actor, new("ticket.reported", ask.Grant?.Trim() ?? "—", Problems.NoReceipt.Code), stop);
            return Problems.NoReceipt;
        }

        var key = ask.Key!.Trim();
        if (!await IsThere(grant, card, key, actor, stop))
        {
            await ledger.Append(actor, new("ticket.reported", grant.Number, Problems.NoReportedRow.Code), stop);
            return Problems.NoReportedRow.With(key);
        }

        var now = clock.GetUtcNow();
        var id = item?.Id;
        var ticket = await db.Tickets.Where(t => t.Origin == Origin.Report && t.Resource == card.Id && t.Reporter == actor.Unit && t.State != TicketState.Closed)
            .FirstOrDefaultAsync(t => db.Findings.Any(f => f.Ticket == t.Id && f.Item == id), stop) ?? await Issue(card, actor, now, stop);
        var from = ticket.State;
        db.Step(ticket, TicketStep.Reported, Flow.Moved(ticket.Origin, ticket.State, TicketStep.Reported) ?? ticket.State, actor, now, grant.Number, ask.Wrong!.Trim());
        await deadlines.Restart(ticket, from, now, stop);
        var again = await db.Findings.AnyAsync(f => f.Ticket == ticket.Id && f.Number == grant.Number && f.Item == id && f.RowKey == key && f.Open > 0, stop);
        if (!again)
        {
            db.Findings.Add(Line(ticket, grant, card, item, key, now));
        }

        var evidence = new Evidence("ticket.reported", ticket.Number, Evidence.Done, new { grant = grant.Number, item = item?.Column })
        {
            Exchange = new() { Provider = card.Unit, Receiver = actor.Unit, Resource = card.Id },
        };
        return await db.Commit(ledger, [(actor, evidence)], stop) is { } late ? late : ticket;
    }

    /// <summary>Whether the unit receives a row of that key. Only of a key it sees in clear: were others looked up, each report would tell whether there is a row of the number it guesses.</summary>
    private async Task<bool> IsThere(Grant grant, ResourceCard card, string key, Actor actor, CancellationToken stop)
    {
        var ask = new RowAsk(card.Id, Purposes.Preview, Take: 1) { Grant = grant.Id, Count = false };
        var decided = await gate.Decide(ask, actor, stop);
        if (card.Items.FirstOrDefault(i => i.Key) is not { } item || decided.Refused || decided.Value.FirstOrDefault(d => d.Item.Id == item.Id) is not { Verdict: Verdict.Allow })
        {
            return true;
        }

        return await gate.Read(ask with { Where = new Condition.Compare(item.Column, Comparison.Equal, key) }, actor, stop) is { Refused: false, Value.Rows.Count: > 0 };
    }

    private static Finding Line(Ticket ticket, Grant grant, ResourceCard card, ItemCard? item, string key, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now), Ticket = ticket.Id, Code = Finding.Reported, Item = item?.Id, ItemName = item?.Name, At = -1, ReasonZh = Title.Zh, ReasonEn = Title.En, Number = grant.Number,
        Day = DateOnly.FromDateTime(now.InCity().DateTime), RowKey = key, KeyItem = card.Items.FirstOrDefault(i => i.Key)?.Id, Found = 1, Open = 1,
    };

    private async Task<Ticket> Issue(ResourceCard card, Actor actor, DateTimeOffset now, CancellationToken stop)
    {
        var (due, remind) = await deadlines.From(Severity.Minor, now, stop);
        var ticket = new Ticket
        {
            Id = Guid.CreateVersion7(now), Number = await db.NextNumber(now.InCity().Year, stop), Origin = Origin.Report, Resource = card.Id, ResourceCode = card.Code, ResourceName = card.Name, Unit = card.Unit,
            Reporter = actor.Unit, Severity = Severity.Minor, State = TicketState.Open, OpenedAt = now, OpenedDay = DateOnly.FromDateTime(now.InCity().DateTime), StageAt = now, DueAt = due, RemindAt = remind,
        };
        db.Tickets.Add(ticket);
        return ticket;
    }
}
