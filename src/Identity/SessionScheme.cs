// In: a request with a session cookie. Out: who sends it. A cookie alone vouches for reading only: an unsafe method needs the antiforgery token too.
using System.Security.Claims;
using System.Text.Encodings.Web;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lizhou.Identity;

internal sealed class SessionScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, Sessions sessions, IAntiforgery antiforgery)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string Name = IApiTokens.Session;

    private bool unproven;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (LocalDoor(Context) is { } owner)
        {
            return Success(owner);
        }

        if (await sessions.Find(Context, Context.RequestAborted) is not { } principal)
        {
            return AuthenticateResult.NoResult();
        }

        if (!IsSafe(Request.Method) && !await IsProven(principal))
        {
            unproven = true;
            return AuthenticateResult.Fail(Problems.NoAntiforgery.ToString());
        }

        return Success(principal);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Response.HasStarted)
        {
            return; // Another scheme of the route has answered: to set the status now would cut its answer short.
        }

        if (unproven)
        {
            await Problems.NoAntiforgery.ToHttp().ExecuteAsync(Context);
        }
        else if (ReadsPages(Request))
        {
            Response.Redirect($"/sign-in?back={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }

    // Who is halfway in is sent to what is missing.
    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (HalfwayIn.Waits(Context.User) is { } missing && ReadsPages(Request))
        {
            Response.Redirect($"{(missing == "password" ? "/change-password" : "/second-factor")}?back={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
            return;
        }

        await base.HandleForbiddenAsync(properties);
    }

    /// <summary>The operator of this machine, whom the host has let in through the socket in the data folder.</summary>
    internal static ClaimsPrincipal? LocalDoor(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, AuthenticationType: "local-door" } ? context.User : null;

    private static bool ReadsPages(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && request.Headers.Accept.ToString() is var accept
        && (accept.Length == 0 || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal));

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private async Task<bool> IsProven(ClaimsPrincipal principal)
    {
        // A page checks its own forms; reading a large upload here would take it away from the page.
        if (Context.GetEndpoint()?.Metadata is { } known && (known.GetMetadata<ComponentTypeMetadata>() is not null || known.GetMetadata<ChecksOwnForm>() is not null))
        {
            return true;
        }

        var before = Context.User;
        Context.User = principal; // The token is made for one person; the check compares.
        var proven = await antiforgery.IsRequestValidAsync(Context);
        Context.User = before;
        return proven;
    }

    private static AuthenticateResult Success(ClaimsPrincipal principal) => AuthenticateResult.Success(new AuthenticationTicket(principal, Name));
}
