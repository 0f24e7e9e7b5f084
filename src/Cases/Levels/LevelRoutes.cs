// The HTTP API between levels: the inbox other installations write to, and the peers and forms of this one's people.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Cases.Acting;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Levels;

internal static class LevelRoutes
{
    public const string Inbox = "/levels/v1/messages";
    public const string Photos = "/levels/v1/photos";
    private const int MostBytes = 64 << 10;
    private const int MostPart = SendPhotos.PartBytes + (4 << 10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Inbox, (HttpContext http, LevelGate gate, LevelDoor door, TakeForm take, CancellationToken stop) => Come(http, gate, door, MostBytes, Problems.NoLevelForm.With(new Text("超过 64 KB", "it has more than 64 KB")), take.Run, stop))
            .AllowAnonymous().DisableAntiforgery().WithTags("Cases").WithName("TakeLevelMessage").WithMetadata(new RequestSizeLimitAttribute(MostBytes));
        routes.MapPost(Photos, (HttpContext http, LevelGate gate, LevelDoor door, TakePhoto take, CancellationToken stop) => Come(http, gate, door, MostPart, Problems.NoPart, take.Run, stop))
            .AllowAnonymous().DisableAntiforgery().WithTags("Cases").WithName("TakeLevelPhoto").WithMetadata(new RequestSizeLimitAttribute(MostPart));
        var levels = CaseRoutes.Group(routes, "/api/v1/case-levels");
        levels.MapGet("/peers", async (Peers peers, DeskBook desks, ClaimsPrincipal user, CancellationToken stop) => await peers.Seen(Actor.From(user)!, await desks.Now(stop), stop)).WithName("ListPeers");
        levels.MapPost("/peers", Make).WithName("MakePeer");
        levels.MapPost("/peers/{id:guid}/end", End).WithName("EndPeer");
        levels.MapGet("/peers/{id:guid}/codes", async (Guid id, SaveCrosswalk codes, CancellationToken stop) => (await codes.Of(id, stop)).Rows).WithName("ListLevelCodes");
        levels.MapPut("/peers/{id:guid}/codes", Codes).WithName("SaveLevelCodes");
        levels.MapGet("/cases", Read).WithName("ListLevelCases");
        levels.MapPost("/cases", File).WithName("FileLevelCase");
        levels.MapPost("/forms", Send).WithName("SendLevelForm");
    }

    /// <summary>An address that comes too often is told before anything is read, a peer once its signature counts: nobody can spend another's share.</summary>
    private static async Task<IResult> Come(HttpContext http, LevelGate gate, LevelDoor door, int most, Problem large, Func<byte[], Peer, CancellationToken, Task<Result<byte[]>>> take, CancellationToken stop)
    {
        if (gate.Address(http.Connection.RemoteIpAddress) is { } often)
        {
            return Later(http, often);
        }

        if (http.Request.ContentLength > most)
        {
            return large.ToHttp();
        }

        using var kept = new MemoryStream();
        var part = new byte[8 << 10];
        for (int read; (read = await http.Request.Body.ReadAsync(part, stop)) > 0;)
        {
            kept.Write(part, 0, read);
            if (kept.Length > most)
            {
                return large.ToHttp();
            }
        }

        var body = kept.ToArray();
        var opened = await door.Open(body, http.Request.Headers[LevelCall.LinkHeader], http.Request.Headers[LevelCall.Header], stop);
        if (opened.Problem is { } unknown)
        {
            return unknown.ToHttp();
        }

        var (peer, secret) = opened.Value;
        if (gate.Enter(peer.Id) is { } late)
        {
            return Later(http, late);
        }

        try
        {
            var taken = await take(body, peer, stop);
            if (taken.Problem is { } refused)
            {
                return refused.ToHttp();
            }

            http.Response.Headers[LevelCall.Header] = Peers.Sign(secret, taken.Value);
            return TypedResults.Bytes(taken.Value, "application/json");
        }
        finally
        {
            gate.Leave(peer.Id);
        }
    }

    private static ProblemHttpResult Later(HttpContext http, TooOften often)
    {
        http.Response.Headers.RetryAfter = often.Wait.ToString(CultureInfo.InvariantCulture);
        return Problems.TooOften.ToHttp();
    }

    private static async Task<Results<Ok<IReadOnlyList<CodeRow>>, ProblemHttpResult>> Codes(Guid id, SaveCrosswalk.Ask ask, SaveCrosswalk save, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await save.Run(id, ask, Actor.From(user)!, stop);
        return saved.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(saved.Value.Rows);
    }

    private static async Task<Results<Ok<LevelFiled>, ProblemHttpResult>> File(FileCase.Ask ask, FileCase file, ClaimsPrincipal user, CancellationToken stop)
    {
        var filed = await file.Run(ask, Actor.From(user)!, stop);
        return filed.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(new LevelFiled(filed.Value.File.Number));
    }

    /// <param name="Number">Of the case here.</param>
    internal sealed record LevelFiled(string Number);

    private static async Task<Results<Ok<MadePeer>, ProblemHttpResult>> Make(Peers.Ask ask, Peers peers, ClaimsPrincipal user, CancellationToken stop)
    {
        var made = await peers.Make(ask, Actor.From(user)!, stop);
        return made.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(made.Value);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> End(Guid id, Peers peers, ClaimsPrincipal user, CancellationToken stop) =>
        await peers.End(id, Actor.From(user)!, stop) is { } refused ? refused.ToHttp() : TypedResults.NoContent();

    private static async Task<Results<Ok<List<LevelThread>>, ProblemHttpResult>> Read(ReadLevels read, ClaimsPrincipal user, CancellationToken stop)
    {
        var all = await read.Run(Actor.From(user)!, stop);
        return all.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(all.Value);
    }

    private static async Task<Results<Ok<LevelMessage>, ProblemHttpResult>> Send(SendForm.Ask ask, SendForm send, ClaimsPrincipal user, CancellationToken stop)
    {
        var sent = await send.Run(ask, Actor.From(user)!, stop);
        return sent.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(sent.Value);
    }
}
