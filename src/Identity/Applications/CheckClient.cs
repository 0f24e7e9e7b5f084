// In: a request for a token. Out: nothing, when the application has proven its secret. Refuses, with evidence, a wrong one, a disabled application, guessing, and plain HTTP from elsewhere.
using System.Net;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Lizhou.Identity.Applications;

internal sealed class CheckClient(ApplicationRegister register, FailedTokens failed, IRefusalNotes notes) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var refusal = !IsSealed(http) ? Problems.PlainHttp
            : !failed.MayTry(http) ? Problems.TooOften
            : await register.Prove(context.ClientId, context.ClientSecret, http.RequestAborted) is null ? Problems.WrongClient
            : null;
        if (refusal is null)
        {
            return;
        }

        if (refusal == Problems.WrongClient)
        {
            failed.Failed(http);
        }

        var known = Guid.TryParseExact(context.ClientId, "D", out var client) ? client.ToString() : "unknown";
        await notes.Note(Actor.System, $"token {refusal.Code} {known} {Throttle.Bucket(http)}", new("token.refused", known, refusal.Code, new { from = Sessions.Address(http) }));
        context.Reject(refusal == Problems.WrongClient ? Errors.InvalidClient : refusal == Problems.TooOften ? Errors.SlowDown : Errors.InvalidRequest, GiveToken.Said(refusal));
    }

    private static bool IsSealed(HttpContext http) => http.Request.IsHttps || http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);
}
