// Keeping the data folder: verify it, back it up, restore it.
using System.CommandLine;
using Lizhou.Kernel;

namespace Lizhou.Host.Keeping;

/// <summary>What the person who runs the machine does with the data folder as a whole.</summary>
internal sealed class KeepingModule : Module
{
    public override void Routes(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/keeping").RequireAuthorization(p => p.RequireRole(Roles.Engineer, Roles.SystemAdministrator));
        group.MapPost("/verify", VerifyCity.Handle);
        group.MapPost("/backup", BackUpCity.Handle);
    }

    public override IEnumerable<Command> Commands(IHostCalls host) => [VerifyCity.Command(host), BackUpCity.Command(host), RestoreCity.Command()];
}
