// 派单推演: the table that was in force moves nobody; the same answer twice, whatever the order; a case that moves is drawn from what its new unit did.
using System.Text.Json;
using CsCheck;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Dispatching.WhatIf;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Tests;

public sealed class WhatIfTests
{
    private static readonly Desk Desk = Town.Desk with { Units = Town.Units.Select((u, i) => new Contracts.Organisation.UnitCard(u, $"U{i}", $"单位{i}", null, true)).ToDictionary(u => u.Id) };
    private static readonly string[] Places = [Town.Centre, Town.Street, Town.Village];

    private static readonly Gen<DispatchTable> Tables =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[1, 9], (place, grade, lead, assist, hours) =>
            new DispatchRow(2, "0102", place == 0 ? "" : Places[place], grade > 1 ? null : (Grade)grade, Town.Units[lead], assist == lead || assist == 3 ? [] : [Town.Units[assist]], hours > 6 ? null : new(hours, LimitUnit.WorkHours), place))
        .Array[1, 4].Select(rows => new DispatchTable(1, [.. rows.DistinctBy(r => r.Priority).Select((r, i) => r with { Line = i + 2 })]));

    /// <summary>As people dispatched them by a table: mostly as it says, sometimes not.</summary>
    private static Gen<PastCase[]> Cases(DispatchTable table) =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 40], Gen.Int[0, 20_000], Gen.Int[1, 4_000], Gen.Int[0, 3_000], Gen.Int[0, 9], (place, grade, unit, begun, handled, rest, chance) =>
        {
            var sent = Town.Monday.AddMinutes(begun);
            var file = new CaseFile { Class = chance == 0 ? null : "0102", Place = Places[place], Grade = (Grade)grade };
            var said = table.Find(file, Desk.Nodes, Desk.Units.ContainsKey);
            var lead = said is null || chance == 1 ? Town.Units[unit % 3] : said.Lead;
            DateTimeOffset? done = chance == 2 ? null : sent.AddMinutes(handled);
            return new PastCase("", file.Class, file.Grade, file.Place, file.Place, sent.AddMinutes(-30), done?.AddMinutes(rest), lead, said?.Assists ?? [], said, sent, done, said?.Limit ?? new(4, LimitUnit.WorkHours), [], TimeSpan.Zero, done is null ? null : handled > 2_000);
        }).Array[0, 60].Select(cases => cases.Select((c, i) => c with { Number = $"SJ20260302-{i:D6}" }).ToArray());

    [Fact]
    public void The_table_that_was_in_force_moves_nobody_and_leaves_limits_and_times_as_they_were() => Tables.SelectMany(t => Cases(t).Select(c => (Table: t, Cases: c))).Sample(p =>
    {
        var told = new Foretell(p.Cases, p.Table, Desk).All();
        told.Count.ShouldBe(p.Cases.Length);
        told.ShouldAllBe(c => !c.Moved && !c.Unanswered && c.Limit == c.Before && c.Breach == c.NowBreach && c.ClosedAt == c.Case.ClosedAt && c.Assists.SequenceEqual(c.Case.Assists));
    }, iter: 200);

    [Fact]
    public void The_same_is_answered_twice_and_in_whatever_order_and_no_case_is_lost() => Tables.SelectMany(t => Gen.Select(Cases(t), Tables)).Sample((cases, other) =>
    {
        string Told(IReadOnlyList<PastCase> of) => JsonSerializer.Serialize(SumForecast.Of(new(new(2026, 3, 2), new(2026, 3, 9)), 2, [.. new Foretell(of, other, Desk).All().OrderBy(c => c.Case.Number, StringComparer.Ordinal)], 0, [], [.. of.Select(_ => (IReadOnlyList<string>)[])], Desk));
        Told(cases).ShouldBe(Told(cases));
        Told([.. cases.Reverse()]).ShouldBe(Told(cases));
        var courses = new Foretell(cases, other, Desk).All();
        courses.Select(c => c.Case.Number).ShouldBe(cases.Select(c => c.Number));
        courses.Where(c => c.Moved).ShouldAllBe(c => c.Basis != null && (c.Basis == Basis.None || c.Handling >= TimeSpan.Zero) && (c.ClosedAt == null || c.ClosedAt >= c.Case.SentAt));
        var sum = JsonDocument.Parse(Told(cases)).RootElement;
        sum.GetProperty("Units").EnumerateArray().Sum(u => u.GetProperty("Then").GetProperty("Cases").GetInt32()).ShouldBe(cases.Length);
    }, iter: 200);

    [Fact]
    public void A_moved_case_takes_the_time_of_one_its_new_unit_handled_and_the_limit_of_its_line()
    {
        PastCase Past(int number, int unit, double hours) => new(
            $"SJ20260302-{number:D6}", "0102", Grade.Ordinary, Town.Street, Town.Street, Town.Monday, Town.Monday.AddHours(hours + 1), Town.Units[unit], [], null, Town.Monday, Town.Monday.AddHours(hours), new(4, LimitUnit.WorkHours), [], TimeSpan.Zero, hours > 4);
        // Monday, nine in the morning: the new unit always took two working hours, the old one half of one.
        List<PastCase> cases = [Past(1, 0, 0.5), .. Enumerable.Range(2, DrawTimes.Enough).Select(i => Past(i, 1, 2))];
        Course First(string limit) => new Foretell(cases, new(9, TableText.Read($"事件分类,地点,级别,主办单位,协办单位,时限,优先级\n0102,,,单位1,,{limit},\n", Desk).Rows), Desk).All()[0];

        var moved = First("1 工作时");
        (moved.Moved, moved.Basis, moved.Drawn, moved.Handling, moved.NowBreach, moved.Breach).ShouldBe((true, Basis.UnitClass, DrawTimes.Enough, TimeSpan.FromHours(2), false, true));
        moved.ClosedAt.ShouldBe(Town.Monday.AddHours(3), "two hours of handling, and the hour it took to be closed");
        First("3 工作时").Breach.ShouldBe(false);
        cases.RemoveAt(cases.Count - 1);
        First("").ShouldSatisfyAllConditions(c => (c.Basis, c.Drawn).ShouldBe((Basis.Class, DrawTimes.Enough)), c => c.Limit.ShouldBe(new TimeLimit(4, LimitUnit.WorkHours)));
        cases.RemoveRange(1, cases.Count - 1);
        First("").Basis.ShouldBe(Basis.All);
        cases[0] = cases[0] with { DoneAt = null, ClosedAt = null, Breached = false };
        First("").ShouldSatisfyAllConditions(c => c.Basis.ShouldBe(Basis.None), c => c.Breach.ShouldBeNull("nothing to draw from: nothing is foretold"));
    }
}
