// Who listens to which fact, and what that makes it tell in turn: the data's way, printed by `./lizhou path`.
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Kernel.Events;

/// <param name="Fact">The fact listened to.</param>
/// <param name="Handler">The use case that reacts.</param>
/// <param name="Emits">The facts it may tell.</param>
public sealed record Subscription(Type Fact, Type Handler, IReadOnlyList<Type> Emits, Func<IServiceProvider, string, Guid, CancellationToken, Task> Deliver);

/// <summary>Collected once at start from every module's <see cref="Module.Subscribe"/>.</summary>
public sealed class Subscriptions(IServiceCollection services)
{
    private readonly List<Subscription> all = [];

    public IReadOnlyList<Subscription> All => all;

    /// <summary>Subscribes a use case to a fact.</summary>
    public void On<TFact, THandler>(params Type[] emits)
        where TFact : IFact
        where THandler : class, IHandle<TFact>
    {
        services.AddScoped<THandler>();
        all.Add(new(typeof(TFact), typeof(THandler), emits, (scope, body, delivery, stop) =>
            scope.GetRequiredService<THandler>().Handle(JsonSerializer.Deserialize<TFact>(body)!, delivery, stop)));
    }
}
