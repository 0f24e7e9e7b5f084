// The upload wizard as a signed-in person uses it, with JavaScript off, over the trial files; and a program with the token a source's page made.
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed partial class SourcesWizardTests(Window window)
{
    private static readonly string[] Licence = ["证照编号", "持证主体", "统一社会信用代码", "证照名称", "发证日期", "有效期至", "证照状态"];
    private static readonly string[] Benefit = ["发放流水号", "公民身份号码", "姓名", "银行账号", "金额", "发放月份", "发放日期"];
    private static readonly string[] Person = ["公民身份号码", "姓名", "性别代码", "出生日期", "民族", "乡镇街道代码", "住址", "联系电话", "登记日期", "状态"];

    [Theory]
    [InlineData("养老保险参保人待遇发放_模拟.csv", "benefit", "GB18030", "发放流水号")]
    [InlineData("食品经营单位证照信息_模拟.xlsx", "licence", "证照编号", "证照编号")]
    [InlineData("户籍人口基本信息_分号_模拟.csv", "person", "分号", "公民身份号码")]
    [InlineData("食品经营单位证照信息_五种日期_模拟.csv", "licence", "UTF-8", "证照编号")]
    [InlineData("养老保险参保人待遇发放_模拟.tsv", "benefit", "UTF-16LE", "发放流水号")]
    public async Task A_trial_file_is_understood_and_taken_in_without_javascript(string file, string kind, string found, string key)
    {
        var resource = await Publish(kind switch { "licence" => Licence, "benefit" => Benefit, _ => Person });
        var page = await Upload(file, resource);
        (await page.ContentAsync()).ShouldContain(found);
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "列与信息项映射" }).GetByRole(AriaRole.Cell, new() { Name = key, Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("以下必填信息项没有对应的列")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).ClickAsync();
        page.Url.ShouldContain("/batches/");
    }

    [Fact]
    public async Task Each_table_of_an_archive_becomes_its_own_batch()
    {
        var page = await Upload("户籍人口基本信息_两批_模拟.zip", await Publish(Person));
        (await page.ContentAsync()).ShouldContain("第1批_基本信息_模拟.csv");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).ClickAsync();
        page.Url.ShouldContain("/upload/");
        page.Url.ShouldContain("table=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).ClickAsync();
        page.Url.ShouldContain("/batches/");
    }

    [Fact]
    public async Task A_correction_is_previewed_again_and_the_contract_is_kept()
    {
        var page = await Upload("养老保险参保人待遇发放_模拟.csv", await Publish(Benefit));
        await page.GetByLabel("“银行账号”对应的信息项").SelectOptionAsync([new SelectOptionValue { Label = "不归集" }]);
        await page.GetByRole(AriaRole.Button, new() { Name = "重新预览" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("指定不归集")).ToBeVisibleAsync();
        await page.GetByLabel("执行").SelectOptionAsync("0");
        await page.GetByLabel("保存为数据源的约定").FillAsync("benefit-monthly");
        await page.GetByLabel("新数据源名称").FillAsync("模拟待遇月报");
        await page.GetByRole(AriaRole.Button, new() { Name = "确认", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "模拟待遇月报" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Cell, new() { Name = "银行账号" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_program_sends_with_the_token_of_its_source_and_to_no_other()
    {
        var resource = await Publish(Licence);
        using var door = window.Door();
        foreach (var code in new[] { "by-token", "other" })
        {
            (await door.PostAsJsonAsync("/api/v1/sources", new { code, name = $"模拟{code}", resource, settings = new { way = "push" } })).StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/sources/by-token");
        await page.GetByLabel("名称").FillAsync("模拟程序");
        await page.GetByRole(AriaRole.Button, new() { Name = "新增令牌" }).ClickAsync();
        var secret = Secret().Match(await page.ContentAsync()).Value;
        secret.ShouldNotBeEmpty();
        await page.GotoAsync("/sources/by-token");
        (await page.ContentAsync()).ShouldNotContain(secret);

        async Task<HttpStatusCode> Push(string source, string? token)
        {
            using var program = window.Visitor();
            var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/push/{source}") { Content = new StringContent("[{\"证照编号\":\"ZZ1\"}]", Encoding.UTF8, "application/json") };
            request.Headers.Authorization = token is null ? null : new("Bearer", token);
            return (await program.SendAsync(request)).StatusCode;
        }

        (await Push("by-token", secret)).ShouldBe(HttpStatusCode.Accepted);
        (await Push("other", secret)).ShouldBe(HttpStatusCode.NotFound);
        (await Push("by-token", null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Push("by-token", secret + "x")).ShouldBe(HttpStatusCode.Unauthorized);

        await page.Locator("summary", new() { HasText = "吊销" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "确认吊销" }).ClickAsync();
        (await Push("by-token", secret)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<IPage> Upload(string file, string resource)
    {
        var page = await window.Page(Roles.Engineer, script: false);
        await page.GotoAsync("/upload");
        await page.GetByLabel("信息资源").FillAsync(resource);
        await page.GetByLabel("文件", new() { Exact = false }).SetInputFilesAsync(Path.Combine(Repository.Root, "sample", "inbox", file));
        await page.GetByRole(AriaRole.Button, new() { Name = "上传并预览" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "核对与映射", Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    private async Task<string> Publish(string[] items) => (await window.Publish($"模拟资源{Guid.NewGuid():N}", items)).Code;

    [GeneratedRegex("lz_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Secret();
}
