// In: what a unit asks for. Out: why it need not be asked for again, or why people decide it although the resource is open: what they ended or limited is not undone by asking again.
using System.Linq.Expressions;
using System.Text.Json;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Sharing.Requests;

internal sealed class AskedBefore(SharingDb db, IGrantBook book, TimeProvider clock)
{
    public static readonly RequestState[] Underway = [RequestState.Review, RequestState.Decision, RequestState.Mediation];

    private static readonly Text Ended = new("本单位对该目录的授权 {0} 曾被撤销：{1}", "The unit's grant {0} of this resource was revoked: {1}");
    private static readonly Text Limited = new(
        "本单位对该目录的授权 {0} 的每日额度曾被调低（{1} 次、{2} 行）。", "The quota of the unit's grant {0} of this resource was lowered ({1} calls, {2} rows a day).");

    private static readonly Text Running = new(
        "本单位已持有该目录的有效授权 {0}（用途：{1}），此次申请的用途、信息项或范围与之不同。", "The unit holds grant {0} of this resource (purpose: {1}); this request is for another purpose, other items or other rows.");

    /// <summary>Others than its holder ended it, or left it less than a new one has.</summary>
    public static readonly Expression<Func<SharedGrant, bool>> Curbed = g =>
        (g.State == GrantState.Revoked && (g.EndedBy == null || g.EndedBy != g.Unit)) || g.DailyCalls < GiveGrant.DailyCalls || g.DailyRows < GiveGrant.DailyRows;

    /// <summary>A request of this unit for the same resource and purpose, still open, whatever its items and rows: they are changed by asking anew; null for none.</summary>
    public async Task<Problem?> Open(Guid unit, Guid resource, string purpose, CancellationToken stop) =>
        await db.Requests.AsNoTracking().Where(r => r.Unit == unit && r.Resource == resource && r.Purpose == purpose && r.Renews == null && Underway.Contains(r.State)).FirstOrDefaultAsync(stop) is { } open
            ? Told(open) : null;

    /// <summary>A request to prolong this grant, still open; null for none.</summary>
    public async Task<Problem?> Renewal(Guid grant, CancellationToken stop) =>
        await db.Requests.AsNoTracking().Where(r => r.Renews == grant && Underway.Contains(r.State)).FirstOrDefaultAsync(stop) is { } open ? Told(open) : null;

    /// <summary>A grant in force that already gives this unit these items and rows for this purpose, in this way and as often; null for none.</summary>
    public async Task<Problem?> Held(Request asked, CancellationToken stop)
    {
        foreach (var grant in (await InForce(asked.Unit, asked.Resource, stop)).Where(g => g.Purpose == asked.Purpose && (g.Frequency is null || (g.Delivery == asked.Delivery && (g.Frequency == asked.Frequency || g.Frequency == Frequency.Realtime)))))
        {
            var known = await book.Find(grant.Id, stop);
            var (items, rows) = (known?.Items.Select(i => i.Item).ToHashSet() ?? [], known?.Rows);
            if (asked.Items.All(items.Contains) && (rows is null || JsonSerializer.Serialize(rows) == JsonSerializer.Serialize(asked.Filter)))
            {
                return Problems.HeldAlready.With(grant.Number);
            }
        }

        return null;
    }

    /// <summary>Why people decide on it; null where nothing speaks against giving it at once.</summary>
    /// <param name="renews">The grant it prolongs, with the quota that one has; null for a new one.</param>
    public async Task<Text?> Why(Guid unit, Guid resource, Guid? renews, CancellationToken stop)
    {
        var curbed = await db.Grants.AsNoTracking().Where(Curbed).Where(g => g.Unit == unit && g.Resource == resource).OrderByDescending(g => g.Number).ToListAsync(stop);
        if (curbed.Find(g => g.Id != renews) is { } grant)
        {
            return grant.State == GrantState.Revoked ? Ended.With(grant.Number, grant.EndedWhy) : Limited.With(grant.Number, grant.DailyCalls, grant.DailyRows);
        }

        return renews is null && (await InForce(unit, resource, stop)).FirstOrDefault() is { } running ? Running.With(running.Number, running.Purpose) : null;
    }

    private async Task<List<SharedGrant>> InForce(Guid unit, Guid resource, CancellationToken stop) =>
        [.. (await db.Grants.AsNoTracking().Where(g => g.Unit == unit && g.Resource == resource && g.State == GrantState.Active).OrderBy(g => g.Number).ToListAsync(stop)).Where(g => g.Holds(clock.GetUtcNow()))];

    private static Problem Told(Request open) => Problems.AskedAlready.With(open.Number, Words.Of(open.State));
}
