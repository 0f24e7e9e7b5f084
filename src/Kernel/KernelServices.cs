// What the kernel brings to the host: state, outbox, jobs.
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lizhou.Kernel;

public static class KernelServices
{
    public static IServiceCollection AddKernel(this IServiceCollection services, Settings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(_ => new StateStore(settings.StatePath));
        services.AddSingleton<JobQueue>();
        services.AddHostedService<OutboxCourier>();
        services.AddHostedService<JobRunner>();
        services.AddSingleton(s => s.GetService<IConfiguration>()?.GetSection("Jobs").Get<JobKeeping>() ?? new()).AddRounds<ForgetJobs>(TimeSpan.FromHours(1));
        return services;
    }

    /// <summary>Registers the use case that runs jobs with a body of <typeparamref name="TBody"/>.</summary>
    public static IServiceCollection AddJob<TBody, TJob>(this IServiceCollection services)
        where TJob : class, IJob<TBody> =>
        services.AddScoped<TJob>().AddSingleton(JobKind.Of<TBody, TJob>());
}
