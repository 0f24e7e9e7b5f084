// In: a class code and a serial. Out: the resource code 分类码/顺序码 of the catalogue guide (2017) and the table's name. Refuses other shapes.
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lizhou.Catalog;

/// <param name="Class">类 1 digit, 项 2, 目 3, 细目 any number.</param>
/// <param name="Serial">As written, leading zeros kept.</param>
internal sealed partial record ResourceCode(string Class, string Serial)
{
    public const int ShortestClass = 6;

    /// <summary>类 and 项: what the registry must know.</summary>
    public string Topic => Class[..3];

    public long Number => long.Parse(Serial, CultureInfo.InvariantCulture);

    /// <summary>The name of its table in the lake.</summary>
    public string Table => $"r_{Class}_{Serial}";

    public override string ToString() => $"{Class}/{Serial}";

    public static ResourceCode Of(string classCode, long serial) => new(classCode, serial.ToString("D6", CultureInfo.InvariantCulture));

    /// <summary>Null when the text is not a resource code.</summary>
    public static ResourceCode? Parse(string? text) =>
        text is not null && Shape().Match(text) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value) : null;

    public static bool IsClass(string text) => ClassShape().IsMatch(text);

    public static bool IsSerial(string text) => SerialShape().IsMatch(text);

    [GeneratedRegex(@"\A([0-9]{6,24})/([0-9]{1,12})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\A[0-9]{6,24}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ClassShape();

    [GeneratedRegex(@"\A[0-9]{1,12}\z", RegexOptions.NonBacktracking)]
    private static partial Regex SerialShape();
}
