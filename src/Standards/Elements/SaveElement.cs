// In: a data element as it should be. Out: a draft of it. Refuses faults, a taken identifier and a stale edit.
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Elements;

internal static class SaveElement
{
    /// <param name="Revision">The one its editor saw; null for a new element, or to write over whatever is there.</param>
    internal sealed record Request(ElementBody Body, int? Revision = null);

    /// <param name="fresh">Whether it is to be new; else it is to be there.</param>
    public static async Task<Result<Standard>> Run(Register register, string code, Request ask, bool fresh, Actor actor, CancellationToken stop)
    {
        var body = (ask.Body ?? new()).Tidy();
        return ElementChecks.Faults(code, body, await Lists(register, stop)).FirstOrDefault() is { Zh: not null } fault
            ? Problems.ElementFaulty.With(fault)
            : await register.SaveDraft(StandardKind.Element, code, body.Name, body, null, ask.Revision, fresh, actor, stop);
    }

    /// <summary>The code lists there are, drafts too: an element may be written for a list that is being written.</summary>
    public static async Task<IReadOnlySet<string>> Lists(Register register, CancellationToken stop) =>
        (await register.Db.Standards.AsNoTracking().Where(s => s.Kind == StandardKind.CodeList).Select(s => s.Code).ToListAsync(stop)).ToHashSet(StringComparer.Ordinal);
}
