// In: a grant's row as it is kept. Out: whether it is the one this installation wrote, and its seal after a change. Grants of before there were seals are sealed once, at the first start that knows of them:
// a file beside the keys says it was done, so that who takes a seal out of the database gets no other.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Policy;

internal sealed class GrantSeals(PolicyKeys keys, Settings settings)
{
    private const int Deciding = 12;
    private static SealedOnce Once(Settings settings) => new(settings, "policy-grants.txt", "%.007_grant_seal.sql", "Grants are sealed.");

    /// <summary>Columns of a row: those that decide, in the order they are sealed in, then the seal.</summary>
    public static FormattableString ById(Guid id) =>
        $"SELECT id, number, resource, unit, purpose, items, rows_filter, valid_from, valid_until, state, secrecy_code, secrecy_until, seal FROM policy_grant WHERE id = {id.ToString("D")}";

    /// <param name="row">The columns of <see cref="ById"/>.</param>
    public bool Fits(DbDataReader row) => !row.IsDBNull(Deciding) && keys.Fits("grant", Text(row), row.GetString(Deciding));

    /// <summary>After every change, in its transaction; the caller knows that the row was whole before, or gives nothing now.</summary>
    public async Task Put(DbConnection connection, DbTransaction transaction, Guid id, CancellationToken stop)
    {
        var text = await connection.Rows(transaction, ById(id), Text, stop).FirstAsync(stop);
        await connection.Execute(transaction, $"UPDATE policy_grant SET seal = {keys.Seal("grant", text)} WHERE id = {id.ToString("D")}", stop);
    }

    /// <summary>Seals what was given before there were seals, once.</summary>
    public Task Begin(StateStore state, ILedger ledger, CancellationToken stop) => Once(settings) is { Done: false } once
        ? once.Run(
            state,
            ledger,
            async (connection, transaction) =>
            {
                var old = await connection.Rows(transaction, $"SELECT id FROM policy_grant WHERE seal IS NULL", r => Guid.Parse(r.GetString(0)), stop).ToListAsync(stop);
                foreach (var grant in old)
                {
                    await Put(connection, transaction, grant, stop);
                }

                return old.Count > 0 ? new("grant.sealed", "city", Evidence.Done, new { grants = old.Count }) : null;
            },
            stop)
        : Task.CompletedTask;

    /// <summary>See <see cref="SealedOnce.Restored"/>.</summary>
    public static Task Restored(DbConnection state, Settings settings, CancellationToken stop) => Once(settings).Restored(state, stop);

    private static string Text(DbDataReader row) => JsonSerializer.Serialize(Enumerable.Range(0, Deciding).Select(i => row.IsDBNull(i) ? null : row.GetString(i)));
}

/// <summary>What of the policy was changed past the program.</summary>
/// <param name="others">What other modules keep of the same grants.</param>
internal sealed class CheckSeals(StateStore state, GrantSeals seals, Rules.RuleBook rules, IEnumerable<ISealedRows> others) : IPolicySeals
{
    public async Task<IReadOnlyList<string>> Broken(CancellationToken stop)
    {
        List<string> told = [.. await Own(stop)];
        foreach (var other in others)
        {
            told.AddRange((await other.Broken(stop)).Except(told));
        }

        return told;
    }

    /// <summary>Of the policy's own rows.</summary>
    public async Task<IReadOnlyList<string>> Own(CancellationToken stop)
    {
        var grants = await state.Read(
            $"SELECT id, number, resource, unit, purpose, items, rows_filter, valid_from, valid_until, state, secrecy_code, secrecy_until, seal FROM policy_grant ORDER BY number, id",
            r => (Number: r.GetString(1), Whole: seals.Fits(r)),
            stop);
        var told = grants.Where(g => !g.Whole).Select(g => g.Number);
        return [.. (await rules.Current(stop)).Problem is { } broken ? told.Prepend(broken.What.ToString()) : told];
    }
}
