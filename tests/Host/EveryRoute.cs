// The routes of the running program with what each takes: values of its path, its query, its body. Read from the endpoints themselves, so that a route made tomorrow is asked too.
using System.Collections;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Host.Tests;

/// <param name="Queries">Names of what it reads of the address.</param>
/// <param name="Body">Of its JSON body; null for none.</param>
/// <param name="Roles">One of them is needed; empty for anybody who is signed in, or for everybody.</param>
public sealed record EveryRoute(string Method, string Pattern, RouteEndpoint Endpoint, IReadOnlyList<string> Queries, Type? Body, IReadOnlyList<string> Roles, bool Open, bool Page)
{
    /// <summary>Whether it takes a form with a file, and nothing else.</summary>
    public bool TakesFile => Body is null && Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("multipart/form-data") == true;

    private const int Deep = 4;

    public override string ToString() => $"{Method} {Pattern}";

    public bool Safe => Method is "GET" or "HEAD";

    /// <summary>What it takes instead of JSON and forms; null where it takes these.</summary>
    private string? Other => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is [var type, ..] && type != "application/json" && !type.Contains("form", StringComparison.Ordinal) ? type : null;

    /// <summary>Wrong tries there lock the account of whoever asks.</summary>
    public bool CountsTries => !Open && (Pattern.Contains("password", StringComparison.Ordinal) || Pattern.Contains("second-factor", StringComparison.Ordinal) || Pattern.StartsWith("/api/v1/session/", StringComparison.Ordinal));

    /// <summary>Ends the session of whoever asks.</summary>
    public bool EndsSession => ToString() is "DELETE /api/v1/session/" or "POST /sign-out";

    public static IReadOnlyList<EveryRoute> Of(County city) =>
    [
        .. city.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()
            .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null && e.RoutePattern.RawText?.Contains('*', StringComparison.Ordinal) == false)
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => Read(m, e))).DistinctBy(r => r.ToString()),
    ];

    /// <summary>The address with every value of the path and the query.</summary>
    public string Path(Func<string, string> value, IEnumerable<string>? queries = null)
    {
        var path = "/" + string.Join('/', Pattern.TrimStart('/').Split('/').Select(p => !p.StartsWith('{') ? p : !p.EndsWith('}') ? $"x{p[(p.IndexOf('}', StringComparison.Ordinal) + 1)..]}" : p.Contains(":guid", StringComparison.Ordinal) ? Guid.Empty.ToString()
            : p.Contains(":int", StringComparison.Ordinal) || p.Contains(":long", StringComparison.Ordinal) ? "1" : Uri.EscapeDataString(value(p.Trim('{', '}').Split(':')[0])) is { Length: > 0 } text && text.Trim('.').Length > 0 ? text : "x"));
        var query = string.Join('&', (queries ?? Queries).Select(q => $"{q}={Uri.EscapeDataString(value(q))}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>A body of its shape in which every text is this one.</summary>
    public HttpContent? Filled(string text) => Body is not null ? JsonContent.Create(Value(Body, text, 0)) : Safe ? null : Other is { } type ? new StringContent(text, new MediaTypeHeaderValue(type)) : TakesFile ? new MultipartFormDataContent { { new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text)), "file", "x.csv" } } : JsonContent.Create(new { });

    private static EveryRoute Read(string method, RouteEndpoint endpoint)
    {
        var (metadata, inPath) = (endpoint.Metadata, endpoint.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
        var page = metadata.GetMetadata<ComponentTypeMetadata>()?.Type;
        var accepts = metadata.GetMetadata<IAcceptsMetadata>();
        var body = accepts?.ContentTypes.Contains("application/json") == true ? accepts.RequestType : null;
        List<string> queries = page is not null
            ? [.. page.GetProperties().Select(p => (p.Name, Of: p.GetCustomAttribute<SupplyParameterFromQueryAttribute>())).Where(p => p.Of is not null).Select(p => p.Of!.Name ?? p.Name)]
            : [.. (metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []).SelectMany(Simple)];
        string[] roles =
        [
            .. metadata.GetOrderedMetadata<IAuthorizeData>().SelectMany(a => (a.Roles ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            .. metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<RolesAuthorizationRequirement>().SelectMany(r => r.AllowedRoles),
        ];
        var open = metadata.GetMetadata<IAllowAnonymous>() is not null || (metadata.GetMetadata<IAuthorizeData>() is null && metadata.GetMetadata<AuthorizationPolicy>() is null);
        return new(method, "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), endpoint, [.. queries.Where(q => !inPath.Contains(q)).Distinct()], body, [.. roles.Distinct()], open, page is not null);
    }

    private static IEnumerable<string> Simple(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is not null ? parameter.ParameterType.GetProperties().Where(p => IsSimple(p.PropertyType)).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))
        : parameter.Name is { } name && IsSimple(parameter.ParameterType) && parameter.GetCustomAttribute<FromServicesAttribute>() is null ? [name] : [];

    private static bool IsSimple(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var bare && (bare.IsPrimitive || bare.IsEnum || bare == typeof(string) || bare == typeof(Guid) || bare == typeof(DateOnly) || bare == typeof(DateTimeOffset) || bare == typeof(decimal));

    private static JsonNode? Value(Type type, string text, int depth)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string) || depth > Deep)
        {
            return depth > Deep ? null : JsonValue.Create(text);
        }

        if (IsSimple(bare))
        {
            return bare.IsEnum ? JsonValue.Create(Enum.GetNames(bare)[0]) : bare == typeof(bool) ? JsonValue.Create(false) : bare == typeof(Guid) ? JsonValue.Create(Guid.Empty.ToString())
                : bare == typeof(DateOnly) ? JsonValue.Create("2026-01-01") : bare == typeof(DateTimeOffset) ? JsonValue.Create("2026-01-01T00:00:00Z") : JsonValue.Create(1);
        }

        var generic = bare.IsGenericType ? bare.GetGenericArguments() : [];
        if (generic.Length == 2 && bare.Name.Contains("Dictionary", StringComparison.Ordinal))
        {
            return new JsonObject { [text] = Value(generic[1], text, depth + 1) };
        }

        return typeof(IEnumerable).IsAssignableFrom(bare) ? new JsonArray(Value(generic.FirstOrDefault() ?? bare.GetElementType() ?? typeof(string), text, depth + 1))
            : bare.IsAbstract || bare.IsInterface || bare == typeof(JsonElement) || bare == typeof(object) ? JsonValue.Create(text)
            : new JsonObject(bare.GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.CanWrite).Select(p => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(p.Name), Value(p.PropertyType, text, depth + 1))));
    }
}

/// <summary>A city with somebody of every role, who signs in again when a route has ended their session.</summary>
public sealed class QuietCity : County, IAsyncLifetime
{
    private int strangers;
    private Guid unit;
    private readonly Dictionary<string, HttpClient> people = new(StringComparer.Ordinal);

    public IReadOnlyList<EveryRoute> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Open();
        All = EveryRoute.Of(this);
        All.Count.ShouldBeGreaterThan(250);
        using var engineer = await As(Kernel.Roles.Engineer);
        unit = (await Json(await engineer.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }))).GetProperty("id").GetGuid();
    }

    /// <summary>Somebody whom the route lets in; a visitor where it lets in everybody.</summary>
    public async Task<HttpClient> For(EveryRoute route) =>
        route.Open ? Stranger() : route.CountsTries ? await AsStewardOf(unit) : await One(route.Roles.Count == 0 || route.Roles.Contains(Kernel.Roles.Engineer) ? Kernel.Roles.Engineer : route.Roles[0]);

    /// <summary>Nobody, from an address of its own each time: doors count tries by address, and the people of this city come by another.</summary>
    public HttpClient Stranger()
    {
        var own = Interlocked.Increment(ref strangers);
        return new(new SocketsHttpHandler
        {
            UseCookies = false, AllowAutoRedirect = false,
            ConnectCallback = async (to, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(own / 250 % 250), (byte)(own % 250 + 1)]), 0));
                await socket.ConnectAsync(to.DnsEndPoint, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { BaseAddress = Address };
    }

    /// <summary>A person of a role, still signed in.</summary>
    public async Task<HttpClient> One(string role)
    {
        if (!people.TryGetValue(role, out var person) || !(await person.GetAsync("/api/v1/session")).IsSuccessStatusCode)
        {
            people[role] = person = role == Kernel.Roles.UnitAdministrator ? await UnitAdministrator() : await As(role);
        }

        return person;
    }

    private async Task<HttpClient> UnitAdministrator()
    {
        var login = $"keeper-{Guid.NewGuid().ToString()[..6]}";
        var (_, first) = await Account(login, "模拟管理员", Kernel.Roles.UnitAdministrator, unit);
        using var newcomer = await SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Changed-by-test-1" })).EnsureSuccessStatusCode();
        return await SignedIn(login, "Changed-by-test-1");
    }
}
