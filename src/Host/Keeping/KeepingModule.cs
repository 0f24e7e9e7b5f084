// Keeping the data folder: the lake's upkeep by schedule; verify it, back it up, restore it.
using System.CommandLine;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;

namespace Lizhou.Host.Keeping;

/// <summary>What the person who runs the machine does with the data folder as a whole.</summary>
internal sealed class KeepingModule : Module
{
    public const string Keepers = Roles.Engineer + "," + Roles.SystemAdministrator;

    public const string Page = "/keeping/lake";

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(s => (s.GetRequiredService<IConfiguration>().GetSection("Lake").Get<UpkeepSettings>() ?? new()).Checked());
        services.AddJob<RunUpkeep.Body, RunUpkeep>();
        services.AddRounds<StartDueUpkeep>(TimeSpan.FromSeconds(10));
        services.AddScoped<ShowLake>().AddScoped<IWorkbenchCard, WorkbenchUpkeep>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/keeping").RequireAuthorization(p => p.RequireRole(Keepers.Split(','))).WithTags("keeping");
        group.MapPost("/verify", VerifyCity.Handle);
        group.MapPost("/backup", BackUpCity.Handle);
        group.MapGet("/lake", ShowLake.Handle);
        group.MapPost("/lake/{task}", ShowLake.HandleStart);
    }

    public override IEnumerable<MenuEntry> Menu => [new(new("运行维护", "Operations"), new("数据湖维护", "Lake upkeep"), Page, Keepers, Place: 90)];

    public override IEnumerable<Command> Commands(IHostCalls host) =>
        [VerifyCity.Command(host), BackUpCity.Command(host), RestoreCity.Command(), ShowLake.Command(host)];
}
