using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Organisation.Corrections;
using Lizhou.Organisation.Sheets;
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

    /// <summary>Who keeps what belongs to a unit; stewards only their own unit's, a unit's administrator that of the units below too.</summary>
    internal const string Keepers = Writers + "," + Roles.Steward + "," + Roles.UnitAdministrator;

    private static readonly Text Home = new("工作台", "Workbench");
    private static readonly Text Group = new("组织机构", "Organisation");

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Home, new("工作台", "Workbench"), "/", Place: 0),
        new(Group, new("机构管理", "Units"), "/units", Place: 80),
        new(Group, new("信息系统", "Information systems"), "/systems", Place: 80),
        new(Group, new("人员岗位", "People and posts"), "/people", Place: 80, Also: "/posts"),
        new(Group, new("信息修正", "Corrections"), "/corrections", Place: 80),
    ];

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddScoped<OrganisationDb>();
        services.AddScoped<ImportSheet>();
        services.AddScoped<SaveBelonging>().AddScoped<SettleCorrection>().AddScoped<CountCorrections>();
        services.AddScoped<IWorkbenchCard, WorkbenchUnits>();
        services.AddSingleton<IUnits, UnitRegister>();
        services.AddSingleton<IPeople, PeopleRegister>();
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

        var own = routes.MapGroup("/api/v1").WithTags("Organisation").RequireAuthorization(p => p.RequireRole(Keepers.Split(','))).WithChecks();
        var read = routes.MapGroup("/api/v1").WithTags("Organisation").RequireAuthorization();
        read.MapGet("/systems", ListBelongings.Systems);
        read.MapGet("/posts", ListBelongings.Posts);
        read.MapGet("/people", ListBelongings.People);
        SaveBelonging.Map<InformationSystem, SaveSystem.Request>(own, "/systems");
        SaveBelonging.Map<Post, SavePost.Request>(own, "/posts");
        var people = routes.MapGroup("/api/v1").WithTags("Organisation").RequireAuthorization(p => p.RequireRole([.. Keepers.Split(','), Roles.SecurityAdministrator])).WithChecks();
        SaveBelonging.Map<Person, SavePerson.Request>(own, "/people", people);
        var corrections = routes.MapGroup("/api/v1/corrections").WithTags("Organisation").RequireAuthorization().WithChecks();
        corrections.MapGet("/", CountCorrections.Handle);
        corrections.MapGet("/rate", CountCorrections.HandleRate);
        corrections.MapGet("/export", CountCorrections.HandleExport);
        corrections.MapPost("/", ReportWrong.Handle);
        corrections.MapPost("/{id:guid}/settle", SettleCorrection.Handle);
        foreach (var sheet in SheetKinds.All)
        {
            MapSheet(routes.MapGroup($"/api/v1/{sheet.Noun}").WithTags("Organisation").RequireAuthorization(), sheet);
        }
    }

    private static void MapSheet(RouteGroupBuilder routes, Sheet sheet)
    {
        routes.MapGet("/template", () => ExportSheet.Template(sheet));
        routes.MapGet("/export", (
                [AsParameters] SheetFilter filter, string? format, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop) =>
            ExportSheet.Handle(sheet, filter, format, db, ledger, clock, user, stop));
        routes.MapPost("/import", (IFormFile file, bool? preview, ImportSheet import, Settings settings, ClaimsPrincipal user, CancellationToken stop) =>
                ImportSheet.Handle(sheet, file, preview == true, import, settings, user, stop))
            .RequireAuthorization(p => p.RequireRole(sheet.Senders.Split(',')))
            .DisableAntiforgery(); // The session scheme has checked it already; a program has no form token.
    }

    internal static bool MayWrite(Actor actor) => Writers.Split(',').Any(actor.Has);
}
