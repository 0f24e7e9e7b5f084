// In: who looks; or a program (a key, an application, a delivery) and up to which level it may take data. Out: the programs with what their grants hold; the label, from the next call or run on.
// Refuses everybody but the security administrator: who asks for data does not say how much of it a program of theirs may take.
using System.Security.Claims;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Processes;

/// <param name="Grants">Numbers of the grants it may use.</param>
/// <param name="Label">1 to 4; null: nobody labelled it, it takes what one without a label may.</param>
/// <param name="Needs">The highest level among the items of these grants; null where none is in force.</param>
internal sealed record ProcessView(ProcessKind Kind, Guid Id, string Name, string Unit, IReadOnlyList<string> Grants, int? Label, Level? Needs, DateTimeOffset Made);

internal sealed class LabelProcesses(SharingDb db, IProcessLabels programs, IGrantBook book, ICatalog catalog, IUnits units, ILedger ledger)
{
    /// <param name="Level">1 to 4 for L1 to L4; null takes the label away.</param>
    internal sealed record Ask(int? Level) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Level is < 1 or > 4)
            {
                yield return new("level", new("应为 1–4，或为空。", "must be 1 to 4, or nothing."));
            }
        }
    }

    private sealed record Found(ProcessCard Card, IReadOnlyList<SharedGrant> Grants);

    internal static async Task<Ok<Page<ProcessView>>> HandleList(string? q, int? page, int? size, LabelProcesses label, CancellationToken stop) =>
        TypedResults.Ok(await label.List(q, new(page, size), stop));

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(ProcessKind kind, Guid id, Ask ask, LabelProcesses label, ClaimsPrincipal user, CancellationToken stop) =>
        await label.Run(kind, id, ask.Level, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    /// <summary>Programs that may take data, the newest first.</summary>
    /// <param name="words">In the name, the unit or a grant's number; null for all.</param>
    public async Task<Page<ProcessView>> List(string? words, PageAsk page, CancellationToken stop)
    {
        var names = (await units.All(stop)).ToDictionary(u => u.Id, u => u.Name);
        var all = (await All(stop)).Where(p => string.IsNullOrWhiteSpace(words)
            || p.Card.Name.Contains(words, StringComparison.OrdinalIgnoreCase) || (names.GetValueOrDefault(p.Card.Unit) ?? "").Contains(words, StringComparison.OrdinalIgnoreCase) || p.Grants.Any(g => g.Number.Contains(words, StringComparison.OrdinalIgnoreCase)));
        var found = page.Of<Found>([.. all.OrderByDescending(p => p.Card.Made).ThenBy(p => p.Card.Id)]);
        List<ProcessView> views = [];
        foreach (var (card, grants) in found.Items)
        {
            views.Add(new(card.Kind, card.Id, card.Name, names.GetValueOrDefault(card.Unit) ?? "—", [.. grants.Select(g => g.Number)], card.Label, await Needs(grants, stop), card.Made));
        }

        return new(views, found.Number, found.Size, found.Total);
    }

    /// <returns>Null, or why nothing was changed.</returns>
    public async Task<Problem?> Run(ProcessKind kind, Guid id, int? level, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.SecurityAdministrator))
        {
            await ledger.Append(actor, new("process.labelled", $"{kind.ToString().ToLowerInvariant()}:{id}", Problems.SecurityOnly.Code), stop);
            return Problems.SecurityOnly;
        }

        if (kind != ProcessKind.Delivery)
        {
            return await programs.Label(kind, id, level, actor, stop) ? null : Problems.NoProcess;
        }

        if (await db.Deliveries.FirstOrDefaultAsync(d => d.Id == id, stop) is not { } delivery)
        {
            return Problems.NoProcess;
        }

        var before = delivery.Label;
        delivery.Label = level;
        return await db.Commit(ledger, actor, [new("process.labelled", $"delivery:{id}", Evidence.Done, new { before, level, delivery = delivery.Number })], stop);
    }

    private async Task<List<Found>> All(CancellationToken stop)
    {
        var (byId, deliveries) = (await db.Grants.AsNoTracking().ToDictionaryAsync(g => g.Id, stop), await db.Deliveries.AsNoTracking().Where(d => d.State != DeliveryState.Ended).ToListAsync(stop));
        var byNumber = byId.Values.ToDictionary(g => g.Number, StringComparer.Ordinal);
        List<SharedGrant> Of(ProcessCard card) =>
            [.. card.Opens.Select(o => card.Kind == ProcessKind.Key ? (Guid.TryParse(o[IApiTokens.OfGrant.Length..], out var id) ? byId.GetValueOrDefault(id) : null) : byNumber.GetValueOrDefault(o)).OfType<SharedGrant>()];
        return
        [
            .. (await programs.All(stop)).Select(p => new Found(p, Of(p))),
            .. deliveries.Select(d => new Found(new(ProcessKind.Delivery, d.Id, $"{d.Number} {d.Name}", d.Unit, d.Label, d.MadeAt, []), byId.TryGetValue(d.Granted, out var granted) ? [granted] : [])),
        ];
    }

    private async Task<Level?> Needs(IReadOnlyList<SharedGrant> grants, CancellationToken stop)
    {
        Level? highest = null;
        foreach (var one in grants.Where(g => g.State == GrantState.Active))
        {
            if (await book.Find(one.Id, stop) is { } grant && await catalog.Published(one.Resource, stop) is { } card)
            {
                var given = grant.Items.Select(i => i.Item).ToHashSet();
                highest = card.Items.Where(i => given.Contains(i.Id)).Select(i => (Level?)i.Applied).Append(highest).Max();
            }
        }

        return highest;
    }
}
