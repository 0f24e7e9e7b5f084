// In: an attempt that failed, by login and address. Out: until when further ones wait. Logins are locked known or not, so that a lock tells nothing of who exists.
using System.Data.Common;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal sealed class Locks(StateStore state, TimeProvider clock)
{
    // Many people may share one address behind a department's router: it gets more tries, and a shorter pause.
    private static readonly Rule Login = new("login", 5, TimeSpan.FromMinutes(30));
    private static readonly Rule Address = new("address", 50, TimeSpan.FromMinutes(5));

    public async Task<DateTimeOffset?> Until(string login, string address, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var until = await connection.Scalar(
            null,
            $"SELECT MAX(locked_until) FROM identity_lock WHERE login IN ({Login.Key(login)}, {Address.Key(address)}) AND locked_until > {clock.GetUtcNow().ToStored()}",
            stop);
        return until is string stored ? Clock.FromStored(stored) : null;
    }

    public async Task Failed(string login, string address, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        foreach (var (rule, key) in new[] { (Login, Login.Key(login)), (Address, Address.Key(address)) })
        {
            // What is old is swept as it goes, so the table holds no more than the failures of one span.
            await connection.Execute(transaction, $"DELETE FROM identity_lock WHERE login LIKE {rule.Kind + " %"} AND last_at < {(now - rule.Span).ToStored()}", stop);
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO identity_lock (login, failures, last_at) VALUES ({key}, 1, {now.ToStored()})
                 ON CONFLICT (login) DO UPDATE SET failures = identity_lock.failures + 1, last_at = {now.ToStored()}
                 """,
                stop);
            await connection.Execute(
                transaction, $"UPDATE identity_lock SET locked_until = {(now + rule.Span).ToStored()} WHERE login = {key} AND failures >= {rule.Most}", stop);
        }

        await transaction.CommitAsync(stop);
    }

    /// <summary>The login is good again; its address keeps its count, or one good login would buy another fifty guesses.</summary>
    public static Task Clear(DbConnection connection, DbTransaction? transaction, string login, CancellationToken stop) =>
        connection.Execute(transaction, $"DELETE FROM identity_lock WHERE login = {Login.Key(login)}", stop);

    private sealed record Rule(string Kind, int Most, TimeSpan Span)
    {
        public string Key(string what) => $"{Kind} {what}";
    }
}
