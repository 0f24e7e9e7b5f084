using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Kernel.Tests;

/// <summary>The kernel on a state file of its own, with the real runner and courier.</summary>
internal sealed class TemporaryState : IAsyncDisposable
{
    private readonly IHost host;

    private TemporaryState(Action<IServiceCollection, Subscriptions> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddKernel(new Settings(Folder));
        var subscriptions = new Subscriptions(builder.Services);
        more(builder.Services, subscriptions);
        builder.Services.AddSingleton(subscriptions);
        host = builder.Build();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("lizhou-kernel-").FullName;

    public StateStore State => host.Services.GetRequiredService<StateStore>();

    public JobQueue Jobs => host.Services.GetRequiredService<JobQueue>();

    public static async Task<TemporaryState> Start(Action<IServiceCollection, Subscriptions> more)
    {
        var state = new TemporaryState(more);
        await SchemaScripts.Apply(state.State, typeof(Module).Assembly);
        await state.host.StartAsync();
        return state;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
