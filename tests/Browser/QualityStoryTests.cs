// Governance as people live it: a steward sees a bad batch ticketed and held back with a report, mends it, the ticket closes and the board turns; and the three gates refuse, each saying which it is.
using System.Net.Http.Json;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Playwright;
using static Lizhou.Tests.County;

namespace Lizhou.Browser.Tests;

public sealed class QualityStoryTests(Window window)
{
    [Fact]
    public async Task A_steward_sees_the_bad_batch_ticketed_and_held_mends_it_the_ticket_closes_and_the_board_turns()
    {
        var name = $"模拟救助{Guid.NewGuid().ToString()[..6]}";
        var (resource, code) = await window.PublishOf(await StewardsUnit(), "303001", name, "编号", "姓名");
        var batch = await window.Collect(code, "编号,姓名\nM1,张三\n,李四\n");
        var number = await Ticket(resource, "Open");
        var page = await window.Page();
        await window.Become(page, "专员");
        await page.GotoAsync("/tickets?side=ForMe");
        await Window.Keep(page, "quality-waiting");
        await page.GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("一律达标后入库");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("必填项为空");
        await Window.Keep(page, "quality-ticket");

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("下载、改正并报送") }).ClickAsync();
        await page.Locator("#sheet").SetInputFilesAsync(new FilePayload { Name = "已整改.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"问题编号,编号,姓名\n{batch}#1,M2,李四\n") });
        await page.GetByRole(AriaRole.Button, new() { Name = "报送" }).ClickAsync();
        await Ticket(resource, "Closed");

        await page.GotoAsync($"/tickets/{number}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已整改");
        await Assertions.Expect(page.Locator("main")).Not.ToContainTextAsync("一律达标后入库");
        await Window.Keep(page, "quality-closed");
        await page.GotoAsync("/tickets/figures?by=Resource");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new(name) }).First).ToContainTextAsync("100%");
        await page.GotoAsync("/governance");
        await page.Locator("lz-chart[data-ready]").WaitForAsync();
        await Window.Keep(page, "quality-board");
    }

    [Fact]
    public async Task A_steward_accepts_a_suggested_rule_a_bad_batch_is_ticketed_by_it_mended_and_the_board_turns()
    {
        var name = $"模拟登记{Guid.NewGuid().ToString()[..6]}";
        var (resource, code) = await window.PublishOf(await StewardsUnit(), "303001", name, "编号", "区划");
        await window.Collect(code, "编号,区划\n" + string.Concat(Enumerable.Range(0, 400).Select(i => $"G{i},33078400{1 + (i % 9)}\n")));
        using var door = window.Door();
        Task<bool> Scanned(decimal least) => Wait.For(
            async () => (await Json(await door.GetAsync($"/api/v1/rules/{resource}"))).GetProperty("total") is { ValueKind: System.Text.Json.JsonValueKind.Number } total && total.GetDecimal() >= least, so => so);
        await Scanned(100);

        var page = await window.Page();
        await window.Become(page, "专员");
        await page.GotoAsync($"/quality/{resource}?tab=suggestions");
        await Window.Keep(page, "rules-suggested");
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new("代码集") }).First.GetByRole(AriaRole.Button, new() { Name = "采纳", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**tab=suggestions");
        await page.GotoAsync($"/quality/{resource}?tab=edit");
        await page.GetByRole(AriaRole.Button, new() { Name = "使第 1 版生效" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("规则第 1 版生效");

        await window.Collect(code, "编号,区划\nH1,330784001\nH2,999999999\n");
        var number = await Ticket(resource, "Open");
        await page.GotoAsync($"/tickets/{number}");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("规则检出");
        await page.GetByRole(AriaRole.Link, new() { Name = "问题行" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("main table")).ToContainTextAsync("999999999");
        await Window.Keep(page, "rules-flagged");

        await window.Collect(code, "编号,区划\nH2,330784002\n");
        await Ticket(resource, "Closed");
        await Scanned(100);
        await page.GotoAsync($"/quality/{resource}?tab=scores");
        await Window.Keep(page, "rules-scores");
        await page.GotoAsync("/quality");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new(name) }).First).ToContainTextAsync("100");
        await page.GotoAsync("/governance");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("各单位各维度评分");
        await Window.Keep(page, "rules-board");
    }

    [Fact]
    public async Task The_first_gate_refuses_data_without_a_catalogue_entry()
    {
        var page = await window.Page();
        await window.Become(page, "专员");
        await page.GotoAsync("/upload");
        await page.GetByLabel("信息资源").FillAsync("没有编目的资源");
        await page.GetByLabel("文件", new() { Exact = false }).SetInputFilesAsync(new FilePayload { Name = "模拟.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("编号\nB1\n") });
        await page.GetByRole(AriaRole.Button, new() { Name = "上传并预览" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("一律编目后归集");
        await Counted(page, 1, "COL-001");
    }

    [Fact]
    public async Task The_second_gate_holds_a_batch_back_that_is_not_good_enough()
    {
        var (resource, code) = await window.PublishOf(await StewardsUnit(), "303001", $"模拟门槛{Guid.NewGuid().ToString()[..6]}", "编号", "姓名");
        var batch = await window.Collect(code, "编号,姓名\n,张三\n,李四\nM3,王五\n");
        await Ticket(resource, "Open");
        var page = await window.Page();
        await window.Become(page, "专员");
        await page.GotoAsync("/gates");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new(batch) }).First).ToContainTextAsync("33.33%");
        await Counted(page, 2, "QUA-301");
    }

    [Fact]
    public async Task A_bad_batch_is_kept_from_the_standard_layer_with_a_report_that_leads_to_mending_and_mended_it_goes_in()
    {
        var unit = await StewardsUnit();
        var (resource, code) = await window.PublishOf(unit, "303001", $"模拟准入{Guid.NewGuid().ToString()[..6]}", "编号", "姓名");
        var name = $"admitted_{Guid.NewGuid().ToString("N")[..6]}";
        using var door = window.Door();
        var text = $"---\nname: {name}\ntitle: 准入人数（模拟）\nlayer: standard\nowner: 模拟市大数据发展管理局\nclass: \"303001\"\nkey: []\n---\nSELECT count(*) AS people FROM \"{code}\"\n";
        var model = await Json(await door.PostAsJsonAsync("/api/v1/models/", new { text }));
        await window.Collect(code, "编号,姓名\nN1,张三\n");
        var bad = await window.Collect(code, "编号,姓名\nN2,李四\n,王五\n");
        await Ticket(resource, "Open");

        var page = await window.Page(Roles.Engineer);
        await page.GotoAsync($"/model-runs/{await Computed(name)}");
        await Assertions.Expect(page.GetByTestId($"held-{name}")).ToContainTextAsync(bad);
        await Window.Keep(page, "gate-standard");
        (await People(model)).ShouldBe("1");
        await page.GetByTestId($"held-{name}").GetByRole(AriaRole.Link, new() { Name = bad }).ClickAsync();
        await page.WaitForURLAsync($"**/batches/{bad}");
        await page.GotoAsync("/gates");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new(bad) }).First).ToContainTextAsync("请在工单中下载问题数据，改正后补报");

        using (var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes($"问题编号,编号,姓名\n{bad}#1,N3,王五\n")), "file", "已整改.csv" } })
        {
            await Json(await door.PostAsync($"/api/v1/batches/{bad}/replay", form));
        }

        await Ticket(resource, "Closed");
        await page.GotoAsync($"/model-runs/{await Computed(name)}");
        await Assertions.Expect(page.GetByTestId($"held-{name}")).ToHaveCountAsync(0);
        (await People(model)).ShouldBe("3");
    }

    [Fact]
    public async Task The_third_gate_refuses_data_without_a_grant()
    {
        var page = await window.Page();
        await window.Become(page, "专员");
        var answer = await page.GotoAsync("/api/v1/data/SQ-2000-00001");
        answer!.Status.ShouldBe(404);
        (await answer.TextAsync()).ShouldContain("一律经平台交换");
        await Counted(page, 3, "SHR-020");
    }

    /// <summary>The page of the gates has it, with which gate, why and what to do.</summary>
    private static async Task Counted(IPage page, int gate, string code)
    {
        await page.GotoAsync($"/gates?gate={gate}");
        await Assertions.Expect(page.GetByTestId($"gate-{gate}")).Not.ToContainTextAsync("拒绝0次");
        await Assertions.Expect(page.Locator("main table").Last).ToContainTextAsync(code);
        await Window.Keep(page, $"gate-{gate}");
    }

    /// <summary>Runs a model: the run's number, once it has ended.</summary>
    private async Task<string> Computed(string model)
    {
        using var door = window.Door();
        var number = (await Json(await door.PostAsJsonAsync("/api/v1/model-runs/", new { models = new[] { model } }))).GetProperty("number").GetString()!;
        await Wait.Until(async () => (await Json(await door.GetAsync($"/api/v1/model-runs/{number}"))).GetProperty("state").GetString() == "Built");
        return number;
    }

    private async Task<string> People(System.Text.Json.JsonElement model)
    {
        using var door = window.Door();
        var answer = await Json(await door.PostAsJsonAsync("/api/v1/sql/", new { sql = $"SELECT people FROM {model.GetProperty("table").GetString()}", purpose = "query", seconds = 30 }));
        return answer.GetProperty("rows")[0][0].ToString();
    }

    /// <summary>The unit of the first simulated steward.</summary>
    private async Task<Guid> StewardsUnit()
    {
        using var steward = await window.As(Roles.Steward);
        return (await Json(await steward.GetAsync(new Uri("/api/v1/session", UriKind.Relative)))).GetProperty("unit").GetGuid();
    }

    /// <summary>The number of the resource's ticket, once it is in a state.</summary>
    private async Task<string> Ticket(Guid resource, string state)
    {
        using var door = window.Door();
        var found = await Wait.For(
            async () => (await Json(await door.GetAsync($"/api/v1/tickets?resource={resource}"))).GetProperty("items").EnumerateArray().ToList(),
            tickets => tickets.Count > 0 && tickets[0].GetProperty("state").GetString() == state);
        return found[0].GetProperty("number").GetString()!;
    }
}
