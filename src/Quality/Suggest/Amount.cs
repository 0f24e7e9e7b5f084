// In: a text, or the unit behind a number. Out: whether the unit carries the value: a multiplier, a currency or a share. 96万元 is not 96, and −5万元 is no slip of 5万元.
using System.Text.RegularExpressions;
using Lizhou.Tabular;

namespace Lizhou.Quality.Suggest;

internal static partial class Amount
{
    private static readonly Func<string, Standardised> Bare = Treatment.By(TreatmentKind.Money, "");

    /// <summary>Units of their own that are written much alike: one is never a misspelling of another.</summary>
    private static readonly HashSet<string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        "%", "％", "‰", "t", "kg", "g", "mg", "km", "m", "dm", "cm", "mm", "l", "ml", "km2", "m2", "m3", "km²", "m²", "m³", "kw", "mw", "kwh", "mwh", "kb", "mb", "gb", "tb",
        "吨", "公斤", "千克", "斤", "克", "毫克", "两", "千米", "公里", "里", "米", "分米", "厘米", "毫米", "亩", "公亩", "公顷", "平方公里", "平方千米", "平方米", "平方厘米", "立方米", "立方厘米", "升", "毫升", "千瓦", "兆瓦",
        "千瓦时", "兆瓦时", "度", "年", "月", "周", "日", "天", "小时", "时", "分", "分钟", "秒", "人", "户", "元", "角",
    };

    /// <summary>The amount and its currency, as the treatment of money reads them; null where it reads none, or no unit stands in it.</summary>
    public static string? Money(string text) => text.Any(c => !char.IsAsciiDigit(c) && c is not ('.' or ',' or '+' or '-' or ' ')) && Bare(text) is { Known: true } read ? read.Value : null;

    /// <summary>The amount of a bare number in a unit of money; null where there is no such unit.</summary>
    public static string? Money(string number, string unit) => Treatment.Fault(TreatmentKind.Money, unit) is null && Treatment.By(TreatmentKind.Money, unit)(number) is { Known: true } read ? read.Value : null;

    public static bool IsShare(string text) => Share().IsMatch(text.Trim());

    /// <summary>Whether the text is a number with a unit that carries its value.</summary>
    public static bool Is(string text) => IsShare(text) || Money(text) is not null;

    /// <summary>万人, 亿立方米, 千克: the number alone would be another value.</summary>
    public static bool Multiplies(string unit) => unit.TrimStart('(', '（', ' ') is { Length: > 0 } bare && bare[0] is '万' or '亿' or '千' or '百' or '十' or '兆';

    public static bool IsUnit(string unit) => Units.Contains(unit.Trim());

    [GeneratedRegex(@"\A[+-]?[0-9][0-9,]*(?:\.[0-9]+)?\s*[%％‰]\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Share();
}
