// In: a grant as this room keeps it. Out: whether it is the one this installation wrote, and its seal with every change. What of it decides is sealed; how far it was used is not: the ledger has that.
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Lizhou.Sharing.Grants;

internal sealed class SharedSeals(ISeals seals)
{
    private const string Kind = "shared-grant";

    public bool Fits(SharedGrant grant) => grant.Seal is { } seal && seals.Fits(Kind, Text(grant), seal);

    public string Of(SharedGrant grant) => seals.Seal(Kind, Text(grant));

    /// <summary>Before a change is saved. One that was edited past the program cannot be changed, only ended; sealed anew, it gives nothing whatever it says.</summary>
    public void Put(EntityEntry<SharedGrant> changed)
    {
        var grant = changed.Entity;
        if (changed.State == EntityState.Modified && grant.State != GrantState.Revoked && !Fits((SharedGrant)changed.OriginalValues.ToObject()))
        {
            throw new ProblemException(Problems.BrokenGrant.With(grant.Number));
        }

        if (changed.State is EntityState.Added or EntityState.Modified)
        {
            grant.Seal = Of(grant);
        }
    }

    /// <summary>The values as the database has them.</summary>
    private static string Text(SharedGrant g) => JsonSerializer.Serialize((string?[])
    [
        g.Id.ToString("D"), g.Number, g.Request.ToString("D"), g.Resource.ToString("D"), g.ResourceCode, g.Provider.ToString("D"), g.Unit.ToString("D"), g.Purpose,
        g.Delivery.ToString(), g.Frequency?.ToString(), g.ValidFrom.ToStored(), g.ValidUntil.ToStored(), g.State.ToString(), g.EndedBy?.ToString("D"),
        g.DailyCalls.ToString(CultureInfo.InvariantCulture), g.DailyRows.ToString(CultureInfo.InvariantCulture),
    ]);
}

/// <summary>All grants of this room against their seals. Those of before there were seals are sealed once; a file beside the keys says it was done, so that who takes a seal out of the database gets no other.</summary>
internal sealed class CheckShared(StateStore state, SharedSeals seals, ILedger ledger, Settings settings) : ISealedRows
{
    private static SealedOnce Once(Settings settings) => new(settings, "sharing-grants.txt", "%.010_grant_seal.sql", "Ways, quotas and times of grants are sealed.");

    public Task Begin(CancellationToken stop) => Once(settings) is { Done: false } once
        ? once.Run(
            state,
            ledger,
            async (connection, transaction) =>
            {
                var old = (await All(connection, transaction, stop)).Where(g => g.Grant is { Seal: null }).Select(g => g.Grant!).ToList();
                foreach (var grant in old)
                {
                    await connection.Execute(transaction, $"UPDATE sharing_grant SET seal = {seals.Of(grant)} WHERE id = {grant.Id.ToString("D")}", stop);
                }

                return old.Count > 0 ? new("grant.sealed", "sharing", Evidence.Done, new { grants = old.Count }) : null;
            },
            stop)
        : Task.CompletedTask;

    public async Task<IReadOnlyList<string>> Broken(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return [.. (await All(connection, null, stop)).Where(g => g.Grant is null || !seals.Fits(g.Grant)).Select(g => g.Number)];
    }

    /// <summary>See <see cref="SealedOnce.Restored"/>.</summary>
    public static Task Restored(DbConnection state, Settings settings, CancellationToken stop) => Once(settings).Restored(state, stop);

    /// <summary>Null for a row with a value that is none.</summary>
    private static async Task<List<(string Number, SharedGrant? Grant)>> All(DbConnection connection, DbTransaction? transaction, CancellationToken stop) => await connection.Rows(
        transaction,
        $"""
         SELECT id, number, request, resource, resource_code, resource_name, provider, unit, purpose, delivery, valid_from, valid_until, state, ended_why, daily_calls, daily_rows, used_at, noticed, frequency, ended_by, seal
         FROM sharing_grant ORDER BY number
         """,
        Row,
        stop).ToListAsync(stop);

    private static (string Number, SharedGrant? Grant) Row(DbDataReader row)
    {
        try
        {
            return (row.GetString(1), SharedGrant.Read(row));
        }
        catch (Exception none) when (none is FormatException or ArgumentException or InvalidCastException)
        {
            return (row.GetString(1), null);
        }
    }
}
