// In: what the rules are made of. Out: how pages name it, in both languages, and the colour of a tag.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

internal static class Words
{
    public static Text Of(MaskKind mask) => mask switch
    {
        MaskKind.Partial => new("部分遮盖", "partly masked"),
        MaskKind.Full => new("全部遮盖", "fully masked"),
        MaskKind.Hash => new("散列", "hashed"),
        MaskKind.Generalise => new("概化", "generalised"),
        MaskKind.Noise => new("加噪", "noise added"),
        _ => new("置空", "emptied"),
    };

    public static Text Of(Verdict verdict) => verdict switch
    {
        Verdict.Allow => new("原值", "in clear"),
        Verdict.Mask => new("脱敏", "masked"),
        _ => new("不提供", "not shown"),
    };

    public static Text Of(string role) => role switch
    {
        Roles.Steward => new("数据专员", "data steward"),
        Roles.Engineer => new("数据工程师", "data engineer"),
        Roles.UnitAdministrator => new("单位管理员", "unit administrator"),
        _ => new(role, role),
    };

    public static string Tone(Verdict verdict) => verdict switch { Verdict.Allow => "good", Verdict.Mask => "warn", _ => "bad" };
}
