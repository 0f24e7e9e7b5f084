// Every way a load says no. LOD-0nn: the load as a whole; LOD-1nn: a cell; LOD-2nn: a record.
using Lizhou.Kernel;

namespace Lizhou.Lake;

/// <summary>Refusals of the governed load. Codes are stable and never re-used.</summary>
public static class LoadProblems
{
    public static readonly Problem BadPlan = new("LOD-001", 400,
        new("装载计划有误:{0}", "The load plan is wrong: {0}"), new("请检查目录信息项、主键和规则。", "Check the catalogue items, the key and the rules."));

    public static readonly Problem NoSpace = new("LOD-002", 507,
        new("磁盘空间不足,装载已停止。", "The disk is full; the load stopped."),
        new("数据没有丢失。请管理员腾出空间,再重试此批次;不会重复装载。", "Nothing was lost. Have space freed, then try the batch again; nothing is loaded twice."));

    public static readonly Problem Missing = new("LOD-101", 422, new("必填项为空", "A required value is missing"), new("请补填该项。", "Fill in this cell."));

    public static readonly Problem NotInteger = new("LOD-102", 422, new("不是整数", "Not a whole number"),
        new("请填写整数,如 1280;可用千分位逗号。", "Write a whole number such as 1280; thousands separators are fine."));

    public static readonly Problem NotNumber = new("LOD-103", 422, new("不是数值", "Not a number"),
        new("请填写数值,如 1280.50、1,280.50 或 3.2万元。", "Write a number such as 1280.50, 1,280.50 or 3.2万元."));

    public static readonly Problem TooLarge = new("LOD-104", 422, new("数值超出范围", "The number is out of range"),
        new("该项最多 {0} 位整数,请核对单位和位数。", "At most {0} digits before the point; check unit and digits."));

    public static readonly Problem TooPrecise = new("LOD-105", 422, new("小数位数过多", "Too many decimal places"),
        new("该项保留 {0} 位小数,请先确认舍入后再报送(系统不代为舍入)。", "This column has {0} decimal places; round it at the source (the system never rounds)."));

    public static readonly Problem NotDate = new("LOD-106", 422, new("不是有效日期", "Not a valid date"),
        new("请填写日历中存在的日期,如 2026-11-24。", "Write a day that exists, such as 2026-11-24."));

    public static readonly Problem NotDateTime = new("LOD-107", 422, new("不是有效时间", "Not a valid date and time"),
        new("请填写如 2026-11-24 15:30:00。", "Write it like 2026-11-24 15:30:00."));

    public static readonly Problem NotBoolean = new("LOD-108", 422, new("不是“是/否”", "Neither yes nor no"),
        new("请填写 是 或 否。", "Write yes or no (是 or 否)."));

    public static readonly Problem TooLong = new("LOD-109", 422, new("超过最大长度", "Longer than allowed"),
        new("该项最多 {0} 个字符。", "At most {0} characters."));

    public static readonly Problem BadFormat = new("LOD-110", 422, new("格式不符", "Does not have the required format"),
        new("该项须符合格式 {0}。", "It must match {0}."));

    public static readonly Problem BadIdNumber = new("LOD-111", 422, new("公民身份号码无效", "Not a valid citizen number"),
        new("请核对 18 位号码、出生日期和校验码(GB 11643)。", "Check the 18 characters, the birth date and the check character (GB 11643)."));

    public static readonly Problem BadCreditCode = new("LOD-112", 422, new("统一社会信用代码无效", "Not a valid unified social credit code"),
        new("请核对 18 位代码和校验码(GB 32100),字母须大写。", "Check the 18 characters and the check character (GB 32100); letters in upper case."));

    public static readonly Problem NotInCodes = new("LOD-113", 422, new("不在代码集中", "Not in the code list"),
        new("可用的代码如:{0}。", "Codes that are valid: {0}."));

    public static readonly Problem HasNul = new("LOD-114", 422, new("含有空字符(NUL)", "Contains a NUL character"),
        new("请从源系统重新导出,去除不可见字符。", "Export it again without invisible characters."));

    public static readonly Problem FormerCode = new("LOD-115", 422, new("代码已停用", "The code has ended"),
        new("现行代码为 {0},请改用现行代码。", "Today's code is {0}; use that one."));

    public static readonly Problem EndedCode = new("LOD-116", 422, new("代码已停用,没有确定的接替代码", "The code has ended, and nothing certain took its place"),
        new("请查明现行代码后重新报送;大数据局可在代码对照中登记接替关系。", "Find out today's code and send it again; the bureau can enter in the crosswalk what took its place."));

    public static readonly Problem BadRecord = new("LOD-201", 422, new("记录结构有误:{0}", "The record is malformed: {0}"),
        new("请核对该行的列数和引号后重新报送。", "Check the number of cells and the quotes of this record."));

    public static readonly Problem KeyConflict = new("LOD-202", 422, new("同一批次中主键重复且内容不同", "The same key came twice in one batch with different content"),
        new("已保留先出现的一条,请确认哪一条正确后重新报送。", "The first one was kept; decide which is right and send it again."));

    /// <summary>All of them, in the order of their codes.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        BadPlan, NoSpace, Missing, NotInteger, NotNumber, TooLarge, TooPrecise, NotDate, NotDateTime, NotBoolean, TooLong, BadFormat,
        BadIdNumber, BadCreditCode, NotInCodes, HasNul, FormerCode, EndedCode, BadRecord, KeyConflict,
    ];

    /// <summary>The problem of a code number (101 …) with the column's own figures filled in.</summary>
    internal static Problem Of(int code, LoadColumn? column, string detail = "", string? cell = null)
    {
        if (code == (int)Cell.NotInCodes && cell is not null && column?.Former?.TryGetValue(CellText.Trimmed(cell), out var now) == true)
        {
            return now is null ? EndedCode : FormerCode.With(now);
        }

        var problem = All.First(p => p.Code.EndsWith(code.ToString("D3"), StringComparison.Ordinal));
        return code switch
        {
            104 => problem.With(column!.Type == LoadType.Decimal ? column.Precision - column.Scale : 18),
            105 => problem.With(column!.Type == LoadType.Decimal ? column.Scale : 0),
            109 => problem.With(column!.MaxLength),
            110 => problem.With(column!.Pattern),
            113 => problem.With(string.Join("、", column!.Codes!.Take(10)) + (column.Codes!.Count > 10 ? " …" : "")),
            201 => problem.With(detail),
            _ => problem,
        };
    }
}
