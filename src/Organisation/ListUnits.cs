// In: a filter. Out: a page of units, or the tree. Refuses nothing: out-of-range pages are brought into range.
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Lizhou.Kernel;

namespace Lizhou.Organisation;

/// <summary>A unit as the API and the pages show it.</summary>
internal sealed record UnitView(
    Guid Id, string Code, string? CodeNote, string Name, string? ShortName, UnitKind Kind, Guid? Parent, bool Active, int Version, DateTimeOffset ChangedAt)
{
    public static UnitView Of(Unit u) => new(u.Id, u.Code, u.CodeNote, u.Name, u.ShortName, u.Kind, u.Parent, u.Active, u.Version, u.ChangedAt);
}

internal static class ListUnits
{
    /// <param name="Q">Part of the name, the short name or the code.</param>
    /// <param name="Active">Null for both.</param>
    internal sealed record Filter(string? Q = null, UnitKind? Kind = null, Guid? Parent = null, bool? Active = null)
    {
        /// <summary>As a page's query has it; what it does not know counts as no condition.</summary>
        public static Filter Of(string? q, string? kind, string? state) => new(
            q, Enum.TryParse<UnitKind>(kind, out var known) && Enum.IsDefined(known) ? known : null, null, state switch { "active" => true, "closed" => false, _ => null });
    }

    internal static async Task<Ok<Page<UnitView>>> Handle(
        [AsParameters] Filter filter, [AsParameters] PageAsk ask, OrganisationDb db, CancellationToken stop) =>
        TypedResults.Ok(await Run(filter, ask, db, stop));

    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> One(Guid id, OrganisationDb db, CancellationToken stop) =>
        await db.Units.FindAsync([id], stop) is { } unit ? TypedResults.Ok(UnitView.Of(unit)) : Problems.NoSuchUnit.ToHttp();

    internal static async Task<Page<UnitView>> Run(Filter filter, PageAsk ask, OrganisationDb db, CancellationToken stop)
    {
        var units = Chosen(filter, db);
        var total = await units.LongCountAsync(stop);
        var rows = await units.OrderBy(u => u.Code).Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop);
        return new([.. rows.Select(UnitView.Of)], ask.Number, ask.Rows, total);
    }

    internal static IQueryable<Unit> Chosen(Filter filter, OrganisationDb db)
    {
        var units = db.Units.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            var (part, code) = (filter.Q.Trim(), filter.Q.Trim().ToUpperInvariant());
            units = units.Where(u => u.Name.Contains(part) || u.ShortName!.Contains(part) || u.Code.Contains(code));
        }

        units = filter.Kind is { } kind ? units.Where(u => u.Kind == kind) : units;
        units = filter.Parent is { } parent ? units.Where(u => u.Parent == parent) : units;
        return filter.Active is { } active ? units.Where(u => u.Active == active) : units;
    }
}
