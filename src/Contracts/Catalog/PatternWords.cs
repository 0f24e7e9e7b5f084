// In: what an engine of regular expressions says against a pattern. Out: the same in the words of the city, in both languages.
using System.Text.RegularExpressions;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Catalog;

/// <summary>What is wrong with a regular expression, for people.</summary>
public static class PatternWords
{
    private static readonly Text Unclosed = new("有括号没有闭合，“(”多于“)”", "a bracket is not closed: there are more “(” than “)”");
    private static readonly Text Unopened = new("多了一个“)”", "there is a “)” too many");
    private static readonly Text Set = new("方括号“[”没有闭合", "a “[” is not closed");
    private static readonly Text Span = new("方括号里的范围前后颠倒，如 [z-a]", "a span in square brackets runs backwards, as in [z-a]");
    private static readonly Text Nothing = new("量词（* + ? {}）前面没有内容", "there is nothing before a quantifier (* + ? {})");
    private static readonly Text Twice = new("两个量词连在一起", "two quantifiers follow one another");
    private static readonly Text Times = new("重复次数有误或太大", "a number of repetitions is wrong or too large");
    private static readonly Text Escape = new("反斜杠后面的写法不认识", "what follows a backslash is not known");
    private static readonly Text Ends = new("不能以单个反斜杠结尾", "it ends with a lone backslash");
    private static readonly Text Class = new("字符类的写法不认识，如 \\p{L} 里的名称", "a class of characters is not known, as the name in \\p{L}");
    private static readonly Text Group = new("分组的写法不认识，或分组名称有误", "the kind of a group, or its name, is not known");
    private static readonly Text Looks = new("不支持前后查找、反向引用和条件分组", "look-around, back references and conditional groups are not supported");
    private static readonly Text Large = new("太大：重复次数相乘后太多", "it is too large: its repetitions multiply to too many");
    private static readonly Text Other = new("写法有误", "it is not written as one");

    /// <summary>RE2's messages, the longer before those they contain.</summary>
    private static readonly (string Said, Text What)[] Engine =
    [
        ("missing ]", Set), ("missing )", Unclosed), ("unexpected )", Unopened), ("invalid character class range", Span), ("invalid character class", Class), ("trailing", Ends), ("invalid escape", Escape),
        ("no argument for repetition", Nothing), ("bad repetition operator", Twice), ("repetition size", Times), ("too large", Large), ("invalid perl operator", Looks), ("named capture", Group), ("UTF-8", new("不是 UTF-8", "it is not UTF-8")),
    ];

    /// <param name="refused">As .NET throws it.</param>
    public static Text Of(Exception refused) => refused switch
    {
        RegexParseException e => new Text("第 {0} 个字符处：{1}", "at character {0}: {1}").With(Math.Max(1, e.Offset), Of(e.Error)),
        NotSupportedException => refused.Message.Contains("automata", StringComparison.Ordinal) ? Large : Looks,
        _ => Other,
    };

    /// <param name="message">As the lake's engine says it.</param>
    public static Text Of(string message) => Engine.FirstOrDefault(e => message.Contains(e.Said, StringComparison.OrdinalIgnoreCase)) is { Said: not null } known ? known.What : Other;

    private static Text Of(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => Unclosed,
        RegexParseError.InsufficientOpeningParentheses => Unopened,
        RegexParseError.UnterminatedBracket => Set,
        RegexParseError.ReversedCharacterRange or RegexParseError.ShorthandClassInCharacterRange => Span,
        RegexParseError.QuantifierAfterNothing => Nothing,
        RegexParseError.NestedQuantifiersNotParenthesized => Twice,
        RegexParseError.ReversedQuantifierRange or RegexParseError.QuantifierOrCaptureGroupOutOfRange => Times,
        RegexParseError.UnescapedEndingBackslash => Ends,
        RegexParseError.UnrecognizedEscape or RegexParseError.UnrecognizedControlCharacter or RegexParseError.MissingControlCharacter or RegexParseError.InsufficientOrInvalidHexDigits => Escape,
        RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.MalformedUnicodePropertyEscape or RegexParseError.UnrecognizedUnicodeProperty => Class,
        RegexParseError.InvalidGroupingConstruct or RegexParseError.CaptureGroupNameInvalid or RegexParseError.CaptureGroupOfZero => Group,
        RegexParseError.UndefinedNamedReference or RegexParseError.UndefinedNumberedReference or RegexParseError.MalformedNamedReference => Looks,
        _ => Other,
    };
}
