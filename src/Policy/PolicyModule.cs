using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Policy;

/// <summary>May this actor see this item for this purpose: one decision, at every exit.</summary>
public sealed class PolicyModule : Module
{
    public override void Services(IServiceCollection services, Settings settings) => services.AddScoped<IRowGate, RowGate>();
}
