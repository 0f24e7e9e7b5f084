// The ledger's doors: search, export, receipts, state, check. There is none to change or delete.
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Ledger.Entries;
using Lizhou.Ledger.Receipts;
using Lizhou.Ledger.Sealing;
using Lizhou.Ledger.Verifying;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Ledger;

/// <param name="Sealed">Entries under a seal.</param>
/// <param name="BuiltIn">Whether the last seal was stamped by this installation itself; null before the first.</param>
/// <param name="Signer">SHA-256 fingerprint of the signer's certificate, hex.</param>
/// <param name="Checked">What the last check found; null before the first since the start.</param>
internal sealed record LedgerState(long Entries, long Batches, long Sealed, DateTimeOffset? LastSeal, bool? BuiltIn, string Signer, bool SelfSigned, LedgerReport? Checked)
{
    internal static async Task<LedgerState> Read(StateStore store, Signer signer, VerifyLedger check, CancellationToken stop)
    {
        await using var connection = await store.Open(stop);
        var last = await Batch.Newest(connection, null, stop);
        var entries = await connection.Scalar(null, $"SELECT MAX(seq) FROM ledger_entry", stop);
        return new(entries is null ? 0 : Convert.ToInt64(entries, System.Globalization.CultureInfo.InvariantCulture), last?.Number ?? 0, last?.Last ?? 0, last?.SealedAt, last?.BuiltIn, Sealing.Signer.Fingerprint(signer.Certificate), signer.SelfSigned, check.Last);
    }
}

internal static class LedgerRoutes
{
    /// <summary>Who sees the whole ledger and checks it.</summary>
    internal const string Keepers = Roles.AuditAdministrator + "," + Roles.Engineer;

    /// <summary>Who sees entries, of their unit at least.</summary>
    internal const string Readers = Keepers + "," + Roles.Steward;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/v1/ledger").WithTags("Ledger").WithChecks().RequireAuthorization(p => p.RequireRole(Readers.Split(',')));
        read.MapGet("/entries", FindEntries.Handle);
        read.MapGet("/entries/{seq:long}/receipt", Receipt);
        read.MapGet("/export", ExportEntries.Handle);
        var keep = routes.MapGroup("/api/v1/ledger").WithTags("Ledger").WithChecks().RequireAuthorization(p => p.RequireRole(Keepers.Split(',')));
        keep.MapGet("/state", State);
        keep.MapPost("/verify", Verify);
        keep.MapPost("/remember", RememberSeals.Handle);
        routes.MapPost("/ledger/verify", FromPage).RequireAuthorization(p => p.RequireRole(Keepers.Split(','))).ExcludeFromDescription();
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Receipt(
        long seq, StateStore store, MakeReceipt receipts, ILedger ledger, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        if (await FindEntries.One(store, seq, actor, stop) is null)
        {
            return Problems.NoSuchEntry.With(seq).ToHttp();
        }

        var receipt = await receipts.Run(seq, stop);
        await ledger.Append(actor, new("ledger.receipt", $"{seq}", receipt.Problem?.Code ?? Evidence.Done), stop);
        return receipt.Problem is { } refused ? refused.ToHttp() : TypedResults.File(receipt.Value, "application/zip", $"receipt-{seq}.zip");
    }

    private static async Task<Ok<LedgerState>> State(StateStore store, Signer signer, VerifyLedger check, CancellationToken stop) =>
        TypedResults.Ok(await LedgerState.Read(store, signer, check, stop));

    private static async Task<Ok<LedgerReport>> Verify(VerifyLedger check, ILedger ledger, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok(await Checked(check, ledger, who, stop));

    private static async Task<RedirectHttpResult> FromPage(VerifyLedger check, ILedger ledger, ClaimsPrincipal who, CancellationToken stop)
    {
        await Checked(check, ledger, who, stop);
        return TypedResults.LocalRedirect("/ledger");
    }

    private static async Task<LedgerReport> Checked(VerifyLedger check, ILedger ledger, ClaimsPrincipal who, CancellationToken stop)
    {
        var report = await check.Run(stop);
        await ledger.Append(Actor.From(who)!, new("ledger.verified", "ledger", Evidence.Done, new { report.Entries, report.Sealed, faults = report.Faults.Count }), stop);
        return report;
    }
}
