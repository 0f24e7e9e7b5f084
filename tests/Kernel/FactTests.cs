using System.Collections.Concurrent;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Microsoft.Extensions.DependencyInjection;
using Lizhou.Tests.Support;

namespace Lizhou.Kernel.Tests;

public sealed class FactTests
{
    internal sealed record Landed(int Number) : IFact;

    internal sealed class Listener(Heard heard) : IHandle<Landed>
    {
        public Task Handle(Landed fact, Guid delivery, CancellationToken stop)
        {
            if (fact.Number < 0 && heard.Failures.AddOrUpdate(fact.Number, 1, (_, n) => n + 1) > 0)
            {
                throw new InvalidOperationException("cannot hear this one");
            }

            heard.Numbers.Enqueue(fact.Number);
            return Task.CompletedTask;
        }
    }

    internal sealed class Heard
    {
        public ConcurrentQueue<int> Numbers { get; } = new();

        public ConcurrentDictionary<int, int> Failures { get; } = new();
    }

    [Fact]
    public async Task Facts_reach_their_listener_in_the_order_they_were_told()
    {
        var heard = new Heard();
        await using var kernel = await Start(heard);
        await Tell(kernel, Enumerable.Range(1, 50), commit: true);
        await Wait.Until(() => heard.Numbers.Count >= 50);
        heard.Numbers.ShouldBe(Enumerable.Range(1, 50));
    }

    [Fact]
    public async Task A_fact_of_a_transaction_that_was_rolled_back_is_never_told()
    {
        var heard = new Heard();
        await using var kernel = await Start(heard);
        await Tell(kernel, [1], commit: false);
        await Tell(kernel, [2], commit: true);
        await Wait.Until(() => !heard.Numbers.IsEmpty);
        heard.Numbers.ShouldBe([2]);
    }

    [Fact]
    public async Task A_fact_that_cannot_be_heard_is_parked_with_its_reason_and_does_not_block_the_next()
    {
        var heard = new Heard();
        await using var kernel = await Start(heard);
        await Tell(kernel, [-1, 7], commit: true);
        await Wait.Until(() => !heard.Numbers.IsEmpty);
        heard.Numbers.ShouldBe([7]);
        await using var connection = await kernel.State.Open();
        (await connection.Scalar(null, $"SELECT parked FROM outbox WHERE done_at IS NULL")).ShouldBe("cannot hear this one");
    }

    private static Task<TemporaryState> Start(Heard heard) => TemporaryState.Start((services, on) =>
    {
        services.AddSingleton(heard);
        on.On<Landed, Listener>();
    });

    private static async Task Tell(TemporaryState kernel, IEnumerable<int> numbers, bool commit)
    {
        await using var connection = await kernel.State.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var number in numbers)
        {
            await OutboxRow.Tell(connection, transaction, new Landed(number), TimeProvider.System, CancellationToken.None);
        }

        await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
    }
}
