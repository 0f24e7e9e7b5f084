// How kinds of rules, dimensions and severities are called.
using Lizhou.Kernel;

namespace Lizhou.Quality.Rules;

internal static class Words
{
    public static Text Of(Dimension dimension) => dimension switch
    {
        Dimension.Conformity => new("规范性", "conformity"),
        Dimension.Completeness => new("完整性", "completeness"),
        Dimension.Accuracy => new("准确性", "accuracy"),
        Dimension.Consistency => new("一致性", "consistency"),
        Dimension.Timeliness => new("时效性", "timeliness"),
        _ => new("可访问性", "accessibility"),
    };

    public static Text Of(RuleKind kind) => kind switch
    {
        RuleKind.NotNull => new("必填", "filled"),
        RuleKind.Format => new("格式", "format"),
        RuleKind.CodeList => new("代码集", "code list"),
        RuleKind.CheckCharacter => new("校验位", "check character"),
        RuleKind.Range => new("取值范围", "range"),
        RuleKind.Compare => new("两项比较", "two items compared"),
        RuleKind.NotFuture => new("不晚于当前", "not in the future"),
        RuleKind.Unique => new("唯一", "unique"),
        RuleKind.Depends => new("函数依赖", "dependency"),
        RuleKind.BirthOfId => new("证号与出生日期一致", "birth agrees with the id number"),
        RuleKind.SexOfId => new("证号与性别一致", "sex agrees with the id number"),
        RuleKind.Reference => new("引用存在", "reference"),
        RuleKind.Denial => new("禁止情形", "denial"),
        RuleKind.Freshness => new("时效", "freshness"),
        RuleKind.Volume => new("行数不骤减", "volume"),
        RuleKind.Drift => new("分布不漂移", "drift"),
        RuleKind.Slip => new("笔误", "slip"),
        RuleKind.Agrees => new("与他源一致", "agrees with another source"),
        RuleKind.Glued => new("串列", "glued"),
        RuleKind.Reports => new("多方填报一致", "reports agree"),
        RuleKind.AddsUp => new("合计相符", "adds up"),
        RuleKind.NeverFalls => new("累计不回落", "never falls"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Has no name."),
    };

    public static Text Of(Severity severity) => severity switch
    {
        Severity.Notice => new("提示", "notice"),
        Severity.Ordinary => new("一般", "ordinary"),
        _ => new("严重", "serious"),
    };
}
