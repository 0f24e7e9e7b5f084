// In: a filter. Out: a page of systems, posts or people with the name of their unit.
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal sealed record SystemView(Guid Id, string Name, Guid Unit, string UnitName, string? Purpose, string? Vendor, DateOnly? Since, bool Active, int Version);

internal sealed record PostView(Guid Id, string Name, Guid Unit, string UnitName, string? Duty, bool Active, int Version);

internal sealed record PersonView(Guid Id, string Name, Guid Unit, string UnitName, string? Post, string? Phone, string? Number, bool Active, int Version);

internal static class ListBelongings
{
    /// <param name="Q">Part of the name.</param>
    internal sealed record Filter(string? Q = null, Guid? Unit = null, bool? Active = null);

    internal static async Task<Ok<Page<SystemView>>> Systems([AsParameters] Filter filter, [AsParameters] PageAsk ask, OrganisationDb db, CancellationToken stop) =>
        TypedResults.Ok(await SystemPage(filter, ask, db, stop));

    internal static async Task<Ok<Page<PostView>>> Posts([AsParameters] Filter filter, [AsParameters] PageAsk ask, OrganisationDb db, CancellationToken stop) =>
        TypedResults.Ok(await PostPage(filter, ask, db, stop));

    internal static async Task<Ok<Page<PersonView>>> People([AsParameters] Filter filter, [AsParameters] PageAsk ask, OrganisationDb db, CancellationToken stop) =>
        TypedResults.Ok(await PersonPage(filter, ask, db, stop));

    internal static Task<Page<SystemView>> SystemPage(Filter filter, PageAsk ask, OrganisationDb db, CancellationToken stop) => Cut(
        from s in Chosen<InformationSystem>(filter, db)
        join u in db.Units on s.Unit equals u.Id
        orderby u.Code, s.Name
        select new SystemView(s.Id, s.Name, s.Unit, u.Name, s.Purpose, s.Vendor, s.Since, s.Active, s.Version),
        ask,
        stop);

    internal static Task<Page<PostView>> PostPage(Filter filter, PageAsk ask, OrganisationDb db, CancellationToken stop) => Cut(
        from p in Chosen<Post>(filter, db)
        join u in db.Units on p.Unit equals u.Id
        orderby u.Code, p.Name
        select new PostView(p.Id, p.Name, p.Unit, u.Name, p.Duty, p.Active, p.Version),
        ask,
        stop);

    internal static Task<Page<PersonView>> PersonPage(Filter filter, PageAsk ask, OrganisationDb db, CancellationToken stop) => Cut(
        from p in Chosen<Person>(filter, db)
        join u in db.Units on p.Unit equals u.Id
        join held in db.Posts on p.Post equals (Guid?)held.Id into posts
        from post in posts.DefaultIfEmpty()
        orderby u.Code, p.Name
        select new PersonView(p.Id, p.Name, p.Unit, u.Name, post == null ? null : post.Name, p.Phone, p.Number, p.Active, p.Version),
        ask,
        stop);

    /// <summary>What the filter shows, in no order.</summary>
    internal static IQueryable<T> Chosen<T>(Filter filter, OrganisationDb db)
        where T : Belonging
    {
        var entries = db.Set<T>().AsNoTracking();
        var part = filter.Q?.Trim() ?? "";
        entries = part.Length == 0 ? entries : entries.Where(e => e.Name.Contains(part));
        entries = filter.Unit is { } unit ? entries.Where(e => e.Unit == unit) : entries;
        return filter.Active is { } active ? entries.Where(e => e.Active == active) : entries;
    }

    private static async Task<Page<T>> Cut<T>(IQueryable<T> rows, PageAsk ask, CancellationToken stop) =>
        new(await rows.Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop), ask.Number, ask.Rows, await rows.LongCountAsync(stop));
}
