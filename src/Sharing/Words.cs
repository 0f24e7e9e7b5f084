// The words of states, steps and choices, in both languages.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing;

internal static class Words
{
    public static Text Of(RequestState state) => state switch
    {
        RequestState.Review => new("待主管部门审查", "bureau's review"),
        RequestState.Decision => new("待数源单位审核", "source unit's decision"),
        RequestState.Mediation => new("协调中", "in mediation"),
        RequestState.Granted => new("已授权", "granted"),
        RequestState.Refused => new("不同意", "refused"),
        _ => new("已撤回", "withdrawn"),
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
        RequestStep.Submit => new("提交申请", "submit"),
        RequestStep.Conform => new("审查通过", "find in order"),
        RequestStep.Approve => new("同意共享", "approve"),
        RequestStep.Refuse => new("不同意", "refuse"),
        RequestStep.Withdraw => new("撤回", "withdraw"),
        _ => new("提出异议", "dispute"),
    };

    public static Text Of(Frequency frequency) => frequency switch
    {
        Frequency.Once => new("一次性", "once"),
        Frequency.Daily => new("每日", "daily"),
        Frequency.Weekly => new("每周", "weekly"),
        Frequency.Monthly => new("每月", "monthly"),
        _ => new("实时", "whenever needed"),
    };

    public static Text Of(DeliveryWay way) => way switch
    {
        DeliveryWay.Api => new("数据接口", "data API"),
        DeliveryWay.File => new("文件", "file"),
        DeliveryWay.Push => new("库表推送", "table push"),
        _ => new("订阅", "subscription"),
    };

    public static Text Of(DeliveryState state) => state switch
    {
        DeliveryState.Active => new("运行中", "active"),
        DeliveryState.Paused => new("已暂停", "paused"),
        DeliveryState.Dead => new("多次失败，已停发", "given up after failures"),
        _ => new("已终止", "ended"),
    };

    public static string Tone(DeliveryState state) => state switch
    {
        DeliveryState.Active => "good",
        DeliveryState.Paused => "warn",
        DeliveryState.Dead => "bad",
        _ => "plain",
    };

    public static Text Of(DeliveryStep step) => step switch
    {
        DeliveryStep.Send => new("立即交付", "send now"),
        DeliveryStep.Pause => new("暂停", "pause"),
        DeliveryStep.Resume => new("恢复", "resume"),
        _ => new("终止", "end"),
    };

    public static Text Of(RunCause cause) => cause switch
    {
        RunCause.Schedule => new("定时", "schedule"),
        RunCause.Change => new("数据变化", "change of data"),
        RunCause.Retry => new("失败重试", "after a failure"),
        _ => new("人工", "by hand"),
    };

    public static Text Of(RunResult result) => result switch
    {
        RunResult.Running => new("进行中", "under way"),
        RunResult.Delivered => new("已交付", "delivered"),
        RunResult.Nothing => new("无变化", "nothing new"),
        RunResult.Failed => new("失败", "failed"),
        RunResult.Refused => new("被拒绝", "refused"),
        _ => new("已中断", "interrupted"),
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
        (null, false) => new("按需", "on demand"),
        (null, true) => new("数据变化时", "whenever data changed"),
        (_, true) => new($"{cron}{(workdaysOnly ? " · 仅工作日" : "")}，及数据变化时", $"{cron}{(workdaysOnly ? " · workdays" : "")}, and whenever data changed"),
        _ => new($"{cron}{(workdaysOnly ? " · 仅工作日" : "")}", $"{cron}{(workdaysOnly ? " · workdays" : "")}"),
    };

    public static Text Of(MaskKind? mask) => mask switch
    {
        null => new("原值", "in clear"),
        MaskKind.Partial => new("部分遮盖", "partly masked"),
        MaskKind.Full => new("全部遮盖", "fully masked"),
        MaskKind.Hash => new("散列", "hashed"),
        MaskKind.Generalise => new("概化", "generalised"),
        MaskKind.Noise => new("加噪", "noise added"),
        _ => new("置空", "emptied"),
    };

    public static Text Of(Light light) => light switch
    {
        Light.Green => new("正常", "in time"),
        Light.Yellow => new("临期", "due soon"),
        _ => new("超期", "overdue"),
    };

    public static string Tone(Light light) => light switch
    {
        Light.Green => "good",
        Light.Yellow => "warn",
        _ => "bad",
    };

    public static Text Notice(string kind) => kind switch
    {
        "granted-at-once" => new("无条件共享，已即时授权", "unconditional: granted at once"),
        "granted" => new("申请已同意", "the request was approved"),
        "refused" => new("申请未获同意", "the request was refused"),
        "to-decide" => new("有新的共享申请待审核", "a request waits for your decision"),
        "revoked" => new("授权已撤销", "the grant was revoked"),
        "undone" => new("已交付的一批数据被撤回，请更正", "a batch you may have received was withdrawn: correct it"),
        "dead" => new("交付多次失败，已停发", "a delivery was given up after failures"),
        "expiring" => new("授权即将到期", "the grant is about to end"),
        _ => new("授权已到期", "the grant has ended"),
    };
}
