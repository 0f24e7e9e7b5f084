// A line of a code list as it is sent, kept and compared.
using Lizhou.Contracts.Standards;

namespace Lizhou.Standards;

/// <param name="From">First day; null: before the records begin.</param>
/// <param name="Until">The day it no longer holds; null: it still does.</param>
internal sealed record CodeRow(string Code, string Name, string? NameEn = null, string? Parent = null, DateOnly? From = null, DateOnly? Until = null, string? Note = null)
{
    public static CodeRow Of(CodeLine line) => new(line.Code, line.Name, line.NameEn, line.Parent, line.ValidFrom, line.ValidUntil, line.Note);

    public CodeLine At(Guid list, int number, int line) => new()
    {
        Standard = list, Number = number, Line = line, Code = Code, Name = Name, NameEn = NameEn, Parent = Parent, ValidFrom = From, ValidUntil = Until, Note = Note,
    };

    public CodeCard Card() => new(Code, Name, NameEn, Parent, From, Until);

    public bool Holds(DateOnly day) => Card().Holds(day);

    /// <summary>Trimmed, empty texts as none.</summary>
    public CodeRow Tidy() => new(Clean(Code) ?? "", Clean(Name) ?? "", Clean(NameEn), Clean(Parent), From, Until, Clean(Note));

    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
