// In: a service by its X-Road address, the headers of the message protocol for REST (PR-REST 1.0, "r1"), and a key or token of ours. Out: the grant's data API, with the protocol's headers.
// Member: the source unit's credit code; subsystem: the resource's code; service: the grant's number. Refuses a client that is not who authenticated, and an address that is not the grant's,
// as the protocol says it (X-Road-Error); what the data API itself refuses passes as it is, as a provider's own answer does.
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Deliveries;
using Lizhou.Sharing.Grants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Lizhou.Sharing.Data;

internal sealed partial class XRoadCall(StateStore state, ReadGranted read, IUnits units, SharingLimits limits, ILedger ledger, TimeProvider clock)
{
    public const string Route = "/r1/{instance}/{memberClass}/{memberCode}/{subsystem}/{service}";

    /// <summary>The same with the slash of the resource's code as it is: the protocol wants it encoded, and people write it as they see it.</summary>
    public const string PlainRoute = "/r1/{instance}/{memberClass}/{memberCode}/{class}/{serial}/{service}";

    /// <summary>All units are of the government.</summary>
    private const string MemberClass = "GOV";

    private const int LongestAddress = 2000;
    private const int LongestHeader = 255;

    /// <summary>A fault of X-Road itself.</summary>
    /// <param name="Type">As <c>X-Road-Error</c> names it.</param>
    /// <param name="Status">400 for the client's message, 500 for everything else: the protocol knows no more.</param>
    private sealed record Fault(string Type, int Status, string Message);

    internal static Task<IResult> Handle(
        string instance, string memberClass, string memberCode, string subsystem, string service, HttpContext http, XRoadCall call, ClaimsPrincipal who, CancellationToken stop) =>
        // Only a slash is still encoded here: a resource's code has one.
        call.Run([.. new[] { instance, memberClass, memberCode, subsystem, service }.Select(Uri.UnescapeDataString)], http, who, stop);

    internal static Task<IResult> HandlePlain(
        string instance, string memberClass, string memberCode, string @class, string serial, string service, HttpContext http, XRoadCall call, ClaimsPrincipal who, CancellationToken stop) =>
        Handle(instance, memberClass, memberCode, $"{@class}/{serial}", service, http, call, who, stop);

    private async Task<IResult> Run(string[] service, HttpContext http, ClaimsPrincipal who, CancellationToken stop)
    {
        var (actor, request) = (Actor.From(who)!, http.Request.Headers);
        var id = request["X-Road-Id"] is [{ Length: > 0 } given] ? given : Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        var client = request["X-Road-Client"] is [{ } named] ? named : "";
        var fault = BadMessage(http.Request, client) ?? await NotTheClient(client, actor, stop) ?? await NotTheService(service, who, actor, stop);
        var told = http.Response.Headers;
        if (fault is not null)
        {
            await ledger.Append(actor, new("xroad.refused", Veiled(Short(service[^1])), fault.Type, new { id = Veiled(Short(id)), client = Veiled(Short(client)), service = Veiled(Short(string.Join('/', service))) }), stop);
            told["X-Road-Error"] = fault.Type;
            return TypedResults.Json(new { type = fault.Type, message = fault.Message, detail = ProblemResponses.TrackingId }, statusCode: fault.Status);
        }

        // For whom and in which matter: before anything leaves. The rows' own evidence follows with the same tracking id.
        await ledger.Append(
            actor, new("xroad.called", service[^1], Evidence.Done, new { id = Veiled(id), client, service = string.Join('/', service), user = Veiled(request["X-Road-UserId"].ToString()), issue = Veiled(request["X-Road-Issue"].ToString()) }), stop);
        told["X-Road-Client"] = client;
        told["X-Road-Service"] = string.Join('/', service.Select(Uri.EscapeDataString));
        told["X-Road-Id"] = id;
        told["X-Road-Request-Id"] = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        told["X-Road-Request-Hash"] = Hash(http.Request);
        return await ReadGranted.Handle(service[^1], http, read, who, stop);
    }

    private static Fault? BadMessage(HttpRequest request, string client)
    {
        string[] once = ["X-Road-Client", "X-Road-Id", "X-Road-UserId", "X-Road-Issue"];
        var wrong = once.FirstOrDefault(h => request.Headers[h] is { Count: > 1 } or [{ Length: > LongestHeader }] || request.Headers[h].ToString().Any(c => c is < ' ' or > '~'));
        return wrong is not null ? new("Client.BadRequest", 400, $"{wrong} must stand once, in at most {LongestHeader} characters of ASCII.")
            : client.Split('/') is not { Length: 3 or 4 } parts || parts.Any(p => p.Length == 0) ? new("Client.BadRequest", 400, "X-Road-Client must be instance/class/member or instance/class/member/subsystem.")
            : request.GetEncodedPathAndQuery().Length > LongestAddress ? new("Client.BadRequest", 400, $"The address is longer than {LongestAddress} characters.")
            : null;
    }

    /// <summary>The header must name the unit that authenticated; a subsystem, the program, by its name or id.</summary>
    private async Task<Fault?> NotTheClient(string client, Actor actor, CancellationToken stop)
    {
        string[] parts = [.. client.Split('/').Select(Uri.UnescapeDataString)];
        var unit = actor.Unit is { } own ? await units.Find(own, stop) : null;
        var itself = unit is not null && parts[0] == limits.Instance && parts[1] == MemberClass && string.Equals(parts[2], unit.Code, StringComparison.OrdinalIgnoreCase)
            && (parts.Length == 3 || parts[3] == actor.Name || parts[3] == actor.Id.ToString());
        return itself ? null : new("Server.ServerProxy.AccessDenied", 500, "X-Road-Client is not the one whose key or token this is.");
    }

    private async Task<Fault?> NotTheService(string[] service, ClaimsPrincipal who, Actor actor, CancellationToken stop)
    {
        var grant = await SharedGrant.Find(state, service[4], stop);
        if (grant is null || grant.Unit != actor.Unit || grant.ResourceCode != service[3] || service[0] != limits.Instance || service[1] != MemberClass
            || !string.Equals((await units.Find(grant.Provider, stop))?.Code, service[2], StringComparison.OrdinalIgnoreCase))
        {
            return new("Server.ServerProxy.UnknownService", 500, "There is no such service for this client.");
        }

        return GrantKeys.Fits(who, grant) ? null : new("Server.ServerProxy.AccessDenied", 500, "This key or token is not of the grant.");
    }

    /// <summary>A number of a person (id card, telephone) is not kept whole: some clients send one as their user.</summary>
    private static string Veiled(string text) => PersonNumber().Replace(text, m => $"{m.Value[..3]}***{m.Value[^2..]}");

    [GeneratedRegex("[0-9]{10,17}[0-9Xx]", RegexOptions.None, 1000)]
    private static partial Regex PersonNumber();

    /// <summary>SHA-512 of the request's line and X-Road headers in the order they came, base64: the message has no body.</summary>
    private static string Hash(HttpRequest request)
    {
        var head = new StringBuilder($"{request.Method} {request.GetEncodedPathAndQuery()} HTTP/1.1\r\n");
        foreach (var (name, value) in request.Headers.Where(h => h.Key.StartsWith("X-Road-", StringComparison.OrdinalIgnoreCase)))
        {
            head.Append(name.ToLowerInvariant()).Append(':').Append(value).Append("\r\n");
        }

        return Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(head.ToString())));
    }

    private static string Short(string text) => text.Length > LongestHeader ? text[..LongestHeader] : text;
}
