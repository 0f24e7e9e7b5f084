// What a version of a data element says, and what can be wrong with it.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;

namespace Lizhou.Standards.Elements;

internal sealed record ElementBody
{
    public string Name { get; init; } = "";

    public string? NameEn { get; init; }

    public IReadOnlyList<string> Synonyms { get; init; } = [];

    public ItemType Type { get; init; }

    public int? Length { get; init; }

    public int? Precision { get; init; }

    public int? Scale { get; init; }

    /// <summary>RE2 of the whole value.</summary>
    public string? Format { get; init; }

    public string? Unit { get; init; }

    /// <summary>The identifier of a code list.</summary>
    public string? CodeList { get; init; }

    public CheckCharacter Check { get; init; }

    /// <summary>The level suggested.</summary>
    public Level? Level { get; init; }

    public string? Definition { get; init; }

    /// <summary>The standard it comes from; null: a local rule.</summary>
    public string? Source { get; init; }

    public ElementCard Card(string code, int version) =>
        new(code, version, Name, NameEn, Synonyms, Type, Length, Precision, Scale, Format, Unit, CodeList, Check, Level, Definition, Source);

    /// <summary>Trimmed, empty texts as none.</summary>
    public ElementBody Tidy() => this with
    {
        Name = CodeRow.Clean(Name) ?? "", NameEn = CodeRow.Clean(NameEn), Synonyms = [.. (Synonyms ?? []).Select(CodeRow.Clean).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)],
        Format = CodeRow.Clean(Format), Unit = CodeRow.Clean(Unit), CodeList = CodeRow.Clean(CodeList), Definition = CodeRow.Clean(Definition), Source = CodeRow.Clean(Source),
    };
}

internal static partial class ElementChecks
{
    private const int LongestText = 2000;
    private const int MostSynonyms = 100;

    public static bool IsCode(string code) => Code().IsMatch(code);

    /// <param name="lists">The code lists there are.</param>
    public static IEnumerable<Text> Faults(string code, ElementBody body, IReadOnlySet<string> lists)
    {
        if (!IsCode(code))
        {
            yield return new("标识只含小写字母、数字和下划线，以字母开头", "An identifier has lower-case letters, digits and underscores, and begins with a letter");
        }

        if (body.Name.Length is 0 or > 100)
        {
            yield return new("名称应有 1 至 100 字", "A name has 1 to 100 characters");
        }

        if (body.Synonyms.Count > MostSynonyms || body.Synonyms.Any(s => s.Length > 100) || new[] { body.NameEn, body.Definition, body.Source, body.Unit }.Any(t => t?.Length > LongestText))
        {
            yield return new Text("文字过长，或同义词超过 {0} 个", "A text is too long, or there are more than {0} synonyms").With(MostSynonyms);
        }

        var text = body.Type is ItemType.Text or ItemType.Memo or ItemType.General;
        var decimals = body.Type is ItemType.Number or ItemType.Money;
        if (!Enum.IsDefined(body.Type) || !Enum.IsDefined(body.Check) || (body.Level is { } level && !Enum.IsDefined(level)))
        {
            yield return new("没有这种类型、校验或分级", "There is no such type, check or level");
        }

        if (body.Length is not null && (body.Length < 1 || !text))
        {
            yield return new("长度用于字符类型，至少为 1", "A length is for texts, at least 1");
        }

        if ((body.Precision is not null && (body.Precision is < 1 or > 38 || !decimals)) || (body.Scale is not null && (body.Scale < 0 || body.Scale > (body.Precision ?? 18) || !decimals)))
        {
            yield return new("精度（1 至 38）和小数位（不超过精度）用于数值和货币", "Precision (1 to 38) and scale (at most the precision) are for numbers and money");
        }

        if (body.Check != CheckCharacter.None && body.Type != ItemType.Text)
        {
            yield return new("校验位只用于字符类型", "A check character is for texts");
        }

        if (body.Format is { } format && ValueFormat.Fault(format) is { } wrong)
        {
            yield return wrong;
        }

        if (body.CodeList is { } list && !lists.Contains(list))
        {
            yield return new Text("没有代码集 {0}", "There is no code list {0}").With(list);
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
