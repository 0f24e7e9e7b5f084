// In: filters from the URL and a page. Out: batches the actor may see, newest first, and how many in all.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Batches;

/// <summary>Filters of the batch list; null or empty ones do not filter.</summary>
/// <param name="Text">Part of a batch number, resource code or resource name.</param>
/// <param name="From">First day of receipt, city time.</param>
/// <param name="To">Last day of receipt.</param>
internal sealed record BatchFilter(string? Text = null, Guid? Unit = null, BatchState? State = null, DateOnly? From = null, DateOnly? To = null, string? Resource = null);

internal static class FindBatches
{
    internal static async Task<Ok<Page<BatchView>>> Handle(
        string? text, Guid? unit, BatchState? state, DateOnly? from, DateOnly? to, string? resource, int? page, int? size,
        StateStore store, ClaimsPrincipal who, CancellationToken stop)
    {
        var found = await Find(store, new(text, unit, state, from, to, resource), new(page, size), Actor.From(who)!, stop);
        return TypedResults.Ok(new Page<BatchView>([.. found.Items.Select(b => BatchView.Of(b))], found.Number, found.Size, found.Total));
    }

    internal static async Task<Page<Batch>> Find(StateStore store, BatchFilter filter, PageAsk ask, Actor actor, CancellationToken stop)
    {
        await using var connection = await store.Open(stop);
        var (where, values) = Where(filter, actor);
        var total = Convert.ToInt64(await connection.Scalar(null, FormattableStringFactory.Create($"SELECT COUNT(*) FROM batch {where}", [.. values]), stop));
        var paged = FormattableStringFactory.Create(
            $"{where} ORDER BY received_at DESC, id DESC LIMIT {ask.Rows} OFFSET {ask.Skip}", [.. values]);
        return new(await BatchRows.List(connection, null, paged, stop), ask.Number, ask.Rows, total);
    }

    /// <summary>A steward's list, and its count, hold their own unit's batches alone.</summary>
    private static (string Sql, List<object?> Values) Where(BatchFilter filter, Actor actor)
    {
        var (conditions, values) = (new List<string>(), new List<object?>());
        void Add(string condition, params object?[] with)
        {
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, [.. with.Select((_, i) => $"{{{values.Count + i}}}")]));
            values.AddRange(with);
        }

        var unit = actor.Has(Roles.Engineer) ? filter.Unit : actor.Unit ?? Guid.Empty;
        if (unit is not null)
        {
            Add("unit = {0}", unit.ToString());
        }

        if (filter.State is { } state)
        {
            Add("state = {0}", state.ToString());
        }

        if (!string.IsNullOrWhiteSpace(filter.Resource))
        {
            Add("code = {0}", filter.Resource.Trim());
        }

        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var like = $"%{filter.Text.Trim().Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            Add("(number LIKE {0} ESCAPE '\\' OR code LIKE {1} ESCAPE '\\' OR name LIKE {2} ESCAPE '\\')", like, like, like);
        }

        if (filter.From is { } from)
        {
            Add("received_at >= {0}", from.Midnight().ToStored());
        }

        if (filter.To is { } to)
        {
            Add("received_at < {0}", to.EndOfDay().ToStored());
        }

        return (conditions.Count > 0 ? $"WHERE {string.Join(" AND ", conditions)}" : "", values);
    }
}
