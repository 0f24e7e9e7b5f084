// The HTTP API of tickets.
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Quality.Tickets;

internal static class TicketRoutes
{
    /// <param name="FromShare">Percent of the batch's rows, 0 to 100, as it is set.</param>
    internal sealed record LimitView(Guid Id, Severity Severity, decimal FromShare, int Workdays, int Remind, DateOnly ValidFrom, DateOnly? ValidUntil, string MadeBy, DateTimeOffset MadeAt);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var tickets = routes.MapGroup("/api/v1/tickets").WithTags("Tickets").WithChecks().RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        tickets.MapGet("/", List).WithName("ListTickets");
        tickets.MapGet("/{number}", One).WithName("GetTicket");
        tickets.MapPost("/{number}/steps", Step).WithName("StepTicket");
        tickets.MapPost("/reports", Report).WithName("ReportReceived");
        tickets.MapGet("/export", Export).WithName("ExportTickets");
        tickets.MapGet("/figures", Figures).WithName("CountTickets");
        tickets.MapGet("/figures/lines", Lines).WithName("ListTicketLines");
        tickets.MapGet("/figures/export", ExportFigures).WithName("ExportTicketFigures");
        tickets.MapGet("/limits", Limits).WithName("ListTicketLimits");
        tickets.MapPut("/limits", Limit).WithName("SetTicketLimit");
    }

    private static async Task<Ok<Page<TicketView>>> List([AsParameters] TicketFilter filter, [AsParameters] PageAsk page, FindTickets find, ClaimsPrincipal user, CancellationToken stop)
    {
        var (actor, found) = (Actor.From(user)!, await find.List(filter, page, Actor.From(user)!, stop));
        return TypedResults.Ok(new Page<TicketView>(await find.Views(found.Items, actor, stop), found.Number, found.Size, found.Total));
    }

    private static async Task<Results<Ok<TicketDetail>, ProblemHttpResult>> One(string number, FindTickets find, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await find.One(number, Actor.From(user)!, stop), find, Actor.From(user)!, stop);

    private static async Task<Results<Ok<TicketDetail>, ProblemHttpResult>> Step(string number, AnswerTicket.Ask ask, AnswerTicket answer, FindTickets find, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await answer.Run(number, ask, Actor.From(user)!, stop), find, Actor.From(user)!, stop);

    private static async Task<Results<Ok<TicketDetail>, ProblemHttpResult>> Report(ReportReceived.Ask ask, ReportReceived report, FindTickets find, ClaimsPrincipal user, CancellationToken stop) =>
        await Shown(await report.Run(ask, Actor.From(user)!, stop), find, Actor.From(user)!, stop);

    private static Task<FileContentHttpResult> Export([AsParameters] TicketFilter filter, string? format, ExportTickets export, ClaimsPrincipal user, CancellationToken stop) =>
        export.List(filter, format, Actor.From(user)!, stop);

    private static async Task<Ok<FigureView>> Figures(DateOnly? from, DateOnly? to, Guid? unit, Guid? resource, FigureBy? by, CountTickets count, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await count.Run(new(from, to, unit, resource, by ?? FigureBy.Unit), Actor.From(user)!, stop));

    private static async Task<Ok<Page<BehindLine>>> Lines(
        DateOnly? from, DateOnly? to, Guid? unit, Guid? resource, LineState? state, [AsParameters] PageAsk page, CountTickets count, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await count.Behind(new(from, to, unit, resource), state, page, Actor.From(user)!, stop));

    private static Task<FileContentHttpResult> ExportFigures(DateOnly? from, DateOnly? to, Guid? unit, FigureBy? by, string? format, ExportTickets export, ClaimsPrincipal user, CancellationToken stop) =>
        export.Figures(new(from, to, unit, null, by ?? FigureBy.Unit), format, Actor.From(user)!, stop);

    private static async Task<Ok<List<LimitView>>> Limits(SetLimit limits, CancellationToken stop) => TypedResults.Ok(
        (await limits.All(stop)).Select(l => new LimitView(l.Id, l.Severity, l.FromShare / 100m, l.Workdays, l.Remind, l.ValidFrom, l.ValidUntil, l.MadeBy, l.MadeAt)).ToList());

    private static async Task<Results<NoContent, ProblemHttpResult>> Limit(SetLimit.Ask ask, SetLimit limits, ClaimsPrincipal user, CancellationToken stop) =>
        await limits.Run(ask, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<Ok<TicketDetail>, ProblemHttpResult>> Shown(Result<Ticket> ticket, FindTickets find, Actor actor, CancellationToken stop) =>
        ticket.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await find.Detail(ticket.Value, actor, stop));
}
