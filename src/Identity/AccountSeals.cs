// In: an account as it is kept. Out: whether it is the one this installation wrote. Every change through IdentityDb seals it anew, and only what was whole before; so whoever edits the database makes
// nobody an administrator, gives no unit, label or password. Accounts of before there were seals are sealed once, at the first start that knows of them: a file beside the keys says it was done.
using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Identity;

internal sealed class AccountSeals(StateStore state, Settings settings, ILedger ledger) : IAccountSeals
{
    /// <summary>How many columns decide; in a statement they stand in the order of <see cref="Deciding"/>, the seal after them.</summary>
    public const int Columns = 13;

    private readonly Lazy<byte[]> secret = new(() => OwnerFile.Key(Key(settings)));
    private readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    public string Of(Account account) => Seal(Deciding(account));

    public bool Fits(Account account) => Fits(Deciding(account), account.Seal);

    /// <param name="row">Its first columns are those that decide, then the seal.</param>
    public bool Fits(DbDataReader row) => Fits(Deciding(row), row.IsDBNull(Columns) ? null : row.GetString(Columns));

    /// <summary>Of a session: whoever writes one into the database, or gives theirs to another account, has nothing of it.</summary>
    public string OfSession(string id, string account, long factors, string openedAt) => Seal("session", [id, account, factors.ToString(CultureInfo.InvariantCulture), openedAt]);

    public bool FitsSession(string id, string account, long factors, string openedAt, string seal) => Same(OfSession(id, account, factors, openedAt), seal);

    /// <summary>After a change by statement, in its transaction.</summary>
    public async Task Put(DbConnection connection, DbTransaction transaction, string account, CancellationToken stop)
    {
        var row = await connection.Rows(
            transaction,
            $"SELECT id, login, name, unit, roles, password, must_change, password_at, person, label, active, demo, second_half FROM identity_account WHERE id = {account}",
            Deciding,
            stop).FirstAsync(stop);
        await connection.Execute(transaction, $"UPDATE identity_account SET seal = {Seal(row)} WHERE id = {account}", stop);
    }

    public async Task<IReadOnlyList<string>> Broken(CancellationToken stop) =>
        [.. (await state.Read(
            $"SELECT id, login, name, unit, roles, password, must_change, password_at, person, label, active, demo, second_half, seal FROM identity_account ORDER BY login",
            r => (Login: r.GetString(1), Whole: Fits(r)),
            stop)).Where(a => !a.Whole).Select(a => a.Login)];

    /// <summary>Writes down that an account, or a session of it, was turned away for its seal: once, however often it knocks.</summary>
    public async Task Tell(string account, CancellationToken stop, string act = "account.broken")
    {
        if (told.TryAdd($"{act} {account}", true))
        {
            await ledger.Append(Actor.System, new(act, account, Problems.BrokenAccount.Code), stop);
        }
    }

    /// <summary>Seals what was there before there were seals, once; and all there is where the key itself was lost, for nothing could be checked any more and nobody come in.</summary>
    public async Task Begin(CancellationToken stop)
    {
        var once = Once(settings);
        if (!File.Exists(Key(settings)))
        {
            // Seals of a lost key say nothing: they are put away first, so that power that fails before all are sealed anew leaves no account that fits no key.
            once.Forget();
            await using var connection = await state.Open(stop);
            await connection.Execute(null, $"UPDATE identity_account SET seal = NULL", stop);
        }

        if (once.Done)
        {
            return;
        }

        _ = secret.Value; // Made now, so that no later start takes a city without accounts for one that lost its key.
        await once.Run(
            state,
            ledger,
            async (connection, transaction) =>
            {
                var old = await connection.Rows(transaction, $"SELECT id FROM identity_account WHERE seal IS NULL", r => r.GetString(0), stop).ToListAsync(stop);
                foreach (var account in old)
                {
                    await Put(connection, transaction, account, stop);
                }

                return old.Count > 0 ? new("account.sealed", "city", Evidence.Done, new { accounts = old.Count }) : null;
            },
            stop);
    }

    /// <summary>See <see cref="SealedOnce.Restored"/>.</summary>
    public static Task Restored(DbConnection restored, Settings settings, CancellationToken stop) => Once(settings).Restored(restored, stop);

    private static string Key(Settings settings) => Path.Combine(settings.Keys, "accounts");

    private static SealedOnce Once(Settings settings) => new(settings, "identity-accounts.txt", "%.011_account_seal.sql", "Accounts are sealed.");

    private static string?[] Deciding(Account a) =>
    [
        a.Id.ToString("D"), a.Login, a.Name, a.Unit?.ToString("D"), a.Roles, a.Password, a.MustChange ? "1" : "0", a.PasswordAt?.ToStored(), a.Person?.ToString("D"),
        a.Label?.ToString(CultureInfo.InvariantCulture), a.Active ? "1" : "0", a.Demo ? "1" : "0", a.SecondHalf,
    ];

    private static string?[] Deciding(DbDataReader row) =>
        [.. Enumerable.Range(0, Columns).Select(i => row.IsDBNull(i) ? null : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture))];

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private bool Fits(string?[] deciding, string? seal) => seal is not null && Same(Seal(deciding), seal);

    private string Seal(string?[] deciding) => Seal("account", deciding);

    private string Seal(string what, string?[] deciding) => Convert.ToHexStringLower(HMACSHA256.HashData(secret.Value, Encoding.UTF8.GetBytes($"{what}:{JsonSerializer.Serialize(deciding)}")));
}
