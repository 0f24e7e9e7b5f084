using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Policy.Rules;
using Lizhou.Policy.Views;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Policy;

/// <summary>May this actor see this item for this purpose: one decision, at every exit.</summary>
public sealed class PolicyModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<PolicyKeys>().AddSingleton<RuleBook>().AddSingleton<IGrantBook, GrantBook>();
        services.AddScoped<OpenView>().AddScoped<WriteRows>().AddScoped<IRowGate, RowGate>();
    }

    public override Task Start(IServiceProvider services, CancellationToken stop)
    {
        var left = Path.Combine(services.GetRequiredService<Settings>().Work, "answers");
        if (Directory.Exists(left))
        {
            Directory.Delete(left, recursive: true);
        }

        return Task.CompletedTask;
    }
}
