// In: filters from the URL and a page. Out: entries the actor may see, newest first, and how many in all.
// The audit administrator and the bureau's engineer see all; a person of a unit sees what was taken from or handed to their unit, and their own acts.
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Ledger.Entries;

/// <summary>Filters; null or empty ones do not filter.</summary>
/// <param name="Actor">Part of the name, or the id.</param>
/// <param name="Unit">Acted for, provider or receiver.</param>
/// <param name="Act">Beginning of the act, e.g. <c>rows.</c></param>
/// <param name="Subject">Code or id, whole.</param>
/// <param name="Grant">As it was written: its number or id. Entries about it have it as their grant or as their subject.</param>
/// <param name="Result"><c>done</c>, <c>refused</c> for every refusal, or a code.</param>
/// <param name="From">First day, city time.</param>
/// <param name="To">Last day.</param>
internal sealed record EntryFilter(
    string? Actor = null, Guid? Unit = null, string? Act = null, string? Subject = null, string? Grant = null, string? Result = null, DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>Of the grant that was named; null where what was named is no grant's id or number.</summary>
    public Guid? GrantId { get; init; }
}

/// <summary>One entry, as lists and its page show it. Null where not said.</summary>
internal sealed record EntryView(
    long Seq, DateTimeOffset At, Guid Actor, string Name, Guid? Unit, string Act, string Subject, string Result, Guid? Provider, Guid? Receiver, string? Grant,
    string? Purpose, string? Resource, long? Snapshot, IReadOnlyList<string> Items, long? Rows, long? Bytes, string? Digest, long? DurationMs, string? Tracking,
    string? Secrecy, string? SecretUntil, string? Detail, string Hash)
{
    public bool Done => Result == Contracts.Ledger.Evidence.Done;

    /// <summary>From the columns of an entry and its hash.</summary>
    public static EntryView Read(DbDataReader r) => new(
        r.GetInt64(0), Clock.FromStored(r.GetString(1)), Guid.Parse(r.GetString(2)), r.GetString(3), Id(r, 4), r.GetString(5), r.GetString(6), r.GetString(7), Id(r, 8), Id(r, 9), Text(r, 10),
        Text(r, 11), Text(r, 12), Number(r, 13), Text(r, 14)?.Split('\n') ?? [], Number(r, 15), Number(r, 16), Text(r, 17), Number(r, 18), Text(r, 19), Text(r, 20), Text(r, 21), Text(r, 22), r.GetString(23));

    private static string? Text(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static long? Number(DbDataReader r, int column) => r.IsDBNull(column) ? null : r.GetInt64(column);

    private static Guid? Id(DbDataReader r, int column) => Guid.TryParse(Text(r, column), out var id) ? id : null;
}

internal static class FindEntries
{
    internal static async Task<Ok<Page<EntryView>>> Handle(
        [AsParameters] EntryQuery query, int? page, int? size, StateStore store, [FromServices] IGrantNumbers grants, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok(await Find(store, await query.Filter(grants, stop), new(page, size), Actor.From(who)!, stop));

    internal static async Task<Page<EntryView>> Find(StateStore store, EntryFilter filter, PageAsk ask, Actor actor, CancellationToken stop)
    {
        await using var connection = await store.Open(stop);
        var (where, values) = Where(filter, actor);
        var total = Convert.ToInt64(await connection.Scalar(null, FormattableStringFactory.Create($"SELECT COUNT(*) FROM ledger_entry {where}", [.. values]), stop), CultureInfo.InvariantCulture);
        var rows = FormattableStringFactory.Create(
            $"SELECT {Entry.ColumnList}, hash FROM ledger_entry {where} ORDER BY seq DESC LIMIT {ask.Rows} OFFSET {ask.Skip}", [.. values]);
        List<EntryView> found = [];
        await foreach (var entry in connection.Rows(null, rows, EntryView.Read, stop))
        {
            found.Add(entry);
        }

        return new(found, ask.Number, ask.Rows, total);
    }

    /// <summary>The entry, if the actor may see it.</summary>
    internal static async Task<EntryView?> One(StateStore store, long seq, Actor actor, CancellationToken stop)
    {
        await using var connection = await store.Open(stop);
        var (where, values) = Where(new(), actor);
        var row = FormattableStringFactory.Create(
            $"SELECT {Entry.ColumnList}, hash FROM ledger_entry {(where.Length == 0 ? "WHERE" : where + " AND")} seq = {seq}", [.. values]);
        await foreach (var entry in connection.Rows(null, row, EntryView.Read, stop))
        {
            return entry;
        }

        return null;
    }

    internal static bool SeesAll(Actor actor) => actor.Has(Roles.AuditAdministrator) || actor.Has(Roles.Engineer);

    private static (string Sql, List<object?> Values) Where(EntryFilter filter, Actor actor)
    {
        var (conditions, values) = (new List<string>(), new List<object?>());
        void Add(string condition, params object?[] with)
        {
            conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, [.. with.Select((_, i) => $"{{{values.Count + i}}}")]));
            values.AddRange(with);
        }

        if (!SeesAll(actor))
        {
            var own = (actor.Unit ?? Guid.Empty).ToString();
            Add("(provider = {0} OR receiver = {1} OR actor = {2})", own, own, actor.Id.ToString());
        }

        if (filter.Unit?.ToString() is { } unit)
        {
            Add("(unit = {0} OR provider = {1} OR receiver = {2})", unit, unit, unit);
        }

        if (Given(filter.Actor) is { } name)
        {
            Add("(actor = {0} OR name LIKE {1} ESCAPE '\\')", name, $"%{Plain(name)}%");
        }

        if (Given(filter.Act) is { } act)
        {
            Add("act LIKE {0} ESCAPE '\\'", $"{Plain(act)}%");
        }

        if (Given(filter.Subject) is { } subject)
        {
            Add("subject = {0}", subject);
        }

        if (Given(filter.Grant) is { } grant)
        {
            Add("(grant_id = {0} OR subject = {1})", filter.GrantId?.ToString("D") ?? grant, grant);
        }

        if (Given(filter.Result) is { } result)
        {
            Add(result == "refused" ? "result <> {0}" : "result = {0}", result == "refused" ? Contracts.Ledger.Evidence.Done : result);
        }

        if (filter.From is { } from)
        {
            Add("at >= {0}", from.Midnight().ToStored());
        }

        if (filter.To is { } to)
        {
            Add("at < {0}", to.EndOfDay().ToStored());
        }

        return (conditions.Count > 0 ? $"WHERE {string.Join(" AND ", conditions)}" : "", values);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string Plain(string text) => text.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}
