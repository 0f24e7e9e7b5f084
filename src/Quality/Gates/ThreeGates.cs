// 三个一律: the three gates, the refusals each is known by, and how often, when, whom and why each refused; of the ledger alone. A steward sees what the own unit tried or what concerns its data.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Quality.Gates;

/// <param name="Rule">In the words of the rule.</param>
/// <param name="Effect">What it keeps from happening.</param>
/// <param name="Todo">What to do about a refusal.</param>
/// <param name="Reasons">By code of the refusal.</param>
internal sealed record Gate(int Number, Text Rule, Text Effect, Text Todo, string Path, IReadOnlyDictionary<string, Text> Reasons);

/// <param name="ByReason">Most first.</param>
internal sealed record GateFigures(Gate Gate, long Refused, IReadOnlyList<(Text Reason, string Code, long Times)> ByReason);

internal sealed class ThreeGates(IRefusals refusals)
{
    public static readonly IReadOnlyList<Gate> All =
    [
        new(1, new("一律编目后归集", "No catalogue, no load"), new("目录中没有已发布的资源，数据不收。", "Data of a resource the catalogue has not published is not taken in."),
            new("先在数据目录中编制并发布该资源，再报送数据。", "Register and publish the resource, then send the data."), "/catalog", Reasons(("COL-001", new("目录中没有已发布的资源", "no published resource")))),
        new(2, new("一律达标后入库", "No pass, no entry"), new("合格率低于门槛的批次留在贴源层，不进入标准层。", "A batch below its threshold stays in the landing layer and does not enter the standard layer."),
            new("按工单改正问题数据并补报，达标后自动准入；整份重报的，在工单中登记新批次号。", "Mend the rejected rows by the ticket and send them back; it is admitted by itself. If the whole file was sent again, give the new batch's number on the ticket."), "/tickets", Reasons((Problems.Held.Code, new("合格率低于门槛", "below the threshold")), (Problems.LowScore.Code, new("按规则的评分低于门槛", "score by the rules below the threshold")))),
        new(3, new("一律经平台交换", "No grant, no exchange"), new("没有有效授权，取不到其他单位的数据。", "Without a grant in force nobody gets another unit's data."),
            new("向数源单位申请共享，或续期、按原用途使用授权。", "Request the data, renew the grant, or use it for its purpose."), "/requests",
            Reasons(
                ("POL-003", new("没有授权", "no grant")), ("POL-005", new("没有这个授权", "no such grant")), ("SHR-020", new("没有这个授权", "no such grant")), ("POL-006", new("授权已撤销", "grant revoked")),
                ("POL-007", new("授权已到期", "grant expired")), ("POL-008", new("授权尚未生效", "grant not begun")), ("POL-009", new("用途不符", "another purpose")))),
    ];

    public async Task<IReadOnlyList<GateFigures>> Figures(Period period, Actor actor, CancellationToken stop)
    {
        var counts = await refusals.Count([.. All.SelectMany(g => g.Reasons.Keys)], period.First.Midnight(), period.Last.EndOfDay(), Concerning(actor), stop);
        return
        [
            .. All.Select(g => new GateFigures(
                g, g.Reasons.Keys.Sum(c => counts.GetValueOrDefault(c)), [.. g.Reasons.Select(r => (r.Value, r.Key, counts.GetValueOrDefault(r.Key))).Where(r => r.Item3 > 0).OrderByDescending(r => r.Item3)])),
        ];
    }

    /// <param name="gate">1 to 3; null for all.</param>
    public Task<Page<RefusedAct>> List(int? gate, Period period, PageAsk page, Actor actor, CancellationToken stop) => refusals.Of(
        [.. All.Where(g => gate is null || g.Number == gate).SelectMany(g => g.Reasons.Keys)], period.First.Midnight(), period.Last.EndOfDay(), Concerning(actor), page, stop);

    public static Gate Of(string code) => All.First(g => g.Reasons.ContainsKey(code));

    private static Guid? Concerning(Actor actor) => actor.Has(Roles.Engineer) ? null : actor.Unit ?? Guid.Empty;

    private static Dictionary<string, Text> Reasons(params (string Code, Text Reason)[] reasons) => reasons.ToDictionary(r => r.Code, r => r.Reason, StringComparer.Ordinal);
}
