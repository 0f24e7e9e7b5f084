// In: a code list, and which of its codes are wanted. Out: the list's head, a page of its codes. Shows a draft only to its editors.
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Lists;

internal sealed record ListView(string Code, string Name, string? NameEn, string? Source, string? Note, int? InForce, int? Draft, int Codes, int Revision, DateTimeOffset ChangedAt)
{
    public static ListView Of(Standard s, ListBody body, int codes, Actor actor) => new(s.Code, body.Name, body.NameEn, body.Source, body.Note, s.InForce, actor.DraftOf(s), codes, s.Revision, s.ChangedAt);
}

internal static class ShowList
{
    /// <param name="Q">Part of a code or name.</param>
    /// <param name="Version">Null for the one lists show.</param>
    /// <param name="On">Only codes in force that day; null for every line.</param>
    internal sealed record Filter(string? Q = null, int? Version = null, DateOnly? On = null);

    public static async Task<Page<ListView>> All(Register register, string? q, PageAsk ask, Actor actor, CancellationToken stop)
    {
        ListView View(Standard s, StandardVersion v) => ListView.Of(s, Register.Read<ListBody>(v.Body), v.Codes, actor);
        var part = CodeRow.Clean(q);
        var found = await register.Look(
            StandardKind.CodeList, actor, ask, part, null, (s, v) => View(s, v) is var l && new[] { l.Code, l.Name, l.NameEn, l.Source }.Any(t => t?.Contains(part!, StringComparison.OrdinalIgnoreCase) == true), stop);
        return new([.. found.Items.Select(f => View(f.Standard, f.Version))], found.Number, found.Size, found.Total);
    }

    public static async Task<Result<(Standard Standard, ListView View)>> One(Register register, string code, int? version, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.CodeList, code, stop) is not { } standard || !actor.Sees(standard))
        {
            return Problems.NotFound.With(code);
        }

        var number = version ?? standard.Shown;
        return actor.Sees(standard, number) && (await register.Versions(standard, stop)).Find(v => v.Number == number) is { } line
            ? (standard, ListView.Of(standard, (await register.Body<ListBody>(standard, number, stop))!, line.Codes, actor))
            : Problems.NoVersion.With(number);
    }

    public static async Task<Result<Page<CodeRow>>> Codes(Register register, string code, Filter filter, PageAsk ask, Actor actor, CancellationToken stop)
    {
        var found = await One(register, code, filter.Version, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (list, number) = (found.Value.Standard.Id, filter.Version ?? found.Value.Standard.Shown);
        var lines = register.Db.Codes.AsNoTracking().Where(c => c.Standard == list && c.Number == number);
        if (filter.On is { } day)
        {
            lines = lines.Where(c => (c.ValidFrom == null || c.ValidFrom <= day) && (c.ValidUntil == null || c.ValidUntil > day));
        }

        if (CodeRow.Clean(filter.Q) is { } part)
        {
            var lower = part.ToLowerInvariant();
            lines = lines.Where(c => c.Code.ToLower().StartsWith(lower) || c.Name.Contains(part) || (c.NameEn != null && c.NameEn.ToLower().Contains(lower)));
        }

        var page = await lines.OrderBy(c => c.Line).Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop);
        return new Page<CodeRow>([.. page.Select(CodeRow.Of)], ask.Number, ask.Rows, await lines.LongCountAsync(stop));
    }

    /// <summary>What changed between two versions.</summary>
    public static async Task<Result<List<CodeChange>>> Versions(Register register, string code, int from, int to, Actor actor, CancellationToken stop)
    {
        var before = await One(register, code, from, actor, stop);
        var after = await One(register, code, to, actor, stop);
        if ((before.Problem ?? after.Problem) is { } refused)
        {
            return refused;
        }

        return Compare.Versions(
            [.. (await register.Codes(before.Value.Standard, from, stop)).Select(CodeRow.Of)], [.. (await register.Codes(before.Value.Standard, to, stop)).Select(CodeRow.Of)]).ToList();
    }

    /// <summary>What changed between two days, as the version lists show has it.</summary>
    public static async Task<Result<List<CodeChange>>> Days(Register register, string code, DateOnly from, DateOnly to, Actor actor, CancellationToken stop)
    {
        var found = await One(register, code, null, actor, stop);
        return found.Refused ? found.Problem!
            : Compare.Days([.. (await register.Codes(found.Value.Standard, found.Value.Standard.Shown, stop)).Select(CodeRow.Of)], from, to).ToList();
    }
}
