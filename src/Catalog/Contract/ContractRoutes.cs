// The data contract of a resource, out and in, as YAML of the Open Data Contract Standard 3.1.
using System.Security.Claims;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Catalog.Contract;

internal static class ContractRoutes
{
    private const string Yaml = "application/yaml";
    private const int MostBytes = 4 << 20;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/contract", Export).WithName("ExportContract").Produces<string>(200, Yaml);
        group.MapPost("/contract", Import).WithName("ImportContract").Accepts<string>(Yaml);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Export(
        Guid id, int? version, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop)
    {
        var view = await GetResource.Run(register, id, version, Actor.From(user)!, stop);
        return view.Problem is { } refused ? refused.ToHttp() : TypedResults.Content(ContractYaml.Write(ContractOf.Resource(view.Value)), Yaml, Encoding.UTF8);
    }

    /// <summary>Changes the resource of the contract's id, or creates it.</summary>
    private static async Task<Results<Ok<ResourceView>, ProblemHttpResult>> Import(HttpRequest request, [FromServices] Register register, CancellationToken stop)
    {
        if (request.ContentLength is null or > MostBytes)
        {
            return Problems.ContractFaulty.With(1, 1, new Text("合约太长", "The contract is too long")).ToHttp();
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var result = await Run(register, await reader.ReadToEndAsync(stop), Actor.From(request.HttpContext.User)!, stop);
        return result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(result.Value);
    }

    private static Task<Result<ResourceView>> Run(Register register, string text, Actor actor, CancellationToken stop) =>
        register.Do<ResourceView>(actor, "catalog.import-contract", "", async work =>
        {
            var contract = ContractYaml.Read(text);
            if (contract.Problem is { } unreadable)
            {
                return unreadable;
            }

            var entry = ContractOf.Entry(contract.Value, work.Frame);
            return entry.Problem is { } unfit ? unfit
                : entry.Value.Id is { } id && await work.Head(id) is not null ? await ChangeResource.In(work, id, entry.Value, null)
                : await CreateResource.In(work, entry.Value);
        }, stop);
}
