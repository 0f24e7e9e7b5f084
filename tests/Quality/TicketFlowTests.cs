// The steps of a ticket as promises over random histories: no database, no clock.
using CsCheck;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Quality.Gates;
using Lizhou.Quality.Tickets;

namespace Lizhou.Quality.Tests;

public sealed class TicketFlowTests
{
    private static readonly Guid Source = Guid.NewGuid();
    private static readonly Guid Receiver = Guid.NewGuid();
    private static readonly Actor Steward = Person(Source, Roles.Steward);
    private static readonly Actor Stranger = Person(Guid.NewGuid(), Roles.Steward);
    private static readonly Actor Reporter = Person(Receiver, Roles.Steward);
    private static readonly Actor Bureau = Person(null, Roles.Engineer);
    private static readonly Actor[] People = [Steward, Stranger, Reporter, Bureau];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<Origin> Origins = OneOf(Enum.GetValues<Origin>());
    private static readonly Gen<TicketState> States = OneOf(Enum.GetValues<TicketState>());
    private static readonly Gen<TicketStep> Steps = OneOf(Enum.GetValues<TicketStep>());
    private static readonly Gen<Actor> Actors = OneOf(People);

    [Fact]
    public void A_step_of_a_person_is_taken_by_whom_it_is_for_and_by_nobody_else() => Gen.Select(Origins, States, Steps, Actors).Sample((origin, state, step, actor) =>
    {
        var taken = Flow.Next(Of(origin, state), step, actor, "因为");
        if (!taken.Refused)
        {
            var entitled = step is TicketStep.Accept or TicketStep.Refuse ? actor == Bureau
                : step is TicketStep.Confirm or TicketStep.Again ? actor == Reporter || actor == Bureau
                : actor == Steward;
            entitled.ShouldBeTrue($"{actor.Roles.First()} {step}");
            Flow.OfPeople.ShouldContain(step, "the program's own steps are nobody's");
        }
    });

    [Fact]
    public void Buttons_are_the_steps_that_would_be_taken() => Gen.Select(Origins, States, Actors).Sample((origin, state, actor) =>
    {
        var ticket = Of(origin, state);
        foreach (var step in Flow.OfPeople)
        {
            (Flow.Options(ticket, actor).FirstOrDefault(o => o.Step == step)?.May ?? false).ShouldBe(!Flow.Next(ticket, step, actor, "-").Refused, $"{state} {step}");
        }
    });

    [Fact]
    public void After_a_look_a_ticket_is_closed_exactly_when_nothing_is_open() =>
        Gen.Select(States, Gen.Long[0, 3], OneOf(Occasion.Changed, Occasion.SentAgain)).Sample((state, open, why) =>
        {
            var after = Walk(Origin.Batch, state, Flow.Looked(Origin.Batch, state, open, why));
            (after == TicketState.Closed).ShouldBe(open == 0, $"{state} with {open} open became {after}");
        });

    [Fact]
    public void A_look_is_settled_by_one_look() => Gen.Select(States, Gen.Long[0, 3]).Sample((state, open) =>
    {
        var after = Walk(Origin.Batch, state, Flow.Looked(Origin.Batch, state, open, Occasion.Changed));
        Flow.Looked(Origin.Batch, after, open, Occasion.Changed).ShouldBeEmpty();
    });

    [Fact]
    public void Rows_a_person_settled_in_part_close_nothing_and_reopen_nothing() =>
        States.Sample(state => Flow.Looked(Origin.Batch, state, 2, Occasion.Settled).ShouldBeEmpty());

    [Fact]
    public void Rows_that_come_again_and_fail_again_open_the_ticket_again() =>
        OneOf(TicketState.Open, TicketState.Mending, TicketState.Rechecked, TicketState.Closed).Sample(state =>
        {
            var steps = Flow.Looked(Origin.Batch, state, 1, Occasion.SentAgain);
            steps.ShouldContain(TicketStep.Returned);
            Walk(Origin.Batch, state, steps).ShouldBe(TicketState.Open);
        });

    [Fact]
    public void Who_explained_does_not_decide_and_no_decision_is_without_a_reason()
    {
        var ticket = Of(Origin.Batch, TicketState.Explained);
        Flow.Next(ticket, TicketStep.Accept, Bureau, " ").Problem!.Code.ShouldBe("QUA-107");
        ticket.AnsweredBy = Bureau.Id;
        Flow.Next(ticket, TicketStep.Accept, Bureau, "同意").Problem!.Code.ShouldBe("QUA-105");
        Flow.Next(ticket, TicketStep.Accept, Person(null, Roles.Engineer), "同意").Value.ShouldBe(TicketState.Rechecked);
    }

    [Fact]
    public void The_gate_passes_a_batch_exactly_when_its_good_rows_reach_the_share() => Gen.Select(Gen.Long[0, 50], Gen.Long[0, 50], Gen.Long[0, 50], Gen.Long[0, 50], Gen.Int[0, 10_000]).Sample((accepted, duplicate, mended, open, least) =>
    {
        var share = KnownBatch.ShareOf(new(accepted, mended + open, duplicate, 7), new(open, mended, 0, 0));
        var (good, all) = (accepted + duplicate + mended, accepted + duplicate + mended + open);
        KnownBatch.Passes(share, least).ShouldBe(all == 0 || good * 10_000 >= least * all);
    });

    [Fact]
    public void Mending_a_row_never_takes_a_batch_further_from_the_gate() => Gen.Select(Gen.Long[0, 50], Gen.Long[1, 50], Gen.Long[0, 50]).Sample((accepted, open, mended) =>
        KnownBatch.ShareOf(new(accepted, open + mended, 0, 0), new(open - 1, mended + 1, 0, 0))!.Value
            .ShouldBeGreaterThanOrEqualTo(KnownBatch.ShareOf(new(accepted, open + mended, 0, 0), new(open, mended, 0, 0))!.Value));

    [Fact]
    public void A_limit_holds_from_its_first_day_until_the_next_one_and_the_worst_that_is_reached_counts()
    {
        var (day, later) = (new DateOnly(2026, 3, 1), new DateOnly(2026, 4, 1));
        Limit[] limits =
        [
            new() { Severity = Severity.Minor, FromShare = 0, ValidFrom = day }, new() { Severity = Severity.Serious, FromShare = 500, ValidFrom = day, ValidUntil = later },
            new() { Severity = Severity.Serious, FromShare = 2_000, ValidFrom = later }, new() { Severity = Severity.Major, FromShare = 3_000, ValidFrom = day },
        ];
        Deadlines.SeverityOf(limits, 499, day).ShouldBe(Severity.Minor);
        Deadlines.SeverityOf(limits, 500, day).ShouldBe(Severity.Serious);
        Deadlines.SeverityOf(limits, 500, later).ShouldBe(Severity.Minor);
        Deadlines.SeverityOf(limits, 10_000, later).ShouldBe(Severity.Major);
    }

    [Fact]
    public void A_batch_mends_a_ticket_only_if_it_came_later_stands_has_none_of_its_faults_and_enough_good_rows()
    {
        var (resource, item, issued) = (Guid.NewGuid(), Guid.NewGuid(), new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        var ticket = new Ticket { Resource = resource, OpenedAt = issued };
        List<Finding> lines = [new() { Code = "LOD-101", Item = item, Batch = Guid.NewGuid(), Found = 3, Open = 3 }];
        LandedBatch Batch(long accepted, string? undone = null, int hours = 1) => new(
            Guid.NewGuid(), "20260302-000002", resource, "1", "名", Source, null, issued.AddHours(hours), undone, new(accepted, 0, 0, 0), new(0, 0, 0, 0));
        RejectGroup[] Faulty(Guid? at, string code) => [new(at, 0, code, new("必填项为空", "missing"), new(1, 0, 0, 0))];

        AnswerTicket.Fault(Batch(3), [], ticket, lines).ShouldBeNull();
        AnswerTicket.Fault(Batch(3), Faulty(Guid.NewGuid(), "LOD-101"), ticket, lines).ShouldBeNull("another item's fault is another ticket's");
        AnswerTicket.Fault(Batch(3), Faulty(item, "LOD-101"), ticket, lines).ShouldNotBeNull();
        AnswerTicket.Fault(Batch(2), [], ticket, lines).ShouldNotBeNull();
        AnswerTicket.Fault(Batch(3, undone: ""), [], ticket, lines).ShouldNotBeNull();
        AnswerTicket.Fault(Batch(3, hours: -1), [], ticket, lines).ShouldNotBeNull();
    }

    private static TicketState Walk(Origin origin, TicketState state, IEnumerable<TicketStep> steps)
    {
        foreach (var step in steps)
        {
            state = Flow.Moved(origin, state, step) ?? throw new InvalidOperationException($"{state} knows no {step}");
        }

        return state;
    }

    private static Ticket Of(Origin origin, TicketState state) => new() { Origin = origin, State = state, Unit = Source, Reporter = origin == Origin.Report ? Receiver : null };

    private static Actor Person(Guid? unit, string role) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([role], StringComparer.Ordinal));
}
