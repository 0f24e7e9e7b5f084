// What data quality refuses. Codes are stable and never re-used; QUA-1xx belong to tickets.
using Lizhou.Kernel;

namespace Lizhou.Quality;

internal static partial class Problems
{
    public static readonly Problem BadRule = new("QUA-001", 422,
        new("规则“{0}”不完整：{1}。", "The rule “{0}” is not complete: {1}."),
        new("请按规则种类补全列和参数。", "Give the columns and parameters that its kind takes."));

    public static readonly Problem BadPattern = new("QUA-002", 422,
        new("规则“{0}”的正则表达式“{1}”不能用：{2}", "The regular expression “{1}” of rule “{0}” cannot be used: {2}"),
        new("请按 RE2 语法改写（不支持前后查找和反向引用）。", "Write it in the syntax of RE2, which has no look-around and no back references."));

    public static readonly Problem NoOther = new("QUA-003", 404,
        new("规则“{0}”引用的“{1}”不存在。", "Rule “{0}” refers to “{1}”, which is not there."),
        new("请核对层、表、列的名称。", "Check the names of layer, table and column."));

    public static readonly Problem FileOnly = new("QUA-004", 422,
        new("规则“{0}”（{1}）只能用于检查文件。", "Rule “{0}” ({1}) works on files alone."),
        new("在库内请改用格式、代码集或函数依赖规则。", "Within the lake use a format, a code list or a dependency."));

    public static readonly Problem BadRuleFile = new("QUA-005", 422,
        new("规则文件“{0}”读不懂：{1}", "The rule file “{0}” cannot be read: {1}"),
        new("可先用 --suggest --rules-out 生成一份，再照样修改。", "Let --suggest --rules-out write one and change that."));

    public static readonly Problem NoColumn = new("QUA-006", 422,
        new("规则“{0}”的列“{1}”不在表里。", "Column “{1}” of rule “{0}” is not in the table."),
        new("请核对列名；表里有：{2}", "Check the name; the table has: {2}"));

    public static readonly Problem TooLarge = new("QUA-007", 413,
        new("“{0}”超过 {1} 格，不能一次装入内存检查。", "“{0}” has more than {1} cells, too many to be checked in memory."),
        new("请拆成较小的文件，或归集入库后在库内检查。", "Split it, or collect it and check it within the lake."));

    public static readonly Problem NoRulesAsked = new("QUA-008", 400,
        new("没有说按什么检查。", "It was not said what to check by."),
        new("用 --suggest 从数据里找规则，或用 --rules 文件 给出规则。", "Let --suggest find rules in the data, or name a file with --rules."));

    public static readonly Problem OneTable = new("QUA-009", 422,
        new("“{0}”里没有第 {1} 个表。", "“{0}” has no table number {1}."),
        new("可用 --table 1 到 {2}。", "Use --table 1 to {2}."));

    public static readonly Problem LakeOnly = new("QUA-010", 422,
        new("规则“{0}”（{1}）要在库内才能判断。", "Rule “{0}” ({1}) can be judged within the lake alone."),
        new("检查文件时请去掉这条规则。", "Leave it out when a file is checked."));

    public static readonly Problem NoFile = new("QUA-011", 404,
        new("找不到文件“{0}”。", "There is no file “{0}”."),
        new("检查路径和文件名。", "Check the path and the name."));

    public static readonly Problem OverSource = new("QUA-012", 409,
        new("“{0}”被要求既读又写，或写两次；什么也没有写。", "“{0}” would be read and written, or written twice; nothing was written."),
        new("请给出另一个文件名。", "Name another file."));

    public static readonly Problem CannotWrite = new("QUA-013", 422,
        new("结果没有写成：{0}", "The result could not be written: {0}"),
        new("检查文件夹是否存在、可写，磁盘是否已满。", "Check that the folder is there and can be written, and that the disk is not full."));

    public static readonly Problem BadWeight = new("QUA-015", 422,
        new("维度“{0}”的权重是 {1}%，每个权重须在 0 到 100 之间。", "The weight of “{0}” is {1} %; each lies between 0 and 100."),
        new("请改正这个权重，并使总和为 100%。", "Correct it, and let all sum to 100 %."));

    public static readonly Problem BadWeights = new("QUA-014", 422,
        new("各维度权重之和是 {0}%，不是 100%。", "The weights of the dimensions sum to {0} %, not 100 %."),
        new("请调整权重，使其总和为 100%。", "Change them so that they sum to 100 %."));
}
