// The HTTP API of the event centre: changes as they happen, by Server-Sent Events; cases that may be the same.
using System.Security.Claims;
using Lizhou.Cases.Finding;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Centre;

internal static class CentreRoutes
{
    private const string Type = "text/event-stream";

    public static void Map(IEndpointRouteBuilder routes) => Map(CaseRoutes.Group(routes, "/api/v1/cases"));

    private static void Map(RouteGroupBuilder cases)
    {
        cases.MapGet("/changes", Changes).WithName("FollowCases");
        cases.MapGet("/process", (ShowProcess show, ClaimsPrincipal user, CancellationToken stop) => show.Now(Actor.From(user)!, stop)).WithName("ShowProcess");
        cases.MapGet("/replay", Replay).WithName("ReplayDay");
        cases.MapGet("/{number}/alike", AlikeOnes).WithName("FindAlikeCases");
    }

    private static async Task<Results<Ok<DayReplay>, ProblemHttpResult>> Replay(DateOnly? day, ShowProcess show, ClaimsPrincipal user, CancellationToken stop) =>
        day is not { } asked ? Problems.WrongField.With(new Text("day", "day"), new Text("须填写要回放的日期，如 2026-01-31", "tells the day to be played again, e.g. 2026-01-31")).At("day").ToHttp()
        : ShowProcess.Sensible(asked) ? TypedResults.Ok(await show.Replay(asked, Actor.From(user)!, stop)) : Problems.WrongField.With(new Text("day", "day"), new Text("须在 1990 年至 2200 年之间", "it lies between 1990 and 2200")).At("day").ToHttp();

    private static async Task<Results<Ok<IReadOnlyList<Alike>>, ProblemHttpResult>> AlikeOnes(string number, FindCases find, FindAlike alike, ClaimsPrincipal user, CancellationToken stop)
    {
        var found = await find.One(number, Actor.From(user)!, stop);
        return found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(await alike.Run(found.Value.File, Actor.From(user)!, stop));
    }

    private static IResult Changes(HttpContext http, CaseNews news, FollowCases follow, ClaimsPrincipal user, CancellationToken stop)
    {
        // A program that takes this for a list would wait for its end for ever.
        if (!http.Request.Headers.Accept.ToString().Contains(Type, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.NoStream.ToHttp();
        }

        if (news.Listen(Actor.From(user)!.Id) is not { } ear)
        {
            return Problems.ManyFollow.ToHttp();
        }

        http.Response.OnCompleted(() =>
        {
            ear.Dispose();
            return Task.CompletedTask;
        });
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(follow.Run(ear, http.Request.Headers["Last-Event-ID"], Actor.From(user)!, stop));
    }
}
