// The words of states, steps and choices, in both languages.
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing;

internal static class Words
{
    /// <summary>What 调用次数 counts.</summary>
    public static readonly Text Calls = new(
        "已答复的次数：数据调用（含答复“未变化”的，即 304）、文件的每次获取（含分段、清单和签名），以及交付任务的每次执行。被拒绝的不计，也不占用每日调用额度。",
        "Those that were answered: calls of the data (also with “not changed”, 304), each fetch of a file, a part, its manifest or signature, and each attempt of a delivery. A refused one is none of them and uses up none of the day's calls.");

    /// <summary>What 被拒次数 counts.</summary>
    public static readonly Text RefusedCalls = new(
        "以该授权提出而被拒绝的次数，不论理由：查询有误，授权、标记或规则不允许，频次或额度已用完。当日被拒绝的次数达到每日调用额度（至少 100 次）时，当日不再受理。",
        "Those under the grant that were refused, for whatever reason: a query that is not right, what grant, label or rules do not allow, a frequency or quota that is used up. As many in a day as it has calls, a hundred at least, end the day.");

    /// <summary>What 处理器时间 counts.</summary>
    public static readonly Text ProcessorTime = new(
        "本系统线程为该授权的调用、文件、消息和推送实际占用处理器的时间，由操作系统计量；等待磁盘、网络、对方系统的时间不计，查询引擎的辅助线程、身份核验和结果发送不计；每日按城市时间累计。",
        "Time the processor really spent in this program's threads on calls, files, messages and pushes under the grant, as the operating system counts it. Waiting for disk, network or another system is not in it, nor are the query engine's helper threads, the check of the key and the sending of the answer. Summed by days of city time.");

    /// <summary>What 审核用时 counts.</summary>
    public static readonly Text ReviewTime = new(
        "申请到达主管部门审查、数源单位审核或协调环节至该环节作出决定之间的办公时间，按工作日历计算，各环节相加；续期申请计入原授权，撤回的不计；按作出决定之日归入月份。",
        "Office hours, by the work calendar, from a request's arrival at the bureau's review, the source unit's decision or mediation to the decision there, summed over the steps. Requests to prolong count for their grant, withdrawn ones do not. It falls into the month of the decision.");

    /// <summary>What 审核历时 counts.</summary>
    public static readonly Text OpenTime = new(
        "同上，但按自然时间计算，含夜间、周末和节假日。", "The same by the clock: nights, weekends and holidays included.");

    public static Text Of(ExchangeBy by) => by switch
    {
        ExchangeBy.Unit => new("用数单位", "Receiving unit"),
        ExchangeBy.Provider => new("数源单位", "Source unit"),
        ExchangeBy.Resource => new("目录", "Resource"),
        _ => new("授权", "Grant"),
    };

    public static Text Of(ProcessKind kind) => kind switch
    {
        ProcessKind.Key => new("密钥", "Key"),
        ProcessKind.Application => new("应用", "Application"),
        _ => new("交付任务", "Delivery"),
    };

    public static Text Of(RequestState state) => state switch
    {
        RequestState.Review => new("待主管部门审查", "Bureau's review"),
        RequestState.Decision => new("待数源单位审核", "Source unit's decision"),
        RequestState.Mediation => new("协调中", "In mediation"),
        RequestState.Granted => new("已授权", "Granted"),
        RequestState.Refused => new("不同意", "Refused"),
        _ => new("已撤回", "Withdrawn"),
    };

    public static string Tone(RequestState state) => state switch
    {
        RequestState.Granted => "good",
        RequestState.Refused => "bad",
        RequestState.Withdrawn => "plain",
        _ => "info",
    };

    public static Text Of(RequestStep step) => step switch
    {
        RequestStep.Submit => new("提交申请", "Submit"),
        RequestStep.Conform => new("审查通过", "Find in order"),
        RequestStep.Approve => new("同意共享", "Approve"),
        RequestStep.Refuse => new("不同意", "Refuse"),
        RequestStep.Withdraw => new("撤回", "Withdraw"),
        _ => new("提出异议", "Dispute"),
    };

    public static Text Of(Frequency frequency) => frequency switch
    {
        Frequency.Once => new("一次性", "Once"),
        Frequency.Daily => new("每日", "Daily"),
        Frequency.Weekly => new("每周", "Weekly"),
        Frequency.Monthly => new("每月", "Monthly"),
        _ => new("实时", "Whenever needed"),
    };

    public static Text Of(DeliveryWay way) => way switch
    {
        DeliveryWay.Api => new("数据接口", "Data API"),
        DeliveryWay.File => new("文件", "File"),
        DeliveryWay.Push => new("库表推送", "Table push"),
        _ => new("订阅", "Subscription"),
    };

    public static Text Of(DeliveryState state) => state switch
    {
        DeliveryState.Active => new("运行中", "Active"),
        DeliveryState.Paused => new("已暂停", "Paused"),
        DeliveryState.Dead => new("多次失败，已停发", "Given up after failures"),
        _ => new("已终止", "Ended"),
    };

    /// <summary>One that runs and failed is being tried again.</summary>
    public static Text Of(DeliveryState state, int failures) => state == DeliveryState.Active && failures > 0 ? new Text("失败 {0} 次，重试中", "Failed {0} times, trying again").With(failures) : Of(state);

    public static string Tone(DeliveryState state, int failures) => state == DeliveryState.Active && failures > 0 ? "bad" : Tone(state);

    public static string Tone(DeliveryState state) => state switch
    {
        DeliveryState.Active => "good",
        DeliveryState.Paused => "warn",
        DeliveryState.Dead => "bad",
        _ => "plain",
    };

    public static Text Of(DeliveryStep step) => step switch
    {
        DeliveryStep.Send => new("立即交付", "Send now"),
        DeliveryStep.Pause => new("暂停", "Pause"),
        DeliveryStep.Resume => new("恢复", "Resume"),
        _ => new("终止", "End"),
    };

    public static Text Of(TableTls tls) => tls switch
    {
        TableTls.Off => new("不加密", "Off"),
        TableTls.Required => new("加密", "Encrypted"),
        _ => new("加密并验证证书", "Encrypted, certificate verified"),
    };

    public static Text Of(RunCause cause) => cause switch
    {
        RunCause.Schedule => new("定时", "Schedule"),
        RunCause.Change => new("数据变化", "Change of data"),
        RunCause.Retry => new("失败重试", "After a failure"),
        _ => new("人工", "By hand"),
    };

    public static Text Of(RunResult result) => result switch
    {
        RunResult.Running => new("进行中", "Under way"),
        RunResult.Delivered => new("已交付", "Delivered"),
        RunResult.Nothing => new("无变化", "Nothing new"),
        RunResult.Failed => new("失败", "Failed"),
        RunResult.Refused => new("被拒绝", "Refused"),
        _ => new("已中断", "Interrupted"),
    };

    public static string Tone(RunResult result) => result switch
    {
        RunResult.Delivered => "good",
        RunResult.Failed or RunResult.Refused => "bad",
        RunResult.Running => "info",
        RunResult.Interrupted => "warn",
        _ => "plain",
    };

    /// <summary>When it is sent.</summary>
    public static Text Timing(string? cron, bool workdaysOnly, bool onChange) => (cron, onChange) switch
    {
        (null, false) => new("按需", "On demand"),
        (null, true) => new("数据变化时", "Whenever data changed"),
        (_, true) => new($"{cron}{(workdaysOnly ? " · 仅工作日" : "")}，及数据变化时", $"{cron}{(workdaysOnly ? " · workdays" : "")}, and whenever data changed"),
        _ => new($"{cron}{(workdaysOnly ? " · 仅工作日" : "")}", $"{cron}{(workdaysOnly ? " · workdays" : "")}"),
    };

    public static Text Of(MaskKind? mask) => mask switch
    {
        null => new("原值", "In clear"),
        MaskKind.Partial => new("部分遮盖", "Partly masked"),
        MaskKind.Full => new("全部遮盖", "Fully masked"),
        MaskKind.Hash => new("散列", "Hashed"),
        MaskKind.Generalise => new("概化", "Generalised"),
        MaskKind.Noise => new("加噪", "Noise added"),
        _ => new("置空", "Emptied"),
    };

    public static Text Of(Light light) => light switch
    {
        Light.Green => new("正常", "In time"),
        Light.Yellow => new("临期", "Due soon"),
        _ => new("超期", "Overdue"),
    };

    public static string Tone(Light light) => light switch
    {
        Light.Green => "good",
        Light.Yellow => "warn",
        _ => "bad",
    };

    public static Text Notice(string kind) => kind switch
    {
        "granted-at-once" => new("无条件共享，已即时授权", "Unconditional: granted at once"),
        "granted" => new("申请已同意", "The request was approved"),
        "refused" => new("申请未获同意", "The request was refused"),
        "to-decide" => new("有新的共享申请待审核", "A request waits for your decision"),
        "revoked" => new("授权已撤销", "The grant was revoked"),
        "undone" => new("已交付的一批数据被撤回，请更正", "A batch you may have received was withdrawn: correct it"),
        "dead" => new("交付多次失败，已停发", "A delivery was given up after failures"),
        "corrected" => new("已交付的数据有更正", "Rows you took were corrected"),
        "anew" => new("授权范围已变化，请重新获取全部数据", "The grant's view changed: take everything anew"),
        "expiring" => new("授权即将到期", "The grant is about to end"),
        _ => new("授权已到期", "The grant has ended"),
    };
}
