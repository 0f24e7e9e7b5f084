// In: a unit's wish about a program of its own. Out: the program with its secret, shown once; later only whether it may have a token. Every change is in the ledger with its transaction.
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity.Applications;

/// <summary>An application that may come in.</summary>
/// <param name="Version">Of its secret.</param>
/// <param name="Label">Up to which level it may take data, 1 to 4; null: nobody labelled it.</param>
internal sealed record ActiveApplication(Guid Id, string Name, Guid Unit, long Version, string Hash, IReadOnlyList<string> Scopes, int? Label)
{
    public Actor Actor => new(Id, Name, Unit, new HashSet<string>());
}

internal sealed class ApplicationRegister(StateStore state, ILedger ledger, TimeProvider clock) : IApplications
{
    public async Task<IssuedSecret> Register(string name, Guid unit, Guid? system, Actor by, CancellationToken stop)
    {
        var (secret, now) = (NewSecret(), clock.GetUtcNow());
        var card = new ApplicationCard(Guid.CreateVersion7(now), name, unit, system, Active: true, secret[..9], now, null, []);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO identity_application (id, name, unit, system, account, prefix, hash, secret_version, active, made_at)
             VALUES ({card.Id.ToString()}, {name}, {unit.ToString()}, {system?.ToString()}, {by.Id.ToString()}, {card.Prefix}, {Secret.Hash(secret)}, 1, 1, {now.ToStored()})
             """,
            stop);
        await ledger.Append(connection, transaction, by, new("application.registered", card.Id.ToString(), Evidence.Done, new { name, unit, system }), stop);
        await transaction.CommitAsync(stop);
        return new(card, secret);
    }

    public async Task<IssuedSecret?> Renew(Guid id, Guid unit, Actor by, CancellationToken stop)
    {
        var secret = NewSecret();
        var changed = await Change(
            id,
            $"""
             UPDATE identity_application SET prefix = {secret[..9]}, hash = {Secret.Hash(secret)}, secret_version = secret_version + 1, account = {by.Id.ToString()}
             WHERE id = {id.ToString()} AND unit = {unit.ToString()}
             """,
            "application.secret-renewed",
            null,
            by,
            stop);
        return changed ? new((await Of(unit, stop)).First(a => a.Id == id), secret) : null;
    }

    public Task<bool> Enable(Guid id, Guid unit, bool active, Actor by, CancellationToken stop) => Change(
        id,
        // Its tokens are of a version: those fetched before are of none that counts, also when it is enabled again.
        $"UPDATE identity_application SET active = {(active ? 1 : 0)}, secret_version = secret_version + {(active ? 0 : 1)} WHERE id = {id.ToString()} AND unit = {unit.ToString()} AND active <> {(active ? 1 : 0)}",
        active ? "application.enabled" : "application.disabled",
        null,
        by,
        stop);

    public Task<bool> Allow(Guid id, Guid unit, string scope, bool allowed, Actor by, CancellationToken stop) => Change(
        id,
        allowed
            ? $"""
               INSERT INTO identity_application_scope (application, scope) SELECT id, {scope} FROM identity_application WHERE id = {id.ToString()} AND unit = {unit.ToString()}
               ON CONFLICT (application, scope) DO NOTHING
               """
            : (FormattableString)$"""
               DELETE FROM identity_application_scope WHERE scope = {scope} AND application IN
               (SELECT id FROM identity_application WHERE id = {id.ToString()} AND unit = {unit.ToString()})
               """,
        allowed ? "application.scope-given" : "application.scope-taken",
        new { scope },
        by,
        stop);

    public async Task<IReadOnlyList<ApplicationToken>> Tokens(Guid id, Guid unit, CancellationToken stop) => await state.Read(
        $"""
         SELECT t.id, t.given_at, t.expires_at, t.revoked_at, t.scopes FROM identity_application_token t
         JOIN identity_application a ON a.id = t.application AND a.secret_version = t.secret_version
         WHERE a.id = {id.ToString()} AND a.unit = {unit.ToString()} AND t.expires_at > {clock.GetUtcNow().ToStored()} ORDER BY t.id DESC
         """,
        r => new ApplicationToken(
            Guid.Parse(r.GetString(0)), Clock.FromStored(r.GetString(1)), Clock.FromStored(r.GetString(2)), r.IsDBNull(3) ? null : Clock.FromStored(r.GetString(3)), r.GetString(4).Split(' ')),
        stop);

    public Task<bool> EndToken(Guid id, Guid unit, Guid token, Actor by, CancellationToken stop) => Change(
        id,
        $"""
         UPDATE identity_application_token SET revoked_at = {clock.GetUtcNow().ToStored()} WHERE id = {token.ToString()} AND revoked_at IS NULL AND expires_at > {clock.GetUtcNow().ToStored()}
         AND application IN (SELECT id FROM identity_application WHERE id = {id.ToString()} AND unit = {unit.ToString()})
         """,
        "application.token-ended",
        new { token },
        by,
        stop);

    public async Task<IReadOnlyList<ApplicationCard>> Of(Guid unit, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        List<ApplicationCard> cards = [];
        await foreach (var (card, scope) in connection.Rows(
            null,
            $"""
             SELECT a.id, a.name, a.unit, a.system, a.active, a.prefix, a.made_at, a.used_at, s.scope, a.label
             FROM identity_application a LEFT JOIN identity_application_scope s ON s.application = a.id WHERE a.unit = {unit.ToString()} ORDER BY a.id, s.scope
             """,
            Card,
            stop))
        {
            if (cards.LastOrDefault() is { } last && last.Id == card.Id)
            {
                cards[^1] = last with { Scopes = [.. last.Scopes, scope!] };
            }
            else
            {
                cards.Add(card with { Scopes = scope is null ? [] : [scope] });
            }
        }

        return cards;
    }

    /// <summary>The application, if it may come in now, whatever it can prove; null for none.</summary>
    /// <param name="token">That it comes with, which must not have been ended; null where it comes with its secret.</param>
    public async Task<ActiveApplication?> Find(Guid id, CancellationToken stop, string? token = null)
    {
        ActiveApplication? found = null;
        List<string> scopes = [];
        var named = await state.Read(
            $"""
             SELECT a.name, a.unit, a.secret_version, a.hash, s.scope, a.label
             FROM identity_application a LEFT JOIN identity_application_scope s ON s.application = a.id WHERE a.id = {id.ToString()} AND a.active = 1
             AND ({token ?? ""} = '' OR EXISTS (SELECT 1 FROM identity_application_token t WHERE t.id = {token ?? ""} AND t.application = a.id AND t.revoked_at IS NULL)) ORDER BY s.scope
             """,
            r =>
            {
                found ??= new(id, r.GetString(0), Guid.Parse(r.GetString(1)), r.GetInt64(2), r.GetString(3), scopes, LabelOf(r, 5));
                return r.IsDBNull(4) ? null : r.GetString(4);
            },
            stop);
        scopes.AddRange(named.OfType<string>());
        return found;
    }

    /// <summary>The application whose secret this is; null otherwise.</summary>
    public async Task<ActiveApplication?> Prove(string? id, string? secret, CancellationToken stop) =>
        Guid.TryParseExact(id, "D", out var client) && secret is { Length: > 0 and < 200 } && await Find(client, stop) is { } found
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(found.Hash), Encoding.ASCII.GetBytes(Secret.Hash(secret)))
            ? found : null;

    /// <summary>A token was given: it counts from now on, those that have run out are forgotten.</summary>
    public async Task Given(ActiveApplication application, Guid token, IReadOnlyList<string> scopes, TimeSpan lifetime, CancellationToken stop)
    {
        var (now, id) = (clock.GetUtcNow(), application.Id.ToString());
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(transaction, $"UPDATE identity_application SET used_at = {now.ToStored()} WHERE id = {id}", stop);
        await connection.Execute(transaction, $"DELETE FROM identity_application_token WHERE application = {id} AND expires_at <= {now.ToStored()}", stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO identity_application_token (id, application, secret_version, scopes, given_at, expires_at)
             VALUES ({token.ToString()}, {id}, {application.Version}, {string.Join(' ', scopes)}, {now.ToStored()}, {(now + lifetime).ToStored()})
             """,
            stop);
        await ledger.Append(connection, transaction, application.Actor, new("token.given", id, Evidence.Done, new { token, scopes }), stop);
        await transaction.CommitAsync(stop);
    }

    private Task<bool> Change(Guid id, FormattableString sql, string act, object? detail, Actor by, CancellationToken stop) =>
        state.Change(ledger, sql, by, new(act, id.ToString(), Evidence.Done, detail), stop);

    private static string NewSecret() => Secret.New("la_");

    private static (ApplicationCard Card, string? Scope) Card(DbDataReader r) => (
        new(
            Guid.Parse(r.GetString(0)), r.GetString(1), Guid.Parse(r.GetString(2)), r.IsDBNull(3) ? null : Guid.Parse(r.GetString(3)), r.GetInt64(4) == 1, r.GetString(5),
            Clock.FromStored(r.GetString(6)), r.IsDBNull(7) ? null : Clock.FromStored(r.GetString(7)), []) { Label = LabelOf(r, 9) },
        r.IsDBNull(8) ? null : r.GetString(8));

    private static int? LabelOf(DbDataReader r, int column) => r.IsDBNull(column) ? null : (int)r.GetInt64(column);
}
