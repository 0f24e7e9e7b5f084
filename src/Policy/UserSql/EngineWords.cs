// In: what the engine says of a statement it cannot read or run. Out: the common ones in both languages with what to do; others as the engine says them.
using System.Text.RegularExpressions;
using Lizhou.Kernel;

namespace Lizhou.Policy.UserSql;

internal static partial class EngineWords
{
    private static readonly Text Near = new("“{0}”附近有语法错误：请检查此处之前的逗号、括号和关键字", "syntax error at or near “{0}”: check commas, brackets and keywords before it");

    /// <summary>Why it does not parse.</summary>
    public static object OfText(string engine) => engine switch
    {
        _ when engine.Contains("unterminated quoted string", StringComparison.OrdinalIgnoreCase) => new Text("文本常量缺少结尾的单引号", "a text lacks the single quote at its end"),
        _ when engine.Contains("unterminated quoted identifier", StringComparison.OrdinalIgnoreCase) => new Text("名称缺少结尾的双引号", "a name lacks the double quote at its end"),
        _ when engine.Contains("zero-length delimited identifier", StringComparison.OrdinalIgnoreCase) => new Text("双引号中没有名称；文本请用单引号", "there is no name between the double quotes; texts stand in single quotes"),
        _ when engine.Contains("at end of input", StringComparison.OrdinalIgnoreCase) => new Text("语句不完整：请检查括号和结尾", "the statement is not complete: check brackets and its end"),
        _ when SyntaxNear().Match(engine) is { Success: true } near => Near.With(near.Groups[1].Value),
        _ => engine,
    };

    /// <summary>Why it did not run, by the engine's kind of failure: its message may quote a value, and is not told.</summary>
    public static object OfKind(string kind) => kind switch
    {
        "Conversion" => new Text("有值不能转换为所需类型：请用 TRY_CAST，或先筛去不合格的值", "a value cannot be made the type asked for: use TRY_CAST, or leave such values out first"),
        "Invalid Input" or "InvalidInput" => new Text("函数得到了不能处理的值：请检查传给函数的列", "a function was given a value it cannot take: check the columns it is given"),
        "Out of Range" or "OutOfRange" => new Text("计算结果超出类型的范围：请先转换为更大的类型", "a result is beyond the range of its type: make it a larger type first"),
        "Mismatch Type" or "MismatchType" => new Text("比较或运算的两边类型不同：请先转换为同一类型", "both sides are of different types: make them one type first"),
        "Not implemented" or "NotImplemented" => new Text("引擎不支持这种写法：请换一种写法", "the engine does not do this: write it another way"),
        "Invalid" => new Text("正则表达式、日期格式或其他参数写得不对：请检查语句中的这些文本", "a regular expression, a date format or another argument is not written right: check these texts of the statement"),
        "Internal" or "Fatal" => new Text("引擎内部出错，日志里有它的原文：请换一种写法，或请管理员查看日志", "the engine failed inside; its own words are in the log: write it another way, or have the log looked at"),
        _ => kind,
    };

    [GeneratedRegex("syntax error at or near \"(.*?)\"", RegexOptions.NonBacktracking)]
    private static partial Regex SyntaxNear();
}
