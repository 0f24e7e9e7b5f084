// The HTTP API of the dispatch table.
using System.Security.Claims;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Dispatching;

internal static class DispatchRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var tables = CaseRoutes.Group(routes, "/api/v1/case-dispatch");
        tables.MapGet("/", async (PublishTable use, CancellationToken stop) => (await use.All(stop)).ConvertAll(View)).WithName("ListDispatchTables");
        tables.MapPost("/", Draft).WithName("DraftDispatchTable");
        tables.MapPost("/check", Checked).WithName("CheckDispatchTable");
        tables.MapPost("/{version:int}/publish", Publish).WithName("PublishDispatchTable");
        tables.MapGet("/{version:int}", One).WithName("ShowDispatchTable");
        tables.MapPost("/drafts", Start).WithName("StartDispatchDraft");
        tables.MapPost("/{version:int}/changes", Change).WithName("ChangeDispatchDraft");
        tables.MapGet("/{version:int}/csv", Csv).WithName("GetDispatchTable");
    }

    private static TableView View(TableVersion v) => new(v.Version, v.Rows.Count, v.Note, v.MadeBy, v.MadeAt, v.PublishedBy, v.PublishedAt);

    private static async Task<Results<Ok<TableView>, ProblemHttpResult>> Draft(PublishTable.Ask ask, PublishTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await use.Draft(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(View(made.Value));
    }

    private static async Task<Results<Ok<LookView>, ProblemHttpResult>> Checked(PublishTable.CheckAsk ask, PublishTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await use.Check(ask, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(new LookView(found.Value.Rows, [.. found.Value.Faults.Select(f => new LineView(f.Line, f.What.ToString()))], found.Value.Gaps));
    }

    private static async Task<Results<Ok<TableView>, ProblemHttpResult>> Publish(int version, string? seen, PublishTable use, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await use.Run(version, seen, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(View(made.Value));
    }

    private static async Task<Results<Ok<RowsView>, ProblemHttpResult>> One(int version, PublishTable use, DeskBook desks, CancellationToken stop) => Rows(await use.One(version, stop), await desks.Now(stop));

    private static async Task<Results<Ok<RowsView>, ProblemHttpResult>> Start(EditDraft.StartAsk ask, EditDraft use, DeskBook desks, ClaimsPrincipal user, CancellationToken stop) =>
        Rows(await use.Start(ask, Actor.From(user)!, stop), await desks.Now(stop));

    private static async Task<Results<Ok<RowsView>, ProblemHttpResult>> Change(int version, EditDraft.Ask ask, EditDraft use, DeskBook desks, ClaimsPrincipal user, CancellationToken stop) =>
        Rows(await use.Run(version, ask, Actor.From(user)!, stop), await desks.Now(stop));

    private static Results<Ok<RowsView>, ProblemHttpResult> Rows(Result<TableVersion> found, Desk desk) => found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(new RowsView(
        View(found.Value), found.Value.Mark, [.. found.Value.Rows.Select(r => new RowView(r.Line, TableText.Cells(r, desk)))], [.. TableText.Faults(found.Value.Rows, desk).Select(f => new LineView(f.Line, f.What.ToString()))], CheckTable.Gaps(found.Value.Rows, desk)));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Csv(int version, PublishTable use, DeskBook desks, CancellationToken stop)
    {
        var found = await use.One(version, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Bytes(Encoding.UTF8.GetBytes(TableText.Write(found.Value.Rows, await desks.Now(stop))), "text/csv; charset=utf-8", $"case-dispatch-{version}.csv");
    }

    /// <param name="PublishedBy">Null: a draft.</param>
    internal sealed record TableView(int Version, int Rows, string Note, string MadeBy, DateTimeOffset MadeAt, string? PublishedBy, DateTimeOffset? PublishedAt);

    /// <param name="Line">Of the file; the header is 1.</param>
    internal sealed record LineView(int Line, string What);

    /// <param name="Cells">As the columns of the CSV.</param>
    internal sealed record RowView(int Line, RowCells Cells);

    /// <param name="Mark">To be sent back as what was seen, with a change or to publish.</param>
    internal sealed record RowsView(TableView Table, string Mark, IReadOnlyList<RowView> Rows, IReadOnlyList<LineView> Faults, IReadOnlyList<DispatchGap> Gaps);

    internal sealed record LookView(int Rows, IReadOnlyList<LineView> Faults, IReadOnlyList<DispatchGap> Gaps);
}
