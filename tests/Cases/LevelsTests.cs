// Two real installations, one above the other: a case goes up, becomes one there and comes back with its outcome; what cannot be filed waits for a person; what comes twice, out of order, under a bad key or with other content.
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Cases.Levels;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Cases.Tests.LevelPair;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class LevelsTests(LevelPair pair) : LevelPromises(pair), IClassFixture<LevelPair>;

public sealed class LevelsTestsOnPostgreSql(PostgresLevelPair pair) : LevelPromises(pair), IClassFixture<PostgresLevelPair>;

public abstract class LevelPromises(LevelPair pair)
{
    private const string SameCodes = "种类,对方编码,本地编码\n分类,*,=\n地点,*,=\n";
    private readonly CaseCity lower = pair.Lower;
    private readonly CaseCity upper = pair.Upper;

    [Fact]
    public async Task A_case_goes_up_comes_back_with_an_instruction_is_done_and_rated_and_each_end_keeps_the_others_receipt()
    {
        var link = await pair.Link();
        var number = await lower.Report("省道边坡塌方，超出本市权限");
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        await Round(lower);
        (await Thread(upper, @ref)).GetProperty("told").GetProperty("number").GetString().ShouldBe(number);
        await Json(await Form(upper, link, "Accept", "已收", @ref));
        await Json(await Form(upper, link, "Assign", "由你市先行封路", @ref));
        await Json(await Form(upper, link, "Supervise", "两小时内回复", @ref));
        (await Refusal(await Form(upper, link, "Rate", "尚早", @ref, stars: 5))).ShouldBe("CAS-090");
        await Round(upper, 3);
        await Json(await Form(lower, link, "Accept", "收到", @ref));
        await Json(await Form(lower, link, "Reply", "已封路", @ref));
        await Json(await Form(lower, link, "Finish", "边坡已清理", @ref));
        await Round(lower, 3);
        await Json(await Form(upper, link, "Rate", "处置及时", @ref, stars: 5));
        await Round(upper);

        foreach (var end in new[] { lower, upper })
        {
            var lines = (await Thread(end, @ref)).GetProperty("lines").EnumerateArray().ToList();
            lines.Count.ShouldBe(8);
            lines.ShouldAllBe(l => l.GetProperty("state").GetString() == "Taken");
            lines.Where(l => !l.GetProperty("came").GetBoolean()).ShouldAllBe(l => l.GetProperty("receipted").GetBoolean());
        }

        Events(await lower.Detail(number), "level-in").Count.ShouldBe(4);
        (await Json(await lower.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
        (await upper.Bureau.GetStringAsync("/cases/levels")).ShouldContain("边坡已清理");
        (await Refusal(await lower.Cleaner.GetAsync("/api/v1/case-levels/cases"))).ShouldBe("CAS-010");
        (await Refusal(await lower.Cleaner.PostAsJsonAsync("/api/v1/case-levels/forms", new { peer = link.Id, form = "Reply", words = "我", @ref }))).ShouldBe("CAS-003");
    }

    [Fact]
    public async Task A_report_from_below_becomes_a_case_once_with_its_photos_and_what_becomes_of_it_goes_back()
    {
        var link = await pair.Link(SameCodes);
        var photo = await Noise(300, 1);
        var number = await Photographed(lower, photo);
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        await Round(lower, 2);

        var there = Text(await Thread(upper, @ref), "number")!;
        var detail = await upper.Detail(there);
        var told = detail.GetProperty("case");
        (Text(told, "source"), Text(told, "class"), Text(told, "node"), Text(told, "words"), Text(told, "address")).ShouldBe(("Lower", "0102", "330784001", "省道边坡塌方，附照片", "省道 3 公里处"));
        Events(detail, "level-in")[0].GetProperty("reason").GetString()!.ShouldContain(number);
        var place = Events(detail, "level-in").Select(e => Text(e, "photo")).Single(p => p is not null);
        (await upper.Bureau.GetByteArrayAsync($"/api/v1/cases/{there}/photos/{place}")).AsSpan(0, 2).ToArray().ShouldBe([0xFF, 0xD8]);
        (await upper.Bureau.GetStringAsync($"/cases/{there}")).ShouldContain($"/photos/{place}");
        var sent = (await lower.Services.GetRequiredService<StateStore>().Read($"SELECT body FROM level_message WHERE ref = {@ref.ToString("D")} AND came = 0", r => r.GetString(0), default)).Single();
        (await State(link, await Post(upper, link, "/levels/v1/messages", System.Text.Encoding.UTF8.GetBytes(sent)))).ShouldBe("Taken ");
        (await upper.Services.GetRequiredService<StateStore>().Read($"SELECT number FROM level_case WHERE theirs = {number}", r => r.GetString(0), default)).ShouldBe([there]);

        await Json(await upper.Act(upper.Bureau, there, "accept", new { @class = "0102" }));
        await Round(upper, 2);
        await Json(await upper.Act(upper.Bureau, there, "file"));
        await Json(await upper.Act(upper.Bureau, there, "dispatch", new { unit = CaseCity.Cleaning }));
        await Json(await upper.Act(upper.Cleaner, there, "feedback", new { result = "边坡已加固" }));
        foreach (var act in new[] { "send-verify", "verified", "close", "satisfied" })
        {
            var taken = await upper.Act(upper.Bureau, there, act, new { result = "已核实" });
            taken.IsSuccessStatusCode.ShouldBeTrue(await taken.Content.ReadAsStringAsync());
        }

        CaseCity.State(await upper.Detail(there)).ShouldBe("closed");
        await Round(upper, 2);
        await Round(upper);
        (await Thread(lower, @ref)).GetProperty("lines").EnumerateArray().Select(l => $"{Text(l, "form")} {Text(l, "state")}").ShouldBe(["Report Taken", "Accept Taken", "Finish Taken"]);
        Events(await lower.Detail(number), "level-in").Last().GetProperty("reason").GetString()!.ShouldContain("正常结案");
        (await Json(await upper.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_case_settled_above_and_taken_up_again_is_told_to_its_sender_again_and_so_is_its_second_end()
    {
        var link = await pair.Link(SameCodes);
        var number = await lower.Report("省道边坡再次塌方");
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        await Round(lower);
        var there = Text(await Thread(upper, @ref), "number")!;
        await Json(await upper.Act(upper.Bureau, there, "accept", new { @class = "0102" }));
        await Json(await upper.Act(upper.Bureau, there, "file"));
        await Settle("边坡已加固");
        await Round(upper, 3);
        await Round(upper);
        (await Forms()).ShouldBe(["Report", "Accept", "Finish"]);

        // The sender is who is asked; it is not satisfied, the case is opened again, and each is told it once.
        await Json(await upper.Act(upper.Bureau, there, "unsatisfied", new { reason = "雨后又有落石" }));
        await Task.WhenAll(Round(upper, 2), Round(upper, 2));
        (await Forms()).ShouldBe(["Report", "Accept", "Finish", "Accept"]);
        var again = Events(await lower.Detail(number), "level-in").Last().GetProperty("reason").GetString()!;
        again.ShouldContain("重办");
        again.ShouldContain("雨后又有落石");
        (await Refusal(await Form(upper, link, "Accept", "再收", @ref))).ShouldBe("CAS-090");

        await Settle("已加设防护网");
        await Task.WhenAll(Round(upper, 3), Round(upper, 3));
        await Round(upper);
        (await Forms()).ShouldBe(["Report", "Accept", "Finish", "Accept", "Finish"]);
        Events(await lower.Detail(number), "level-in").Count.ShouldBe(4);
        foreach (var end in new[] { lower, upper })
        {
            (await Thread(end, @ref)).GetProperty("lines").EnumerateArray().ShouldAllBe(l => l.GetProperty("state").GetString() == "Taken");
            (await Json(await end.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
        }

        async Task Settle(string result)
        {
            await Json(await upper.Act(upper.Bureau, there, "dispatch", new { unit = CaseCity.Cleaning }));
            await Json(await upper.Act(upper.Cleaner, there, "feedback", new { result }));
            await Json(await upper.Act(upper.Bureau, there, "verified", new { result = "已核实" }));
            await Json(await upper.Act(upper.Bureau, there, "close"));
        }

        async Task<List<string?>> Forms() => [.. (await Thread(lower, @ref)).GetProperty("lines").EnumerateArray().Select(l => Text(l, "form"))];
    }

    [Fact]
    public async Task A_case_reported_up_twice_or_at_once_is_one_case_above_until_it_is_settled_and_its_words_are_told_in_the_readers_language()
    {
        var link = await pair.Link(SameCodes);
        var number = await lower.Report("省道边坡塌方，两人同时上报");
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        var again = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Form(lower, link, "Report", "再报一次", number: number)));
        foreach (var answer in again)
        {
            (await Json(answer)).ShouldSatisfyAllConditions(m => m.GetProperty("ref").GetGuid().ShouldBe(@ref), m => m.GetProperty("seq").GetInt32().ShouldBe(1));
        }

        (await Refusal(await Form(lower, link, "Report", "另立一条", Guid.NewGuid(), number))).ShouldBe("CAS-130");
        await Round(lower);
        Events(await lower.Detail(number), "level-out").Count.ShouldBe(1);
        var there = Text(await Thread(upper, @ref), "number")!;

        // A peer that sends it by another thread all the same makes no second case.
        var second = new LevelMessage(link.Id, Guid.NewGuid(), 1, LevelForm.Report, "又报", DateTimeOffset.UnixEpoch, new(number, "省道边坡塌方，两人同时上报", "", "0102", null, null, "330784001"));
        (await State(link, await Post(upper, link, second))).ShouldBe("Rejected CAS-130");
        (await Thread(upper, second.Ref)).GetProperty("open").GetArrayLength().ShouldBe(0, "nothing of it was taken: no form is offered");
        (await upper.Services.GetRequiredService<StateStore>().Read($"SELECT number FROM level_case WHERE theirs = {number}", r => r.GetString(0), default)).ShouldBe([there]);

        await Json(await upper.Act(upper.Bureau, there, "reject", new { reason = "属本市事权" }));
        await Round(upper);
        var lines = (await Json(await lower.Bureau.GetAsync("/api/v1/case-levels/cases?lang=en"))).EnumerateArray().Single(t => t.GetProperty("ref").GetGuid() == @ref).GetProperty("lines").EnumerateArray().ToList();
        Text(lines.Last(), "words").ShouldBe("not accepted: 属本市事权");
        Text((await Thread(lower, @ref)).GetProperty("lines").EnumerateArray().Last(), "words").ShouldBe("不予受理：属本市事权");
        (await Send(lower, link, "Report", "情况有变，再次上报", number)).ShouldNotBe(@ref, "it was given back: it may be reported anew");
    }

    [Fact]
    public async Task An_address_of_another_level_holds_no_login_and_is_for_who_handles_levels()
    {
        await pair.Link();
        var named = await upper.Bureau.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "下级市", upper = false, url = "http://user:pw@127.0.0.1:9" });
        var said = await named.Content.ReadAsStringAsync();
        said.ShouldSatisfyAllConditions(s => s.ShouldContain("密钥签名"), s => s.ShouldNotContain("pw"));
        (await upper.Bureau.GetStringAsync("/api/v1/case-levels/peers")).ShouldContain(lower.Address.ToString().TrimEnd('/'));
        var others = await Json(await upper.Cleaner.GetAsync("/api/v1/case-levels/peers"));
        others.EnumerateArray().ShouldNotBeEmpty();
        others.EnumerateArray().ShouldAllBe(p => p.GetProperty("url").GetString() == "");
    }

    [Fact]
    public async Task What_is_not_accepted_above_is_returned_with_its_reason()
    {
        var link = await pair.Link(SameCodes);
        var number = await lower.Report("跨县道路积水");
        var @ref = await Send(lower, link, "Report", "请上级处理", number);
        await Round(lower);
        await Json(await upper.Act(upper.Bureau, Text(await Thread(upper, @ref), "number")!, "reject", new { reason = "属本市事权" }));
        await Round(upper);
        var last = Events(await lower.Detail(number), "level-in").Last().GetProperty("reason").GetString()!;
        last.ShouldContain("退回");
        last.ShouldContain("属本市事权");
    }

    [Fact]
    public async Task What_is_handed_down_becomes_a_case_below_and_the_answer_to_a_supervision_goes_up()
    {
        var link = await pair.Link(SameCodes);
        var number = await upper.Report("河道沿岸垃圾");
        var @ref = await Send(upper, link, "Assign", "请办理", number);
        await Round(upper);
        (await Refusal(await upper.Bureau.PostAsJsonAsync("/api/v1/case-levels/forms", new { peer = link.Id, form = "Supervise", words = "请回复", @ref, hours = 401 }))).ShouldBe("CAS-006");
        await Json(await upper.Bureau.PostAsJsonAsync("/api/v1/case-levels/forms", new { peer = link.Id, form = "Supervise", words = "请两小时内回复", @ref, hours = 2 }));
        await Round(upper);
        var there = Text(await Thread(lower, @ref), "number")!;
        (await lower.Detail(there)).GetProperty("case").ShouldSatisfyAllConditions(c => c.GetProperty("supervised").GetBoolean().ShouldBeTrue(), c => c.GetProperty("replyDue").GetDateTimeOffset().ShouldBeGreaterThan(lower.Services.GetRequiredService<TimeProvider>().GetUtcNow()));
        (await lower.Bureau.GetStringAsync($"/cases/{there}")).ShouldContain("督办回复时限");
        (await lower.Detail(there)).GetProperty("case").GetProperty("source").GetString().ShouldBe("Upper");
        await Json(await lower.Act(lower.Bureau, there, "accept", new { @class = "0102" }));
        await Json(await lower.Act(lower.Bureau, there, "file"));
        await Json(await lower.Act(lower.Bureau, there, "dispatch", new { unit = CaseCity.Cleaning }));
        (await Refusal(await lower.Act(lower.Bureau, there, "supervise", new { reason = "再次督办" }))).ShouldBe("CAS-004", "it is under supervision by the level above");
        await Json(await lower.Act(lower.Cleaner, there, "reply", new { result = "已派人清理" }));
        await Round(lower, 3);
        var lines = (await Thread(upper, @ref)).GetProperty("lines").EnumerateArray().ToList();
        lines.Select(l => $"{Text(l, "form")} {Text(l, "state")}").ShouldBe(["Assign Taken", "Supervise Taken", "Accept Taken", "Reply Taken"]);
        Text(lines[3], "words").ShouldBe("督办回复：已派人清理");
        (await lower.Detail(there)).GetProperty("case").ShouldSatisfyAllConditions(c => c.GetProperty("supervised").GetBoolean().ShouldBeFalse(), c => c.GetProperty("replyDue").ValueKind.ShouldBe(JsonValueKind.Null));
        (await Json(await lower.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task What_the_level_above_supervises_of_a_case_reported_up_is_answered_by_the_case_or_by_a_form_and_told_once()
    {
        var link = await pair.Link(SameCodes);
        var number = await lower.Dispatched();
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        await Round(lower);
        (await Refusal(await lower.Act(lower.Cleaner, number, "reply", new { result = "无人督办" }))).ShouldBe("CAS-004");
        await Json(await Form(upper, link, "Supervise", "进展如何", @ref));
        await Round(upper);
        (await lower.Detail(number, lower.Cleaner)).GetProperty("case").GetProperty("supervised").GetBoolean().ShouldBeTrue();
        await Json(await lower.Act(lower.Cleaner, number, "reply", new { result = "正在清理" }));
        await Round(lower, 2);
        await Json(await Form(upper, link, "Supervise", "何时完成", @ref));
        await Round(upper);
        await Json(await Form(lower, link, "Reply", "明日完成", @ref));
        (await lower.Detail(number)).GetProperty("case").GetProperty("supervised").GetBoolean().ShouldBeFalse("a form answers it too");
        await Round(lower, 2);
        (await Thread(upper, @ref)).GetProperty("lines").EnumerateArray().Where(l => Text(l, "form") == "Reply").Select(l => Text(l, "words")).ShouldBe(["督办回复：正在清理", "明日完成"]);
    }

    [Fact]
    public async Task A_case_whose_codes_nobody_has_declared_waits_with_the_reason_and_a_person_files_it()
    {
        var link = await pair.Link("分类,0102,0102\n");
        var number = await Photographed(lower, await Noise(300, 2), await Noise(300, 3));
        var @ref = await Send(lower, link, "Report", "请上级协调", number);
        await Round(lower, 2);
        await Json(await Form(upper, link, "Accept", "已收", @ref));
        await Round(upper);
        var waits = await Thread(upper, @ref);
        Text(waits, "number").ShouldBeNull();
        Text(waits, "class").ShouldBe("0102");
        Text(waits, "waits").ShouldBe("编码对照中没有地点“330784001”。");
        waits.GetProperty("photos").EnumerateArray().Select(p => Text(p, "state")).ShouldBe(["Taken", "Taken"]);
        (await upper.Bureau.GetStringAsync($"/cases/levels?file={@ref}")).ShouldContain("归档为事件");

        Task<HttpResponseMessage> File(HttpClient who, string? place, string? @class = "0102") => who.PostAsJsonAsync("/api/v1/case-levels/cases", new { peer = link.Id, @ref, @class, place, remember = true });
        (await Refusal(await File(upper.Cleaner, "330784002"))).ShouldBe("CAS-010");
        (await Refusal(await File(upper.Bureau, "999"))).ShouldBe("CAS-009");
        (await Refusal(await File(upper.Bureau, "330784002", "9999"))).ShouldBe("CAS-021");
        var there = (await Json(await File(upper.Bureau, "330784002"))).GetProperty("number").GetString()!;
        (await Refusal(await File(upper.Bureau, "330784002"))).ShouldBe("CAS-105");
        var detail = await upper.Detail(there);
        detail.GetProperty("case").GetProperty("node").GetString().ShouldBe("330784002");
        detail.GetProperty("events")[0].GetProperty("photos").GetInt32().ShouldBe(2);
        detail.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("act").GetString()).ShouldBe(["report", "level-in", "level-out"]);

        var next = await Send(lower, link, "Report", "同一地点又一件", await lower.Report("又有塌方"));
        await Round(lower);
        Text(await Thread(upper, next), "number").ShouldNotBeNull("the codes were remembered");
        (await Refusal(await upper.Bureau.PutAsJsonAsync($"/api/v1/case-levels/peers/{link.Id}/codes", new { text = "分类,0102,0102\n地点,1,999\n" }))).ShouldBe("CAS-104");
        (await Json(await upper.Bureau.GetAsync($"/api/v1/case-levels/peers/{link.Id}/codes"))).GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task What_comes_in_any_order_and_many_times_is_taken_once_in_its_order_and_what_is_forged_or_changed_is_refused()
    {
        var (link, @ref) = (await pair.Link(), Guid.NewGuid());
        LevelMessage Of(long seq, LevelForm form, string words, int? stars = null) => new(link.Id, @ref, seq, form, words, DateTimeOffset.UnixEpoch, seq == 1 ? new("SJ1", "上级交办：清理河道", "", null, null, null) : null, stars);
        LevelMessage[] all = [Of(1, LevelForm.Assign, "请办理"), Of(2, LevelForm.Supervise, "请尽快"), Of(3, LevelForm.Assign, "补充要求")];
        (await State(link, await Post(lower, link, all[2]))).ShouldBe("Parked CAS-089");
        (await State(link, await Post(lower, link, all[1]))).ShouldBe("Parked CAS-089");
        (await State(link, await Post(lower, link, all[0]))).ShouldBe("Taken ");
        (await Task.WhenAll(all.Concat(all).Select(m => Post(lower, link, m)))).ShouldAllBe(a => a.IsSuccessStatusCode);
        (await State(link, await Post(lower, link, all[2]))).ShouldBe("Taken ");
        (await Refusal(await Post(lower, link, all[1] with { Words = "另一内容" }))).ShouldBe("CAS-088");
        (await Refusal(await Post(lower, link, all[1], Convert.ToBase64String(new byte[32])))).ShouldBe("CAS-086");
        (await State(link, await Post(lower, link, Of(4, LevelForm.Rate, "未办先评", 1)))).ShouldBe("Rejected CAS-090");
        (await State(link, await Post(lower, link, Of(5, LevelForm.Assign, "再补充")))).ShouldBe("Taken ");
        using var nothing = new StringContent("{}");
        (await Refusal(await lower.Visitor().PostAsync("/levels/v1/messages", nothing))).ShouldBe("CAS-086");

        var number = (await Thread(lower, @ref)).GetProperty("number").GetString()!;
        var events = Events(await lower.Detail(number), "level-in");
        events.Count.ShouldBe(4);
        events.Last().GetProperty("reason").GetString()!.ShouldContain("再补充");
        (await lower.Detail(number)).GetProperty("case").GetProperty("source").GetString().ShouldBe("Upper");
    }

    [Fact]
    public async Task A_message_that_is_none_is_refused_by_its_field_and_a_form_finds_its_thread_by_the_number_of_the_case_where_it_has_one()
    {
        var link = await pair.Link(SameCodes);
        var good = new LevelMessage(link.Id, Guid.NewGuid(), 1, LevelForm.Assign, "请办理", DateTimeOffset.UnixEpoch, new("SJ1", "上级交办：清理河道", "", null, null, null));
        foreach (var (message, field) in new[]
        {
            (good with { Words = "" }, "words"), (good with { Seq = 0 }, "seq"), (good with { Seq = 5_000 }, "seq"), (good with { Stars = 9 }, "stars"), (good with { Hours = 401 }, "hours"), (good with { Link = Guid.NewGuid() }, "link"), (good with { Case = good.Case! with { Number = "" } }, "case"), (good with { Case = null }, "case"), (good with { WordsEn = "" }, "wordsEn"),
        })
        {
            await Names(await Post(lower, link, message), field);
        }

        await Names(await Post(lower, link, "/levels/v1/messages", System.Text.Encoding.UTF8.GetBytes($"{{\"link\":\"{link.Id}\",\"form\":\"Nothing\"}}")), "form");

        var unsealed = await upper.Bureau.PostAsJsonAsync("/api/v1/case-levels/peers", new { name = "下级市", upper = false, url = "ftp://example.org" });
        (await unsealed.Content.ReadAsStringAsync()).ShouldContain("Levels__Plain=true");

        var number = await upper.Report("河道沿岸垃圾");
        var @ref = await Send(upper, link, "Assign", "请办理", number);
        await Json(await upper.Bureau.PostAsJsonAsync("/api/v1/case-levels/forms", new { peer = link.Id, form = "Supervise", words = "请回复", number }));
        await Round(upper, 2);
        var there = Text(await Thread(lower, @ref), "number")!;
        (await Json(await Form(lower, link, "Reply", "已派人清理", number: there))).GetProperty("ref").GetGuid().ShouldBe(@ref);

        // While the first is under way it is the same thread; once it is settled, another begins.
        (await Send(upper, link, "Assign", "补充要求", number)).ShouldBe(@ref);
        await Round(upper);
        await Json(await Form(lower, link, "Finish", "已清理", @ref));
        await Round(lower, 3);
        (await Send(upper, link, "Assign", "又脏了", number)).ShouldNotBe(@ref);
        await Round(upper);
        var refused = await Form(upper, link, "Supervise", "请回复", number: number);
        var said = await refused.Content.ReadAsStringAsync();
        said.ShouldSatisfyAllConditions(p => p.ShouldContain("CAS-006"), p => p.ShouldContain("\"field\":\"ref\""));
        static async Task Names(HttpResponseMessage answer, string field)
        {
            var problem = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            problem.GetProperty("code").GetString().ShouldBe("CAS-087");
            problem.GetProperty("faults")[0].GetProperty("field").GetString().ShouldBe(field);
        }
    }
}
