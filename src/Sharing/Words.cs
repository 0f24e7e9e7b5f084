// The words of states, steps and choices, in both languages.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
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
        "expiring" => new("授权即将到期", "the grant is about to end"),
        _ => new("授权已到期", "the grant has ended"),
    };
}
