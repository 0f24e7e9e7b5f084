// In: a class, its name and the day it holds from. Out: the registry with it; what was valid of the same code ends that day. Refuses orphans; nothing is ever deleted.
using System.Globalization;
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Catalog;

internal static class SaveClass
{
    private static readonly Text LocalRule = new("本地规则", "Local rule");

    /// <param name="Name">Null or empty ends the class on that day.</param>
    /// <param name="ValidFrom">Null for today.</param>
    internal sealed record Request(string Code, string? Name, DateOnly? ValidFrom = null, string? Source = null);

    public static Task<Result<ClassLine>> Run(Register register, Request ask, Actor actor, CancellationToken stop) =>
        register.Do(actor, "catalog.class", ask.Code ?? "", work => In(work, ask, register.Clock.Today()), stop);

    private static async Task<Result<ClassLine>> In(Work work, Request ask, DateOnly today)
    {
        var (code, name, from) = (ask.Code?.Trim() ?? "", ask.Name?.Trim(), ask.ValidFrom ?? today);
        var classes = work.Frame.Classes;
        if (!work.Actor.Has(Roles.Engineer))
        {
            return Problems.BureauOnly;
        }

        if (code.Length is not (1 or 3 or >= 6 and <= 24) || !code.All(char.IsAsciiDigit) || name?.Length > 100)
        {
            return Problems.ClassFaulty.With(code);
        }

        var parent = code.Length switch { 1 => null, 3 => code[..1], 6 => code[..3], _ => code[..6] };
        if (parent is not null && classes.Name(parent) is null)
        {
            return Problems.ClassFaulty.With(new Text("上级 {0} 未登记", "Its parent {0} is not registered").With(parent));
        }

        if (classes.Lines.Any(l => l.Code == code && l.ValidFrom >= from))
        {
            return Problems.ClassFaulty.With(new Text("该日或其后已有登记", "There is a line of that day or later"));
        }

        var day = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await work.Execute($"UPDATE resource_class SET valid_to = {day} WHERE code = {code} AND (valid_to IS NULL OR valid_to > {day})");
        if (string.IsNullOrEmpty(name))
        {
            return new ClassLine(code, classes.Name(code) ?? "", from, from, "");
        }

        var source = string.IsNullOrWhiteSpace(ask.Source) ? LocalRule.Zh : ask.Source.Trim();
        await work.Execute($"INSERT INTO resource_class (code, name, valid_from, source) VALUES ({code}, {name}, {day}, {source})");
        return new ClassLine(code, name, from, null, source);
    }
}

internal static class ClassRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/resource-classes").WithTags("Catalog").WithChecks()
            .RequireAuthorization(p => p.RequireRole(Roles.Steward, Roles.Engineer));
        group.MapGet("/", List).WithName("ListResourceClasses");
        group.MapPost("/", Save).WithName("SaveResourceClass");
    }

    private static async Task<Ok<IReadOnlyList<ClassLine>>> List([FromServices] Register register, CancellationToken stop) =>
        TypedResults.Ok((await register.Frame(stop)).Classes.Lines);

    private static async Task<Results<Ok<ClassLine>, ProblemHttpResult>> Save(
        SaveClass.Request ask, [FromServices] Register register, ClaimsPrincipal user, CancellationToken stop)
    {
        var result = await SaveClass.Run(register, ask, Actor.From(user)!, stop);
        return result.Problem is { } refused ? refused.ToHttp() : TypedResults.Ok(result.Value);
    }
}
