// In: a value of a preview and the item it would fill. Out: why it looks odd, or null. A hint for the eye: the load judges for itself.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources.Upload;

internal static class OddCells
{
    private static readonly Text Empty = new("必填项为空", "Required, but empty");
    private static readonly Text TooLong = new("超过 {0} 个字符", "More than {0} characters");
    private static readonly Text NotNumber = new("不是数值", "Not a number");
    private static readonly Text NotDate = new("不像日期", "Does not look like a date");
    private static readonly Text NotCode = new("不在代码集内", "Not in the list of codes");
    private static readonly Text WrongLength = new("应为 18 位", "Should have 18 characters");

    public static Text? Why(ItemCard item, string? value)
    {
        var text = value?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return item.Required || item.Key ? Empty : null;
        }

        if (item.Length is { } most && text.Length > most)
        {
            return TooLong.With(most);
        }

        if (item.Check != CheckCharacter.None && text.Length != 18)
        {
            return WrongLength;
        }

        if (item.Codes is { Count: > 0 } codes && !codes.Contains(text, StringComparer.Ordinal))
        {
            return NotCode;
        }

        return item.Type switch
        {
            ItemType.Integer or ItemType.Number or ItemType.Money or ItemType.Double or ItemType.Float when !IsNumber(text) => NotNumber,
            ItemType.Date or ItemType.Moment when !IsDate(text) => NotDate,
            _ => null,
        };
    }

    // With group separators, a currency sign or 万 and 亿 behind: all of that the load can read.
    private static bool IsNumber(string text) =>
        decimal.TryParse(text.Trim('¥', '￥', '元', '万', '亿', '%', ' '), NumberStyles.Float | NumberStyles.AllowThousands | NumberStyles.AllowParentheses, CultureInfo.InvariantCulture, out _);

    // Digits make a date, in whatever order: 20261124, 2026-11-24, 2026年11月24日, 24.11.2026, 11/24/2026 1:30 PM, 46350 of a spreadsheet.
    private static bool IsDate(string text) => text.Count(char.IsAsciiDigit) is >= 4 and <= 24 && text.All(c => char.IsAsciiDigit(c) || "年月日时分秒-/.: TZ+AMPamp上下午".Contains(c));
}
