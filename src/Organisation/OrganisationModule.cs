using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Organisation;

/// <summary>Units, their systems, people and posts; the workbench everyone starts from.</summary>
public sealed class OrganisationModule : Module
{
    /// <summary>Who keeps the units themselves.</summary>
    internal const string Writers = Roles.Engineer + "," + Roles.SystemAdministrator;

    /// <summary>Who keeps what belongs to a unit; stewards only what is their own unit's.</summary>
    internal const string Keepers = Writers + "," + Roles.Steward;

    private static readonly Text Home = new("工作台", "Workbench");
    private static readonly Text Group = new("组织机构", "Organisation");

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Home, new("工作台", "Workbench"), "/", Place: 0),
        new(Group, new("机构管理", "Units"), "/units", Place: 80),
        new(Group, new("信息系统", "Information systems"), "/systems", Place: 80),
        new(Group, new("人员岗位", "People and posts"), "/people", Place: 80),
    ];

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped<OrganisationDb>();
        services.AddScoped<ImportUnits>();
        services.AddScoped<IWorkbenchCard, WorkbenchUnits>();
        services.AddSingleton<IUnits, UnitRegister>();
        services.AddScoped<IUnitsBulk, RegisterInBulk>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        var units = routes.MapGroup("/api/v1/units").WithTags("Organisation").RequireAuthorization().WithChecks();
        units.MapGet("/", ListUnits.Handle);
        units.MapGet("/{id:guid}", ListUnits.One);
        var write = units.MapGroup("").RequireAuthorization(p => p.RequireRole(Writers.Split(',')));
        write.MapPost("/", SaveUnit.Add);
        write.MapPut("/{id:guid}", SaveUnit.Change);
        write.MapPost("/{id:guid}/close", CloseUnit.Close);
        write.MapPost("/{id:guid}/open", CloseUnit.Open);
        write.MapPost("/import", ImportUnits.Handle).DisableAntiforgery(); // The session scheme has checked it already; a program has no form token.
        units.MapGet("/export", ExportUnits.Handle);
        units.MapGet("/template", ExportUnits.Template);

        var own = routes.MapGroup("/api/v1").WithTags("Organisation").RequireAuthorization(p => p.RequireRole(Keepers.Split(','))).WithChecks();
        var read = routes.MapGroup("/api/v1").WithTags("Organisation").RequireAuthorization();
        read.MapGet("/systems", ListBelongings.Systems);
        read.MapGet("/posts", ListBelongings.Posts);
        read.MapGet("/people", ListBelongings.People);
        own.MapPost("/systems", SaveSystem.Add);
        own.MapPut("/systems/{id:guid}", SaveSystem.Change);
        own.MapPost("/posts", SavePost.Add);
        own.MapPut("/posts/{id:guid}", SavePost.Change);
        own.MapPost("/people", SavePerson.Add);
        own.MapPut("/people/{id:guid}", SavePerson.Change);
    }

    internal static bool MayWrite(Actor actor) => Writers.Split(',').Any(actor.Has);
}
