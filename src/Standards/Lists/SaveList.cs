// In: what a code list says of itself, and its lines where they are sent along. Out: a draft of it. Refuses faults, each with its line and code.
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Standards.Lists;

internal static partial class SaveList
{
    /// <param name="Codes">Every line of the list; null to leave them as they are.</param>
    /// <param name="Revision">The one its editor saw; null for a new list, or to write over whatever is there.</param>
    internal sealed record Request(string? Name, string? NameEn = null, string? Source = null, string? Note = null, IReadOnlyList<CodeRow>? Codes = null, int? Revision = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Name?.Trim().Length is null or 0 or > 100)
            {
                yield return new("name", new("请填写名称，不超过 100 字。", "must be given, in at most 100 characters."));
            }

            if (NameEn?.Length > 200 || Source?.Length > 200 || Note?.Length > 2000)
            {
                yield return new("note", new("英文名称和来源不超过 200、说明不超过 2000 个字符。", "has too many characters: 200 for the English name and the source, 2,000 for the note."));
            }
        }
    }

    /// <param name="fresh">Whether it is to be new; else it is to be there.</param>
    public static async Task<Result<Standard>> Run(Register register, string code, Request ask, bool fresh, Actor actor, CancellationToken stop)
    {
        if (!IsCode(code))
        {
            return Problems.ListFaulty.With(new Text("标识只含小写字母、数字和连字符，以字母开头", "An identifier has lower-case letters, digits and hyphens, and begins with a letter"));
        }

        if (ask.Check().FirstOrDefault() is { } fault)
        {
            return Problems.ListFaulty.With(fault.What);
        }

        IReadOnlyList<CodeRow>? rows = ask.Codes is { } sent ? [.. sent.Select(r => r.Tidy())] : null;
        if (rows?.Count > CodeChecks.MostCodes)
        {
            return Problems.TooMany.With(CodeChecks.MostCodes);
        }

        if (rows is not null && CodeChecks.Faults(rows) is [var first, ..] faults)
        {
            return Problems.CodesFaulty.With(faults.Count, first.Shown);
        }

        ListBody body = new(ask.Name!.Trim(), CodeRow.Clean(ask.NameEn), CodeRow.Clean(ask.Source), CodeRow.Clean(ask.Note));
        return await register.SaveDraft(StandardKind.CodeList, code, body.Name, body, rows, ask.Revision, fresh, actor, stop);
    }

    public static bool IsCode(string code) => Code().IsMatch(code);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{1,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
