// Facts are what one module tells the others, after the fact and in the transaction that made it one.
using System.Data.Common;
using System.Text.Json;

namespace Lizhou.Kernel.Events;

/// <summary>Marks a record of <c>Contracts</c> as something that has happened.</summary>
public interface IFact;

/// <summary>Reacts to a fact. Delivered at least once: a handler is idempotent by <paramref name="delivery"/>.</summary>
public interface IHandle<in TFact>
    where TFact : IFact
{
    Task Handle(TFact fact, Guid delivery, CancellationToken stop);
}

/// <summary>A told fact waiting for its handlers.</summary>
public sealed class OutboxRow
{
    public Guid Id { get; init; }

    public string Type { get; init; } = "";

    public string Body { get; init; } = "";

    public DateTimeOffset ToldAt { get; init; }

    public DateTimeOffset? DoneAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Why it was given up; null while it is not.</summary>
    public string? Parked { get; set; }

    public static OutboxRow Of(IFact fact, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new() { Id = Guid.CreateVersion7(now), Type = fact.GetType().FullName!, Body = JsonSerializer.Serialize(fact, fact.GetType()), ToldAt = now };
    }

    /// <summary>The same, for code that works in plain SQL.</summary>
    public static Task Tell(DbConnection connection, DbTransaction transaction, IFact fact, TimeProvider clock, CancellationToken stop)
    {
        var row = Of(fact, clock);
        return connection.Execute(
            transaction,
            $"INSERT INTO outbox (id, type, body, told_at, attempts) VALUES ({row.Id.ToString()}, {row.Type}, {row.Body}, {row.ToldAt.ToStored()}, 0)",
            stop);
    }
}
