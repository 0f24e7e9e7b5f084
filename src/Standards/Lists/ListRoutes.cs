// The API of the code lists under /api/v1/standards/lists: every route and the use case behind it.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Standards.Lists;

internal static class ListRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.Group("lists");
        group.MapGet("/", async (string? q, int? page, int? size, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            TypedResults.Ok(await ShowList.All(register, q, new(page, size), user.Who(), stop))).WithName("ListCodeLists");
        group.MapGet("/template", (TimeProvider clock) => (ExportCodes.Of(null, new Text("代码集", "Code list").ToString(), ImportCodes.Columns, [], () => []), "codes").Sent(clock)).WithName("GetCodeListTemplate");
        group.MapGet("/{code}", async (string code, int? version, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowList.One(register, code, version, user.Who(), stop)).Answer(f => f.View)).WithName("GetCodeList");
        group.MapPut("/{code}", async Task<Results<Ok<Stand>, ProblemHttpResult>> (string code, SaveList.Request ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await SaveList.Run(register, code, ask, await register.Find(StandardKind.CodeList, code, stop) is null, user.Who(), stop)).Answer(Stand.Of)).WithName("SaveCodeList");
        group.MapPost("/{code}/publish", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Publish(StandardKind.CodeList, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("PublishCodeList");
        group.MapPost("/{code}/discard", async (string code, StepRequest? ask, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await register.Discard(StandardKind.CodeList, code, ask?.Revision, user.Who(), stop)).Answer(Stand.Of)).WithName("DiscardCodeList");
        Read(group);
        Tables(group);
        group.MapGet("/{code}/crosswalk", async (string code, [AsParameters] Crosswalk.Filter filter, int? page, int? size, Crosswalk crosswalk, ClaimsPrincipal user, CancellationToken stop) =>
            (await crosswalk.List(code, filter, new(page, size), user.Who(), stop)).Answer()).WithName("ListCrosswalk");
        group.MapPost("/{code}/crosswalk", async (string code, Crosswalk.Request ask, Crosswalk crosswalk, ClaimsPrincipal user, CancellationToken stop) =>
            (await crosswalk.Add(code, ask, user.Who(), stop)).Answer()).WithName("AddToCrosswalk");
        group.MapPost("/{code}/crosswalk/settle", async (string code, Crosswalk.Settling ask, Crosswalk crosswalk, ClaimsPrincipal user, CancellationToken stop) =>
            (await crosswalk.Settle(code, ask, user.Who(), stop)).Answer()).WithName("SettleCrosswalk");
    }

    private static void Read(RouteGroupBuilder group)
    {
        group.MapGet("/{code}/codes", async (string code, [AsParameters] ShowList.Filter filter, int? page, int? size, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowList.Codes(register, code, filter, new(page, size), user.Who(), stop)).Answer()).WithName("ListCodes");
        group.MapGet("/{code}/versions", async (string code, Register register, ClaimsPrincipal user, CancellationToken stop) =>
        {
            var found = await ShowList.One(register, code, null, user.Who(), stop);
            return found.Refused ? found.Answer(_ => new List<VersionLine>())
                : TypedResults.Ok((await register.Versions(found.Value.Standard, stop)).FindAll(v => user.Who().Sees(found.Value.Standard, v.Number)));
        }).WithName("ListCodeListVersions");
        group.MapGet("/{code}/changes", async (string code, int from, int to, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowList.Versions(register, code, from, to, user.Who(), stop)).Answer()).WithName("CompareCodeListVersions");
        group.MapGet("/{code}/days", async (string code, DateOnly from, DateOnly to, Register register, ClaimsPrincipal user, CancellationToken stop) =>
            (await ShowList.Days(register, code, from, to, user.Who(), stop)).Answer()).WithName("CompareCodeListDays");
        group.MapGet("/{code}/resolve", async Task<Results<Ok<CodeResolution>, ProblemHttpResult>> (string code, string value, DateOnly? at, ICodeLists lists, CancellationToken stop) =>
            await lists.Resolve(code, value, at, stop) is { } resolved ? TypedResults.Ok(resolved) : Problems.NotFound.With(code).ToHttp()).WithName("ResolveCode");
        group.MapGet("/{code}/impact", async Task<Results<Ok<Impact>, ProblemHttpResult>> (string code, bool? rows, Register register, IElementUse use, IRowGate gate, ClaimsPrincipal user, CancellationToken stop) =>
            user.Who().Has(Roles.Engineer) ? (await Impact.Of(register, use, gate, code, rows == true, user.Who(), stop)).Answer() : Problems.BureauOnly.ToHttp()).WithName("ShowCodeListImpact");
    }

    private static void Tables(RouteGroupBuilder group)
    {
        group.MapGet("/{code}/export", async Task<Results<FileContentHttpResult, ProblemHttpResult>> (
            string code, int? version, DateOnly? on, string? format, Register register, ILedger ledger, ClaimsPrincipal user, CancellationToken stop) =>
        {
            var found = await ShowList.One(register, code, version, user.Who(), stop);
            return found.Refused ? found.Problem!.ToHttp()
                : await ExportCodes.Run(register, ledger, code, version, on, format, user.Who(), stop) is var made && made.Refused ? made.Problem!.ToHttp() : made.Value.Sent(register.Clock);
        }).WithName("ExportCodeList");
        group.MapPost("/{code}/import", (string code, IFormFile file, bool? preview, Register register, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
                StandardRoutes.Upload(file, ImportCodes.Noun, settings, path => ImportCodes.Run(register, code, path, preview == true, user.Who(), stop), stop))
            .WithName("ImportCodes").DisableAntiforgery(); // The session scheme has checked it already; a program has no form token.
        group.MapPost("/{code}/editions", (string code, IFormFile file, bool? preview, Register register, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
                StandardRoutes.Upload(file, ImportEditions.Noun, settings, path => ImportEditions.Run(register, code, path, preview == true, user.Who(), stop), stop))
            .WithName("ImportEditions").DisableAntiforgery(); // As the import.
    }
}
