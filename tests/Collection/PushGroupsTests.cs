// What becomes of pushes that wait together, on the real host: each is answered for itself.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class PushGroupsTests(RunningCity city) : IClassFixture<RunningCity>
{
    private async Task<string> Source(string code, string drift = "Refuse")
    {
        var resource = await city.Publish(Item("编号", key: true), Item("姓名", required: true), Item("备注"));
        await Json(await city.Http.PostAsJsonAsync("api/v1/sources", Entry(code, resource, drift)));
        return resource;
    }

    private static object Entry(string code, string resource, string drift) =>
        new { code, name = $"推送{code}", resource, drift, settings = new { way = "push", groupSeconds = 3 } };

    [Fact]
    public async Task A_push_with_an_unknown_field_refuses_itself_alone_and_its_receipt_says_why()
    {
        var resource = await Source("mixed");
        var good = await Push("mixed", """[{"编号":"P1","姓名":"甲","备注":"一"},{"编号":"P2","姓名":"乙"}]""");
        var bad = await Push("mixed", """[{"编号":"P3","姓名":"丙","新字段":"x"}]""");
        var later = await Push("mixed", """[{"编号":"P4","姓名":"丁"}]""");

        var landed = await Ended("mixed", good);
        landed.GetProperty("state").GetString().ShouldBe("Landed");
        (await Ended("mixed", later)).GetProperty("batch").GetString().ShouldBe(landed.GetProperty("batch").GetString());
        Counts((await Json(await city.Http.GetAsync($"api/v1/batches/{landed.GetProperty("batch")}"))).GetProperty("batch")).ShouldBe((3, 3, 0, 0, 0));

        var refused = await Ended("mixed", bad);
        refused.GetProperty("state").GetString().ShouldBe("Refused");
        refused.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-008");
        refused.GetProperty("problem").GetProperty("what").GetString()!.ShouldContain("新字段");

        // The source now ignores what the catalogue does not know: the refused batch is tried again under that.
        await Json(await city.Http.PutAsJsonAsync("api/v1/sources/mixed", Entry("mixed", resource, "Ignore")));
        var again = await Json(await city.Http.PostAsync($"api/v1/batches/{refused.GetProperty("batch")}/retry", null));
        Counts(await city.Ended(again)).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task An_optional_field_that_all_objects_leave_out_is_empty_and_a_required_one_rejects_its_rows()
    {
        await Source("sparse");
        Counts(await Batch("sparse", """[{"编号":"S1","姓名":"甲"},{"编号":"S2","姓名":"乙"}]""")).ShouldBe((2, 2, 0, 0, 0));
        var without = await Batch("sparse", """[{"编号":"S3"},{"编号":"S4","备注":"无姓名"}]""");
        Counts(without).ShouldBe((2, 0, 2, 0, 0));
        var rejects = await Json(await city.Http.GetAsync($"api/v1/batches/{without.GetProperty("number")}/rejects"));
        rejects.GetProperty("items")[0].GetProperty("faults")[0].GetProperty("item").GetString().ShouldBe("姓名");
    }

    [Fact]
    public async Task One_row_alone_is_a_row_whatever_lists_and_members_it_has()
    {
        await Source("alone", drift: "Ignore");
        Counts(await Batch("alone", """[{"编号":"A1","姓名":"甲","备注":[{"编号":"A8"},{"编号":"A9"}]}]""")).ShouldBe((1, 1, 0, 0, 0));
        var many = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"多余{i}\":{i}"));
        Counts(await Batch("alone", $"[{{\"编号\":\"A2\",\"姓名\":\"乙\",{many}}}]")).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task A_refusal_names_some_of_hundreds_of_fields_and_of_a_long_name_its_beginning()
    {
        await Source("crowd");
        var rows = Enumerable.Range(0, 20).Select(row =>
            $"{{\"编号\":\"C{row}\",\"姓名\":\"甲\",{string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"多余{(row * 20) + i}{new string('字', 120)}\":1"))}}}");
        var refused = await Ended("crowd", await Push("crowd", $"[{string.Join(',', rows)}]"));
        refused.GetProperty("problem").GetProperty("code").GetString().ShouldBe("COL-008");
        var what = refused.GetProperty("problem").GetProperty("what").GetString()!;
        what.ShouldContain("多余1字");
        what.ShouldContain("… (400)");
        what.Length.ShouldBeLessThan(5000);
    }

    private async Task<JsonElement> Batch(string source, string body)
    {
        var receipt = await Ended(source, await Push(source, body));
        return (await Json(await city.Http.GetAsync($"api/v1/batches/{receipt.GetProperty("batch")}"))).GetProperty("batch");
    }

    private async Task<Guid> Push(string source, string body) =>
        (await Json(await city.Http.PostAsync($"api/v1/push/{source}", new StringContent(body, Encoding.UTF8, "application/json")))).GetProperty("id").GetGuid();

    private async Task<JsonElement> Ended(string source, Guid receipt)
    {
        var now = default(JsonElement);
        await Wait.Until(async () =>
        {
            now = await Json(await city.Http.GetAsync($"api/v1/push/{source}/{receipt}"));
            return now.GetProperty("state").GetString() is "Landed" or "Refused";
        });
        return now;
    }
}
