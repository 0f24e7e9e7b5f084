// Words that stand where a value is missing.
namespace Lizhou.Quality.Suggest;

internal static class MissingWords
{
    /// <summary>Never a value of its own.</summary>
    private static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        "n/a", "n.a.", "na", "#n/a", "null", "(null)", "nan", "nil", "\\n", "<null>", "not available", "not applicable", "no data", "missing", "tbd",
        "缺失", "空值", "无数据", "暂无", "未填", "未填写", "待补", "待补充",
    };

    /// <summary>May be a value where the column is of words.</summary>
    private static readonly HashSet<string> Perhaps = new(StringComparer.OrdinalIgnoreCase)
    {
        "none", "unknown", "empty", "blank", "-", "--", "—", "——", "/", "\\", "?", "？", ".", "*", "***", "无", "不详", "未知", "空", "不明",
    };

    public static bool Contains(string value) => value.Trim() is var word && (Plain.Contains(word) || Perhaps.Contains(word));

    public static bool IsPlain(string value) => Plain.Contains(value.Trim());
}
