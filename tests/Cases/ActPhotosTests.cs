// Photos that come with an act: kept with it, shown at it to who may see the case and to nobody else; the same refusals as those of reports; required where the flow says so.
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class ActPhotosTests(CaseCity city) : ActPhotosPromises(city), IClassFixture<CaseCity>;

public sealed class ActPhotosTestsOnPostgreSql(PostgresCaseCity city) : ActPhotosPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class ActPhotosPromises(CaseCity city)
{
    private static readonly (string Name, string Value)[] Done = [("result", "已清理")];

    [Fact]
    public async Task A_feedback_with_photos_is_told_with_them_to_who_sees_the_case_and_to_nobody_else()
    {
        var number = await city.Dispatched();
        var (first, second) = (await LevelPair.Noise(120, 11), await LevelPair.Noise(120, 12));
        await Json(await city.ActWith(city.Cleaner, number, "feedback", [first, second], key: "once", fields: Done));
        (await Json(await city.ActWith(city.Cleaner, number, "feedback", [first, second], key: "once", fields: Done))).GetProperty("case").GetProperty("state").GetString().ShouldBe("verifying");
        var detail = await city.Detail(number);
        LevelPair.Events(detail, "feedback").Count.ShouldBe(1, "the same key is done once");
        var places = Places(LevelPair.Events(detail, "feedback").Single());
        places.Count.ShouldBe(2);
        detail.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("act").GetString() != "feedback").ShouldAllBe(e => e.GetProperty("actPhotos").GetArrayLength() == 0);

        // As they are kept: the event names the digest of each.
        var state = city.Services.GetRequiredService<StateStore>();
        var told = JsonDocument.Parse((await state.Read($"SELECT e.detail FROM case_event e JOIN case_file f ON f.id = e.case_id WHERE f.number = {number} AND e.act = 'feedback'", r => r.GetString(0), default)).Single()).RootElement.GetProperty("photos");
        foreach (var (i, place) in places.Index())
        {
            var jpeg = await city.Cleaner.GetByteArrayAsync($"/api/v1/cases/{number}/photos/{place}");
            Convert.ToHexStringLower(SHA256.HashData(jpeg)).ShouldBe(told[i].GetString());
            (await Refusal(await city.Plumber.GetAsync($"/api/v1/cases/{number}/photos/{place}"))).ShouldBe("CAS-001");
        }

        (await city.Bureau.GetStringAsync($"/cases/{number}")).ShouldContain($"/photos/{places[1]}");
        using var visitor = city.Visitor();
        (await visitor.GetAsync(new Uri($"/api/v1/cases/{number}/photos/{places[0]}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await visitor.GetStringAsync($"/progress?number={number}")).ShouldNotContain("/photos/");
        (await Json(await city.Bureau.PostAsync("/api/v1/cases/rebuild", null))).GetProperty("different").GetInt64().ShouldBe(0);

        // A verifier's own, after those of the handler; JSON without any goes on as ever.
        await Json(await city.ActWith(city.Bureau, number, "rework", [first], fields: [("reason", "仍有残留")]));
        await Json(await city.Act(city.Cleaner, number, "feedback", new { result = "再次清理" }));
        Places(LevelPair.Events(await city.Detail(number), "rework").Single()).Intersect(places).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_no_photo_one_too_many_and_one_where_none_is_taken_are_refused_and_nothing_happens()
    {
        var number = await city.Dispatched();
        var good = await LevelPair.Noise(60, 13);
        var script = "<svg><script>alert(1)</script></svg>"u8.ToArray();
        var refused = await city.ActWith(city.Cleaner, number, "feedback", [good, script], fields: Done);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("2");
        (await Refusal(refused)).ShouldBe("CAS-097");
        (await Refusal(await city.ActWith(city.Cleaner, number, "feedback", [good, good, good, good], fields: Done))).ShouldBe("CAS-097");
        (await Refusal(await city.ActWith(city.Cleaner, number, "ask-hold", [good], fields: [("reason", "等待配件")]))).ShouldBe("CAS-006");
        (await Refusal(await city.ActWith(city.Cleaner, number, "feedback", [good]))).ShouldBe("CAS-005");
        (await Refusal(await city.ActWith(city.Plumber, number, "feedback", [good], fields: Done))).ShouldBe("CAS-001");
        var wrong = await city.ActWith(city.Cleaner, number, "feedback", [good], fields: [.. Done, ("revision", "第七版")]);
        (await wrong.Content.ReadAsStringAsync()).ShouldContain("revision");
        (await Refusal(wrong)).ShouldBe("HST-018");
        (await Refusal(await city.ActWith(city.Cleaner, number, "", [good], fields: Done))).ShouldBe("KRN-001");
        using var broken = new ByteArrayContent("--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nfeed"u8.ToArray()) { Headers = { ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } } } };
        (await city.Cleaner.PostAsync($"/api/v1/cases/{number}/acts", broken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var plain = new StringContent("feedback", System.Text.Encoding.UTF8, "text/plain");
        (await city.Cleaner.PostAsync($"/api/v1/cases/{number}/acts", plain)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);

        var detail = await city.Detail(number);
        (CaseCity.State(detail), detail.GetProperty("events").GetArrayLength()).ShouldBe(("handling", 4));
        (await city.Services.GetRequiredService<StateStore>().Read($"SELECT COUNT(*) FROM case_photo p JOIN case_file f ON f.id = p.case_id WHERE f.number = {number}", r => r.GetInt64(0), default)).ShouldBe([0]);
    }

    internal static List<long> Places(JsonElement happened) => [.. happened.GetProperty("actPhotos").EnumerateArray().Select(p => p.GetInt64())];
}

/// <summary>A city that publishes a flow of its own.</summary>
public sealed class RequiredPhotosTests
{
    [Fact]
    public async Task Where_the_flow_requires_photos_an_act_without_one_is_refused_and_it_is_told_beforehand()
    {
        await using var city = new CaseCity();
        await city.InitializeAsync();
        var before = await city.Dispatched();
        var text = Flows.PublishFlow.Shipped();
        var strict = text.Replace("guards: [assists-ended], fields: { result: required, photos: optional }", "guards: [assists-ended], fields: { result: required, photos: required }", StringComparison.Ordinal);
        strict.ShouldNotBe(text);
        await Json(await city.Bureau.PostAsJsonAsync("/api/v1/case-flows", new { text = strict, note = "反馈须附照片" }));
        (await city.Bureau.GetStringAsync("/cases/flow")).ShouldContain("照片*");

        var number = await city.Dispatched();
        var option = (await city.Detail(number, city.Cleaner)).GetProperty("options").EnumerateArray().Single(o => o.GetProperty("act").GetString() == "feedback");
        option.GetProperty("may").GetBoolean().ShouldBeTrue();
        option.GetProperty("fields").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "photos").GetProperty("required").GetBoolean().ShouldBeTrue();
        var refused = await city.Act(city.Cleaner, number, "feedback", new { result = "已清理", photos = "有" });
        (await refused.Content.ReadAsStringAsync()).ShouldContain("照片");
        (await Refusal(refused)).ShouldBe("CAS-005");
        await Json(await city.ActWith(city.Cleaner, number, "feedback", [await LevelPair.Noise(60, 14)], fields: [("result", "已清理")]));
        await Json(await city.Act(city.Cleaner, before, "feedback", new { result = "已清理" })); // It keeps the flow it began with.
    }
}
