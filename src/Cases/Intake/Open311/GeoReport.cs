// The HTTP API of outside clients that report to cities: Open311 GeoReport v2, https://wiki.open311.org/GeoReport_v2, in XML and JSON, with the updates extension. A channel's key is the api_key.
using System.Text.Json.Nodes;
using Lizhou.Cases.Acting;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Cases.Intake.Open311;

internal static class GeoReport
{
    private const string Format = "{format:regex(^(json|xml)$)}";
    private const int MostForm = 64 << 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/open311/v2").WithTags("Open311").AllowAnonymous().WithMetadata(new TokenField("api_key"));
        open.MapGet($"/discovery.{Format}", Discovery);
        open.MapGet($"/services.{Format}", Services);
        open.MapGet($"/services/{{service}}.{Format}", Definition);
        open.MapGet($"/requests.{Format}", Requests);
        open.MapGet($"/requests/{{number}}.{Format}", Request);
        open.MapPost($"/requests.{Format}", Post).DisableAntiforgery();
        open.MapGet($"/servicerequestupdates.{Format}", Since);
        open.MapPost($"/servicerequestupdates.{Format}", Add).DisableAntiforgery();
    }

    private static IResult Discovery(string format, HttpRequest request, TimeProvider clock) => Answer.Of(
        format,
        new JsonObject
        {
            ["changeset"] = FindRequests.Moment(clock.GetUtcNow()),
            ["contact"] = $"{request.Scheme}://{request.Host}/",
            ["key_service"] = $"{request.Scheme}://{request.Host}/cases/channels",
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["specification"] = "http://wiki.open311.org/GeoReport_v2", ["url"] = $"{request.Scheme}://{request.Host}/open311/v2", ["type"] = "production", ["formats"] = new JsonArray("text/xml", "application/json"),
            }),
        },
        "discovery");

    private static async Task<IResult> Services(string format, DeskBook desks, CancellationToken stop) => Answer.Of(
        format,
        new JsonArray([.. (await desks.Now(stop)).Classes.Values.OrderBy(c => c.Code, StringComparer.Ordinal).Select(c => new JsonObject
        {
            ["service_code"] = c.Code, ["service_name"] = c.Name, ["description"] = c.Filing.Length > 0 ? c.Filing : $"{c.Family} · {c.Name}", ["metadata"] = "false", ["type"] = "realtime", ["keywords"] = c.Family, ["group"] = c.Family,
        })]),
        "services/service");

    private static async Task<IResult> Definition(string service, string format, DeskBook desks, CancellationToken stop) =>
        (await desks.Now(stop)).Classes.ContainsKey(service) ? Answer.Of(format, new JsonObject { ["service_code"] = service, ["attributes"] = new JsonArray() }, "service_definition")
            : Answer.Refused(format, Problems.NoClass.With(service));

    private static async Task<IResult> Requests(string format, [AsParameters] RequestsAsk ask, HttpContext http, FindRequests find, CancellationToken stop)
    {
        var (channel, refused) = await Come(http);
        var found = refused is null ? await find.Run(ask, channel, stop) : refused;
        return found.Problem is { } problem ? Answer.Refused(format, problem) : Answer.Of(format, found.Value, "service_requests/request");
    }

    private static async Task<IResult> Request(string number, string format, HttpContext http, FindRequests find, CancellationToken stop)
    {
        var (channel, refused) = await Come(http);
        var found = refused is null ? await find.Run(new(number), channel, stop) : refused;
        return found.Problem is { } problem ? Answer.Refused(format, problem)
            : found.Value.Count == 0 ? Answer.Refused(format, Problems.NoCase.With(number)) : Answer.Of(format, found.Value, "service_requests/request");
    }

    private static async Task<IResult> Post(string format, HttpContext http, PostRequest post, CancellationToken stop)
    {
        var (channel, form, refused) = await Sent(http);
        var made = refused is null ? await post.Run(form!, http.Request.Headers["Idempotency-Key"], ChannelKeys.Of(http.User)!.Value, channel!, stop) : refused;
        return made.Problem is { } problem ? Answer.Refused(format, problem) : Answer.Of(format, made.Value, "service_requests/request", StatusCodes.Status201Created);
    }

    private static async Task<IResult> Since(string format, string? start_date, string? end_date, HttpContext http, Updates updates, CancellationToken stop)
    {
        var (channel, refused) = await Come(http);
        var (from, to) = (Asked.Moment("start_date", start_date), Asked.Moment("end_date", end_date));
        return (refused ?? (channel is null ? Problems.NoKey : from.Problem ?? to.Problem)) is { } problem ? Answer.Refused(format, problem)
            : Answer.Of(format, await updates.Since(from.Value, to.Value, channel!, stop), "service_request_updates/request_update");
    }

    private static async Task<IResult> Add(string format, HttpContext http, Updates updates, CancellationToken stop)
    {
        var (channel, form, refused) = await Sent(http);
        var added = refused is null ? await updates.Add(form!, channel!, stop) : refused;
        return added.Problem is { } problem ? Answer.Refused(format, problem) : Answer.Of(format, added.Value, "service_request_updates/request_update", StatusCodes.Status201Created);
    }

    private static async Task<(Actor? Channel, IFormCollection? Form, Problem? Refused)> Sent(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is > MostForm)
        {
            return (null, null, Problems.NoForm);
        }

        var (channel, refused) = await Come(http);
        if (refused is not null || channel is null)
        {
            return (null, null, refused ?? Problems.NoKey);
        }

        try
        {
            return (channel, await http.Request.ReadFormAsync(http.RequestAborted), null);
        }
        catch (InvalidDataException)
        {
            return (null, null, Problems.NoForm); // Too many fields.
        }
    }

    /// <summary>Who comes: nobody without a key; refused with one that does not count, or serves something else.</summary>
    private static async Task<(Actor? Channel, Problem? Refused)> Come(HttpContext http)
    {
        AuthenticateResult come;
        try
        {
            come = await http.AuthenticateAsync(IApiTokens.Scheme);
        }
        catch (InvalidDataException)
        {
            return (null, Problems.NoForm);
        }
        catch (ProblemException damaged)
        {
            return (null, damaged.Problem); // Of its charset, or what is no text in it.
        }

        if (come.None)
        {
            return (null, null);
        }

        if (!come.Succeeded || ChannelKeys.Of(come.Principal) is null)
        {
            return (null, Problems.NoKey);
        }

        http.User = come.Principal;
        return (Actor.From(come.Principal), null);
    }
}
