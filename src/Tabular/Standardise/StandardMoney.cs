// Amounts with their unit and currency wherever they stand, to 518000.00 CNY: exact, never rounded, at least two places. A range, "about", or an unknown currency stays.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lizhou.Tabular;

internal static partial class StandardMoney
{
    private const int Longest = 20;
    private const string Yuan = "CNY";
    private const string Exact = "0.00##########################";

    private static readonly (string Word, string Code)[] Currencies =
    [
        ("人民币", "CNY"), ("美元", "USD"), ("美金", "USD"), ("欧元", "EUR"), ("港元", "HKD"), ("港币", "HKD"), ("日元", "JPY"), ("英镑", "GBP"), ("澳元", "AUD"), ("加元", "CAD"), ("新台币", "TWD"),
        ("RMB", "CNY"), ("CNY", "CNY"), ("USD", "USD"), ("US$", "USD"), ("EUR", "EUR"), ("HKD", "HKD"), ("HK$", "HKD"), ("JPY", "JPY"), ("GBP", "GBP"), ("AUD", "AUD"), ("CAD", "CAD"), ("TWD", "TWD"),
        ("¥", "CNY"), ("￥", "CNY"), ("€", "EUR"), ("£", "GBP"), ("$", "USD"),
    ];

    private static readonly (string Word, decimal Times)[] Units = [("亿", 100_000_000), ("千万", 10_000_000), ("百万", 1_000_000), ("十万", 100_000), ("万", 10_000), ("千", 1_000), ("", 1)];

    /// <param name="bare">The unit of a number that has none, and the currency of an amount that names none, as 12万; empty: yuan.</param>
    public static Standardised Of(string value, string bare)
    {
        var text = string.Concat(StandardText.Fold(value).Where(c => !char.IsWhiteSpace(c))).Replace("（", "(", StringComparison.Ordinal).Replace("）", ")", StringComparison.Ordinal);
        var found = Amount().Match(text);
        // A bare number in brackets is a negative one to accountants and a remark to others.
        if (!found.Success || found.Groups["a"].Value.Contains('(', StringComparison.Ordinal))
        {
            return Standardised.Left(value, new("看不出一个确定的金额", "no certain amount to be read"));
        }

        var digits = found.Groups["n"].Value.Replace(",", "", StringComparison.Ordinal);
        var words = found.Groups["a"].Value + found.Groups["b"].Value;
        if (Unit(words.Length == 0 ? bare : words, Unit(bare)?.Currency ?? Yuan) is not var (times, currency) || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || digits.Length > Longest || (number * times).ToString(Exact, CultureInfo.InvariantCulture) is not { Length: <= Longest } amount)
        {
            return Standardised.Left(value, new Text("不认识单位“{0}”", "the unit “{0}” is not known").With(words));
        }

        return StandardText.Done(value, $"{amount} {currency}", new Text("{0} × {1}，币种 {2}", "{0} × {1}, currency {2}").With(digits, times, currency));
    }

    /// <summary>What 万元, 万美元, 元人民币, USD … are worth; null for what is unknown or says two currencies.</summary>
    /// <param name="unsaid">The currency where none is named; 元 names the yuan.</param>
    public static (decimal Times, string Currency)? Unit(string words, string unsaid = Yuan)
    {
        var rest = words.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal).Replace("整", "", StringComparison.Ordinal).ToUpperInvariant();
        string? currency = null;
        foreach (var (word, code) in Currencies)
        {
            if (rest.Contains(word, StringComparison.Ordinal))
            {
                if (currency is not null && currency != code)
                {
                    return null;
                }

                (currency, rest) = (code, rest.Replace(word, "", StringComparison.Ordinal));
            }
        }

        var yuan = rest.EndsWith('元');
        rest = yuan ? rest[..^1] : rest;
        return Units.FirstOrDefault(u => u.Word == rest) is { Times: > 0 } unit ? (unit.Times, currency ?? (yuan ? Yuan : unsaid)) : null;
    }

    [GeneratedRegex(@"\A(?<a>[^\d\-+.,~～至约]{0,8})(?<n>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?<b>[^\d\-+.,~～至约]{0,12})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
