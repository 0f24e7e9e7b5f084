// Standardising one value. In: how, a parameter, the text as it was written. Out: the text as the standard has it and why, or the text as it was and why it is left alone.
// Pure: the same in, the same out, and what came out goes in again unchanged. What is not understood for certain is never changed.
using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace Lizhou.Tabular;

/// <summary>How the values of an item are standardised.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TreatmentKind>))]
public enum TreatmentKind
{
    /// <summary>全角转半角: full-width letters and digits to ASCII; Chinese punctuation stays.</summary>
    Width,

    /// <summary>空白: blanks off both ends and from between Chinese characters, one between words.</summary>
    Spaces,

    /// <summary>大小写: parameter <c>upper</c> or <c>lower</c>.</summary>
    Case,

    /// <summary>日期: to yyyy-MM-dd, serial days of spreadsheets too; parameter <c>day</c> or <c>month</c> for what comes first where the year is last.</summary>
    Date,

    /// <summary>金额: to an amount in whole units and the currency, <c>518000.00 CNY</c>; parameter: unit and currency of a bare number, e.g. <c>万元</c>; its currency is also that of an amount that names none, <c>12万</c>.</summary>
    Money,

    /// <summary>电话: mobile numbers to 11 digits, others to 0579-87101234; parameter: the area code of numbers without one.</summary>
    Phone,

    /// <summary>姓名: of persons: one sort of dot, no blanks between Chinese characters.</summary>
    Name,

    /// <summary>地址取区划: an address to the code of the lowest division it names; parameter: <c>home</c> and the code of the place it is asked from, then code and name, a line each.</summary>
    Division,

    /// <summary>代码对照: parameter: old code, tab, new code, a line each.</summary>
    Codes,
}

/// <param name="Value">As the standard has it; as it was written where that is not known.</param>
/// <param name="Known">Whether it was understood; false: left as it was.</param>
/// <param name="Why">What was done, or why nothing was.</param>
public readonly record struct Standardised(string Value, bool Known, Text Why)
{
    public static Standardised Left(string original, Text why) => new(original, false, why);
}

public static class Treatment
{
    private const int MostCompiled = 200;

    private static readonly ConcurrentDictionary<(TreatmentKind, string), Func<string, Standardised>> Compiled = new();

    public static Text Label(TreatmentKind kind) => kind switch
    {
        TreatmentKind.Width => new("全角转半角", "Full width to half"),
        TreatmentKind.Spaces => new("空白", "Blanks"),
        TreatmentKind.Case => new("大小写", "Case"),
        TreatmentKind.Date => new("日期", "Date"),
        TreatmentKind.Money => new("金额", "Money"),
        TreatmentKind.Phone => new("电话", "Telephone"),
        TreatmentKind.Name => new("姓名", "Name"),
        TreatmentKind.Division => new("地址取区划", "Address to division"),
        _ => new("代码对照", "Code crosswalk"),
    };

    /// <summary>What is wrong with a parameter; null when nothing is.</summary>
    public static Text? Fault(TreatmentKind kind, string? parameter) => (kind, parameter ?? "") switch
    {
        (TreatmentKind.Case, not ("upper" or "lower")) => new("大小写应为 upper 或 lower", "case: upper or lower"),
        (TreatmentKind.Date, not ("" or "day" or "month")) => new("年份在后的日期：day（日在前）或 month（月在前），或留空", "dates with the year last: day or month first, or empty"),
        (TreatmentKind.Money, { Length: > 0 } unit) when StandardMoney.Unit(unit) is null => new("单位如 万元、万美元", "a unit like 万元 or 万美元"),
        (TreatmentKind.Phone, { Length: > 0 } area) when !StandardPhone.IsArea(area) => new("区号如 0579", "an area code like 0579"),
        _ => null,
    };

    /// <summary>The function of a treatment; the same for the same parameter, so that a long one is read once.</summary>
    public static Func<string, Standardised> By(TreatmentKind kind, string? parameter)
    {
        if (Compiled.Count > MostCompiled)
        {
            Compiled.Clear();
        }

        return Compiled.GetOrAdd((kind, parameter ?? ""), static key => Compile(key.Item1, key.Item2));
    }

    private static Func<string, Standardised> Compile(TreatmentKind kind, string parameter) => kind switch
    {
        TreatmentKind.Width => StandardText.Width,
        TreatmentKind.Spaces => StandardText.Spaces,
        TreatmentKind.Case => parameter == "lower" ? StandardText.Lower : StandardText.Upper,
        TreatmentKind.Date => value => StandardDate.Of(value, parameter),
        TreatmentKind.Money => value => StandardMoney.Of(value, parameter),
        TreatmentKind.Phone => value => StandardPhone.Of(value, parameter),
        TreatmentKind.Name => StandardText.Name,
        TreatmentKind.Division => new StandardDivision(parameter).Of,
        _ => Codes(parameter),
    };

    private static Func<string, Standardised> Codes(string parameter)
    {
        var codes = parameter.Split('\n').Select(l => l.Split('\t')).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        var today = codes.Values.Where(c => codes.GetValueOrDefault(c, c) == c).ToHashSet(StringComparer.Ordinal);
        // A step that leads to another step is followed to its end, so that what comes out stays as it is.
        string End(string code)
        {
            for (var steps = 0; codes.TryGetValue(code, out var next) && next != code && steps < codes.Count; steps++)
            {
                code = next;
            }

            return code;
        }

        return value => StandardText.Trim(value) is var code && !today.Contains(code) && codes.ContainsKey(code) && End(code) is var now && today.Contains(now) ? new(now, true, new Text("代码 {0} 今为 {1}", "code {0} is {1} today").With(code, now))
            : today.Contains(code) ? new(code, true, new("已是现行代码", "today's code already")) : Standardised.Left(value, new("对照中没有这个代码", "the crosswalk does not have this code"));
    }
}
