using System.CommandLine;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Sample;

/// <summary>The sample county (模拟): grown from a seed through the doors of the modules above.</summary>
public sealed class SampleModule : Module
{
    public override void Services(IServiceCollection services, Settings settings) => services.AddJob<GrowSample.Body, GrowSample>().AddRounds<LiveDays>(TimeSpan.FromSeconds(10));

    public override void Routes(IEndpointRouteBuilder routes)
    {
        var sample = routes.MapGroup("/api/v1/sample").WithTags("sample").RequireAuthorization(p => p.RequireRole(Roles.Engineer)).WithChecks();
        sample.MapPost("/", StartSample.Handle);
        sample.MapGet("/{job:guid}", StartSample.Progress);
    }

    /// <summary>A fresh folder started with <c>--demo</c> grows the small county in the background.</summary>
    public override async Task Start(IServiceProvider services, CancellationToken stop)
    {
        if (services.GetRequiredService<Settings>().Demo && (await services.GetRequiredService<IUnits>().All(stop)).Count == 0)
        {
            await services.GetRequiredService<JobQueue>().Add(new GrowSample.Body("demo", Plan.Read().Seed), key: "sample", stop: stop);
        }
    }

    public override IEnumerable<Command> Commands(IHostCalls host) => [SampleCommand.Make(host)];
}
