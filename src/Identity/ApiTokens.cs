// In: a wish for a token, or a token. Out: the token once, later only whether it is good. Kept as a hash with its first characters.
using System.Data.Common;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal sealed class ApiTokens(StateStore state, ILedger ledger, TimeProvider clock) : IApiTokens
{
    /// <summary>Every token begins so.</summary>
    public const string Start = "lz_";

    private static readonly TimeSpan UsedEvery = TimeSpan.FromMinutes(1);

    public async Task<IssuedToken> Issue(string subject, string name, Guid unit, DateTimeOffset? expires, Actor by, CancellationToken stop)
    {
        var secret = Secret.New(Start);
        var now = clock.GetUtcNow();
        var card = new TokenCard(Guid.CreateVersion7(now), subject, name, unit, secret[..9], now, expires, null, null);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO identity_token (id, subject, name, unit, prefix, hash, made_at, expires_at, account)
             VALUES ({card.Id.ToString()}, {subject}, {name}, {unit.ToString()}, {card.Prefix}, {Secret.Hash(secret)}, {now.ToStored()}, {expires?.ToStored()}, {by.Id.ToString()})
             """,
            stop);
        await ledger.Append(connection, transaction, by, new("token.issued", subject, "done", new { card.Id, card.Prefix, unit, expires }), stop);
        await transaction.CommitAsync(stop);
        return new(card, secret);
    }

    public Task<bool> Revoke(Guid id, string subject, Actor by, CancellationToken stop) => state.Change(
        ledger, $"UPDATE identity_token SET revoked_at = {clock.GetUtcNow().ToStored()} WHERE id = {id.ToString()} AND subject = {subject} AND revoked_at IS NULL",
        by, new("token.revoked", subject, "done", new { id }), stop);

    /// <summary>Ends every token an account had made, and every secret of an application they were shown: who is put out, moves or gives up the post keeps no copy that works,
    /// also when a colleague enables the application again.</summary>
    public async Task RevokeAll(DbConnection connection, DbTransaction transaction, Guid account, Actor by, CancellationToken stop)
    {
        var ended = await connection.Execute(
            transaction, $"UPDATE identity_token SET revoked_at = {clock.GetUtcNow().ToStored()} WHERE account = {account.ToString()} AND revoked_at IS NULL", stop);
        ended += await connection.Execute(transaction, $"UPDATE identity_application SET active = 0, hash = '', secret_version = secret_version + 1 WHERE account = {account.ToString()} AND hash <> ''", stop);
        if (ended > 0)
        {
            await ledger.Append(connection, transaction, by, new("token.revoked", $"account:{account}", "done", new { ended }), stop);
        }
    }

    public async Task<IReadOnlyList<TokenCard>> Of(string subject, CancellationToken stop) => await state.Read(
        $"SELECT id, subject, name, unit, prefix, made_at, expires_at, used_at, revoked_at, label FROM identity_token WHERE subject = {subject} ORDER BY id", Card, stop);

    /// <summary>The token, if it is good now.</summary>
    public async Task<TokenCard?> Find(string secret, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var found = (await state.Read(
            $"""
             SELECT id, subject, name, unit, prefix, made_at, expires_at, used_at, revoked_at, label FROM identity_token
             WHERE hash = {Secret.Hash(secret)} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {now.ToStored()})
             """,
            Card,
            stop)).FirstOrDefault();
        if (found is not null && !(now - found.Used < UsedEvery))
        {
            await using var connection = await state.Open(stop);
            await connection.Execute(null, $"UPDATE identity_token SET used_at = {now.ToStored()} WHERE id = {found.Id.ToString()}", stop);
        }

        return found;
    }

    /// <summary>The token, whether or not it still counts: what a refusal is told of.</summary>
    public async Task<TokenCard?> Known(string secret, CancellationToken stop) => (await state.Read(
        $"SELECT id, subject, name, unit, prefix, made_at, expires_at, used_at, revoked_at, label FROM identity_token WHERE hash = {Secret.Hash(secret)}", Card, stop)).FirstOrDefault();

    private static TokenCard Card(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), r.GetString(2), Guid.Parse(r.GetString(3)), r.GetString(4), Clock.FromStored(r.GetString(5)), Time(r, 6), Time(r, 7), Time(r, 8))
    {
        Label = r.IsDBNull(9) ? null : (int)r.GetInt64(9),
    };

    private static DateTimeOffset? Time(DbDataReader r, int column) => r.IsDBNull(column) ? null : Clock.FromStored(r.GetString(column));
}
