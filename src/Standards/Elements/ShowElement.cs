// In: a filter, or an identifier. Out: a page of data elements; one of them. Shows drafts only to their editors.
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Standards.Elements;

/// <param name="Element">As its version in force has it; the draft where none is, or where it was asked for.</param>
internal sealed record ElementView(ElementCard Element, int? InForce, int? Draft, int Revision, DateTimeOffset ChangedAt)
{
    public static ElementView Of(Standard s, ElementBody body, int version, Actor actor) => new(body.Card(s.Code, version), s.InForce, actor.DraftOf(s), s.Revision, s.ChangedAt);
}

internal static class ShowElement
{
    /// <param name="Q">Part of an identifier, a name or a synonym.</param>
    internal sealed record Filter(string? Q = null, string? List = null);

    public static async Task<Page<ElementView>> All(Register register, Filter filter, PageAsk ask, Actor actor, CancellationToken stop)
    {
        ElementView View(Standard s, StandardVersion v) => ElementView.Of(s, Register.Read<ElementBody>(v.Body), v.Number, actor);
        var part = CodeRow.Clean(filter.Q);
        var found = await register.Look(
            StandardKind.Element, actor, ask, part, CodeRow.Clean(filter.List) is { } list ? Of(list) : null, (s, v) => View(s, v).Element is var e && e.Synonyms.Append(e.Code).Append(e.Name).Append(e.NameEn).Any(t => t?.Contains(part!, StringComparison.OrdinalIgnoreCase) == true), stop);
        return new([.. found.Items.Select(f => View(f.Standard, f.Version))], found.Number, found.Size, found.Total);
    }

    /// <summary>What the kept body of an element says whose values are of a list.</summary>
    public static string Of(string list) => $"\"{nameof(ElementBody.CodeList)}\":{Register.Write(list)}";

    public static async Task<Result<(Standard Standard, ElementView View)>> One(Register register, string code, int? version, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.Element, code, stop) is not { } standard || !actor.Sees(standard))
        {
            return Problems.NotFound.With(code);
        }

        var number = version ?? standard.Shown;
        return actor.Sees(standard, number) && await register.Body<ElementBody>(standard, number, stop) is { } body ? (standard, ElementView.Of(standard, body, number, actor)) : Problems.NoVersion.With(number);
    }
}
