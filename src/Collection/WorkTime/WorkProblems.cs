// Every refusal of the work calendar.
using Lizhou.Kernel;

namespace Lizhou.Collection.WorkTime;

internal static class WorkProblems
{
    public static readonly Problem Bureau = new("CAL-001", 403,
        new("工作日历由主管部门维护。", "The bureau keeps the work calendar."), new("请联系主管部门。", "Ask the bureau."));

    public static readonly Problem Past = new("CAL-002", 409,
        new("已过去的日期不能修改：已算出的时限会因此改变。", "Days gone by cannot be changed: deadlines were counted by them."), new("请选择今天或以后的日期。", "Choose today or a later day."));

    public static readonly Problem Wrong = new("CAL-003", 400,
        new("填写有误：{0}。", "It is not valid: {0}."), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem Overtaken = new("CAL-004", 409,
        new("工作日历刚由他人修改，未保存。", "Somebody else changed the work calendar just now; nothing was saved."), new("请刷新后再保存。", "Look at it as it is now and save again."));
}
