// The API of the catalogue under /api/v1/resources: every route, its name in OpenAPI, and the use case behind it.
using System.Security.Claims;
using Lizhou.Catalog.Contract;
using Lizhou.Catalog.Search;
using Lizhou.Catalog.Workbook;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Catalog;

internal static class ResourceRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/resources").WithTags("Catalog").WithChecks()
            .RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        group.MapGet("/", Search).WithName("SearchResources");
        group.MapPost("/", Create).WithName("CreateResource");
        group.MapGet("/code/{**code}", ByCode).WithName("GetResourceByCode");
        group.MapGet("/{id:guid}", Get).WithName("GetResource");
        group.MapPut("/{id:guid}", Change).WithName("ChangeResource");
        group.MapPost("/{id:guid}/submit", Submit).WithName("SubmitResource");
        group.MapPost("/{id:guid}/review", Review).WithName("ReviewResource");
        group.MapPost("/{id:guid}/withdraw", Withdraw).WithName("WithdrawResource");
        group.MapPost("/{id:guid}/discard", Discard).WithName("DiscardChange");
        group.MapPost("/{id:guid}/publish", Publish).WithName("PublishResource");
        group.MapPost("/{id:guid}/retire", Retire).WithName("RetireResource");
        group.MapGet("/{id:guid}/versions", Versions).WithName("ListResourceVersions");
        group.MapGet("/{id:guid}/acts", Acts).WithName("ListResourceActs");
        group.MapGet("/{id:guid}/difference", Compare).WithName("CompareResourceVersions");
        group.MapPost("/{id:guid}/elements", Bind).WithName("BindItems");
        group.MapGet("/{id:guid}/elements", Suggested).WithName("SuggestElements");
        ContractRoutes.Map(group);
        WorkbookRoutes.Map(group);
    }

    private static Actor Who(ClaimsPrincipal user) => Actor.From(user)!;

    private static Results<Ok<T>, ProblemHttpResult> Answer<T>(Result<T> result) =>
        result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(result.Value);

    private static async Task<Ok<Found>> Search(
        [AsParameters] ResourceQuery query, int? page, int? size, [FromServices] Register register, [FromServices] ListTable table, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(await SearchResources.Run(register, table, query, new(page, size), Who(user), stop));

    private static async Task<Results<Created<ResourceView>, ProblemHttpResult>> Create(
        ResourceEntry entry, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop)
    {
        var result = await CreateResource.Run(register, entry, Who(user), stop);
        return result.Problem is { } refused ? refused.ToHttp() : TypedResults.Created($"/api/v1/resources/{result.Value.Id}", result.Value);
    }

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Get(
        Guid id, int? version, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await GetResource.Run(register, id, version, Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> ByCode(
        string code, int? version, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        // The slash of a code may stand as it is or encoded; encoded it is the one thing that is still so here.
        Answer(await GetResource.ByCode(register, code.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), version, Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Change(
        Guid id, ResourceEntry entry, long? revision, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await ChangeResource.Run(register, id, entry, revision, Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Submit(
        Guid id, ReviewResource.StepRequest? ask, [FromServices] Register register, [FromServices] LevelHints hints, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await hints.Beside(await ReviewResource.Submit(register, id, ask ?? new(), Who(user), stop), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Review(
        Guid id, ReviewResource.Request ask, [FromServices] Register register, [FromServices] LevelHints hints, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await hints.Beside(await ReviewResource.Review(register, id, ask, Who(user), stop), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Withdraw(
        Guid id, ReviewResource.StepRequest? ask, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await ReviewResource.Withdraw(register, id, ask ?? new(), Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Discard(
        Guid id, ReviewResource.StepRequest? ask, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await ReviewResource.Discard(register, id, ask ?? new(), Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Publish(
        Guid id, ReviewResource.StepRequest? ask, [FromServices] Register register, [FromServices] LevelHints hints, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await hints.Beside(await PublishResource.Run(register, id, ask ?? new(), Who(user), stop), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Retire(
        Guid id, ReviewResource.StepRequest ask, [FromServices] Register register, [FromServices] IEnumerable<IResourceUse> users, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await RetireResource.Run(register, users, id, ask, Who(user), stop));

    private static async Task<Results<Ok<IReadOnlyList<VersionLine>>, ProblemHttpResult>> Versions(
        Guid id, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await GetResource.Versions(register, id, Who(user), stop));

    private static async Task<Results<Ok<IReadOnlyList<ActLine>>, ProblemHttpResult>> Acts(
        Guid id, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await GetResource.Acts(register, id, Who(user), stop));

    private static async Task<Results<Ok<Difference>, ProblemHttpResult>> Compare(
        Guid id, int from, int to, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await CompareVersions.Run(register, id, from, to, Who(user), stop));

    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Bind(
        Guid id, BindItems.Request ask, [FromServices] BindItems bind, [FromServices] LevelHints hints, ClaimsPrincipal user, CancellationToken stop) =>
        Answer(await hints.Beside(await bind.Run(id, ask, Who(user), stop), stop));

    private static async Task<Results<Ok<IReadOnlyList<ItemElement>>, ProblemHttpResult>> Suggested(
        Guid id, bool? values, [FromServices] ItemElements elements, ClaimsPrincipal user, CancellationToken stop) =>
        await elements.Of(id, values == true, Who(user), stop) is var found && found.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok<IReadOnlyList<ItemElement>>(found.Value.Items);
}
