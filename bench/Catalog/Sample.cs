// Entries and queries of a stated mix (模拟), forty units, and a sign-in that lets everybody in.
using System.Security.Claims;
using System.Text.Encodings.Web;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Catalog.Bench;

internal static class Sample
{
    public static readonly string[] Words = ["养老", "企业", "登记", "信息", "水位", "身份证", "不动产"];

    private static readonly string[] Subjects = ["养老机构", "医疗机构", "企业", "个体工商户", "不动产", "房屋", "车辆", "驾驶证", "学生", "教师", "水库", "河道", "项目", "合同", "低保", "社保", "公积金", "婚姻", "户籍", "林地"];
    private static readonly string[] Kinds = ["登记信息", "年检结果", "变更记录", "处罚信息", "缴费明细", "监测数据", "许可信息", "检查记录", "补贴发放", "备案信息"];
    private static readonly string[] Items = ["姓名", "身份证号", "统一社会信用代码", "单位名称", "联系电话", "地址", "登记日期", "有效期止", "金额", "数量", "状态", "类型", "备注", "水位", "更新时间", "经度", "纬度", "面积", "负责人", "编号"];

    public static List<ResourceEntry> Entries(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new ResourceEntry
        {
            Class = $"{(i % 3 == 0 ? "303" : i % 3 == 1 ? "203" : "102")}{i % 40:000}",
            Name = $"{Subjects[i % 20]}{Kinds[i / 20 % 10]}{i / 200:000}",
            Unit = FortyUnits.Id(i % 40),
            Summary = $"由本单位业务系统产生的{Subjects[i % 20]}{Kinds[i / 20 % 10]}，按{i % 8}类口径归集。",
            Sharing = (SharingKind)(i % 2),
            Condition = i % 2 == 1 ? "按需申请" : null,
            Ways = [SharingWay.Table],
            Cycle = (UpdateCycle)(i % 8),
            Keywords = [Subjects[i % 20]],
            Items = [.. Enumerable.Range(0, 15).Select(n => ItemCard.Of($"{Items[(i + n) % 20]}", level: (Level)((i + n) % 3 + 1), key: n == 0, meaning: $"{Subjects[i % 20]}的{Items[(i + n) % 20]}"))],
        }),
    ];

    public static IEnumerable<(string, IEnumerable<string>)> Queries()
    {
        yield return ("list without words", ["", "sort=updated&page=3", "size=100&page=50"]);
        yield return ("two characters", Words.Select(w => $"q={Uri.EscapeDataString(w)}"));
        yield return ("one character", new[] { "水", "人", "证" }.Select(w => $"q={Uri.EscapeDataString(w)}"));
        yield return ("several words and filters", Words.Select(w => $"q={Uri.EscapeDataString(w + " 登记信息")}&sharing=Conditional&cycle=Daily&topic=303"));
        yield return ("nearly everything", new[] { $"q={Uri.EscapeDataString("本单位业务系统")}" });
    }
}

internal sealed class FortyUnits : IUnits
{
    private static readonly List<UnitCard> Units = [.. Enumerable.Range(0, 40).Select(i => new UnitCard(Id(i), $"UNIT{i:00}", $"第{i}局", null, true))];

    public static Guid Id(int i) => new(i + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public Task<UnitCard?> Find(Guid id, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Id == id));

    public Task<UnitCard?> ByCode(string code, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Code == code));

    public Task<UnitCard?> ByName(string name, CancellationToken stop) => Task.FromResult(Units.FirstOrDefault(u => u.Name == name));

    public Task<IReadOnlyList<UnitCard>> All(CancellationToken stop) => Task.FromResult<IReadOnlyList<UnitCard>>(Units);

    public Task<IReadOnlyList<SystemCard>> Systems(Guid? unit, CancellationToken stop) => Task.FromResult<IReadOnlyList<SystemCard>>([]);
}

internal sealed class Everybody(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.Success(
        new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "bench"), new(ClaimTypes.Role, Roles.Engineer)], "bench")), "bench")));
}
