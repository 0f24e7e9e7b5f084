// Forms between levels as promises over random orders: whatever is doubled, late, lost and sent again, the end is the same; whichever forms go, each is in its place; no clock has a say in it.
using System.Net.Http.Json;
using CsCheck;
using Lizhou.Cases.Levels;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Cases.Tests.LevelPair;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class LevelOrderTests(LevelPair pair) : IClassFixture<LevelPair>
{
    private static readonly LevelForm[] Forms = Enum.GetValues<LevelForm>();
    private static readonly Gen<LevelForm> AnyForm = Gen.Int[0, Forms.Length - 1].Select(i => Forms[i]);

    [Fact]
    public void Over_any_history_what_fits_is_answered_no_more_than_it_was_asked_ends_once_for_each_time_it_was_taken_up_and_is_rated_once_for_each_end()
    {
        Gen.Select(AnyForm, Gen.Bool).Array[0, 60].Sample(tries =>
        {
            List<(LevelForm Form, bool Down)> taken = [];
            foreach (var (form, down) in tries.Where(t => LevelForms.Fits(t.Item1, t.Item2, taken)))
            {
                taken.Add((form, down));
            }

            int Count(LevelForm form, bool? down = null) => taken.Count(t => t.Form == form && (down is null || t.Down == down));
            taken.Take(1).ShouldAllBe(t => t.Form == LevelForm.Report || t.Form == LevelForm.Assign, "a case is told of before anything is said of it");
            (Count(LevelForm.Report, true) + Count(LevelForm.Assign, false) + Count(LevelForm.Supervise, false) + Count(LevelForm.Reply, true) + Count(LevelForm.Rate, false)).ShouldBe(0, "each has its direction");
            foreach (var down in new[] { true, false })
            {
                (Count(LevelForm.Accept, down) + Count(LevelForm.Return, down)).ShouldBeLessThanOrEqualTo(Count(LevelForm.Report, !down) + Count(LevelForm.Assign, !down) + Count(LevelForm.Finish, down), "once for each asking and each end of its own");
            }

            Count(LevelForm.Reply).ShouldBeLessThanOrEqualTo(Count(LevelForm.Supervise));
            Count(LevelForm.Rate).ShouldBeLessThanOrEqualTo(Count(LevelForm.Finish, false), "what went down is not rated from above");
            foreach (var (end, finish) in taken.Index().Where(t => t.Item.Form == LevelForm.Finish))
            {
                taken.Skip(end + 1).TakeWhile(t => t.Form != LevelForm.Accept || t.Down != finish.Down).ShouldAllBe(t => t.Form != LevelForm.Assign && t.Form != LevelForm.Supervise && t.Form != LevelForm.Finish, "settled, until who settled it takes it up again");
                taken.Skip(end + 1).TakeWhile(t => t.Form != LevelForm.Finish).Count(t => t.Form == LevelForm.Rate).ShouldBeLessThanOrEqualTo(1);
            }
        }, iter: 20_000);
    }

    [Fact]
    public async Task Over_any_order_doubling_and_loss_the_end_is_the_one_of_the_order_in_which_they_were_sent_and_none_is_lost()
    {
        var link = await pair.Link("分类,*,=\n地点,*,=\n");
        using var scope = pair.Upper.Services.CreateScope();
        var (take, peer) = (scope.ServiceProvider.GetRequiredService<TakeForm>(), (await scope.ServiceProvider.GetRequiredService<Peers>().Find(link.Id, default))!.Value.Peer);

        // What is sent, in which order it arrives, how often; the rest is lost and sent again at the end.
        await Gen.Select(AnyForm.Array[1, 7], Gen.Int[0, 7].Array[0, 14]).SampleAsync(async sent =>
        {
            var (forms, arrivals) = sent;
            LevelMessage[] Told(Guid of) =>
            [
                .. forms.Prepend(LevelForm.Report).Select((form, i) => new LevelMessage(
                    link.Id, of, i + 1, form, $"第 {i + 1} 件", DateTimeOffset.UnixEpoch.AddDays(-i), form is LevelForm.Report or LevelForm.Assign ? new($"SJ{of:N}", "下级上报：道路积水", "", "0102", null, null, "330784001") : null, form == LevelForm.Rate ? 3 : null)),
            ];
            async Task<Guid> Sent(Func<LevelMessage[], IEnumerable<LevelMessage>> order)
            {
                var of = Guid.NewGuid();
                var all = Told(of);
                foreach (var message in order(all))
                {
                    (await take.Run(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, Ledger.CasesDb.Json), peer, default)).Problem.ShouldBeNull();
                }

                return of;
            }

            var straight = await Outcome(await Sent(all => all));
            var jumbled = await Outcome(await Sent(all => [.. arrivals.Where(i => i < all.Length).Select(i => all[i]), .. all.Reverse()]));
            jumbled.ShouldBe(straight);
            straight.Split('\n').Length.ShouldBe(forms.Length + 2, "each is there once, and so is the case");
        }, iter: 25, threads: 1);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_changes_neither_the_order_nor_a_deadline_nor_when_a_form_goes()
    {
        var link = await pair.Link("分类,*,=\n地点,*,=\n");
        var (lower, upper) = (pair.Lower, pair.Upper);
        using var below = lower.Door(); // Neither has a session that would end with the hours.
        using var above = upper.Door();
        lower.Advance(TimeSpan.FromHours(3));
        upper.Advance(TimeSpan.FromHours(3));
        var number = (await Json(await below.PostAsJsonAsync("/api/v1/cases", new { words = "跨县道路塌方", place = "330784001", @class = "0102" }))).GetProperty("number").GetString();
        var @ref = (await Json(await Form(lower, link, "Report", "请协调", number: number, who: below))).GetProperty("ref").GetGuid();
        await Round(lower);
        var there = Text(await Thread(upper, @ref, above), "number")!;
        var before = await upper.Detail(there, above);
        await Json(await Form(lower, link, "Finish", "已自行解决", @ref, who: below));
        lower.Advance(TimeSpan.FromHours(-3));
        upper.Advance(TimeSpan.FromHours(-3));
        await Round(lower);
        var after = await upper.Detail(there, above);
        (Text(after.GetProperty("case"), "dueAt"), Text(after.GetProperty("case"), "wholeDue")).ShouldBe((Text(before.GetProperty("case"), "dueAt"), Text(before.GetProperty("case"), "wholeDue")));
        (await Thread(upper, @ref, above)).GetProperty("lines").EnumerateArray().Select(l => $"{Text(l, "form")} {Text(l, "state")}").ShouldBe(["Report Taken", "Finish Taken"]);
    }

    /// <summary>What there is of a case between levels, without the times at which it came.</summary>
    private async Task<string> Outcome(Guid of)
    {
        var state = pair.Upper.Services.GetRequiredService<StateStore>();
        var forms = await state.Read($"SELECT seq, form, state, turn, note FROM level_message WHERE ref = {of.ToString("D")} ORDER BY seq", r => $"{r.GetInt64(0)} {r.GetString(1)} {r.GetString(2)} {r.GetInt64(3)} {(r.IsDBNull(4) ? "" : r.GetString(4))}", default);
        var cases = await state.Read(
            $"SELECT f.state, f.class, f.place, (SELECT COUNT(*) FROM case_event e WHERE e.case_id = f.id) FROM level_case c JOIN case_file f ON f.number = c.number WHERE c.ref = {of.ToString("D")}",
            r => $"{r.GetString(0)} {r.GetString(1)} {r.GetString(2)} {r.GetInt64(3)}", default);
        return string.Join('\n', [.. forms, .. cases]);
    }
}
