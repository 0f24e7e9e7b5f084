// In: words and filters. Out: one page of resources and the counts of every facet. Shows drafts only to those who keep them.
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Catalog.Search;

/// <summary>What is asked of the list; every part narrows it. Filters of unknown value find nothing.</summary>
/// <param name="Q">Words; any two Chinese characters in a row, parts of codes and column names.</param>
/// <param name="Topic">类 and 项 (three digits), or 类 alone (one digit).</param>
/// <param name="Level">1–4.</param>
/// <param name="Sort"><c>code</c>, <c>name</c>, <c>updated</c> (newest first); null: by relevance where there are words, else by code.</param>
internal sealed record ResourceQuery(
    string? Q = null, Guid? Unit = null, string? Topic = null, SharingKind? Sharing = null, UpdateCycle? Cycle = null, int? Level = null, ResourceState? State = null,
    string? Sort = null);

/// <summary>One line of the list.</summary>
internal sealed record ResourceLine(
    Guid Id, string Code, string Name, Guid Unit, string UnitName, SharingKind Sharing, UpdateCycle Cycle, Level Level, ResourceState State, ResourceState? OpenState,
    int Items, DateTimeOffset UpdatedAt);

/// <param name="Value">As it is sent back as a filter.</param>
internal sealed record FacetValue(string Value, long Count);

/// <summary>The counts beside the filters: each facet counted with all filters but its own.</summary>
internal sealed record Facets(
    IReadOnlyList<FacetValue> Unit, IReadOnlyList<FacetValue> Topic, IReadOnlyList<FacetValue> Sharing, IReadOnlyList<FacetValue> Cycle,
    IReadOnlyList<FacetValue> Level, IReadOnlyList<FacetValue> State);

internal sealed record Found(Page<ResourceLine> Page, Facets Facets);

internal static class SearchResources
{
    private static readonly string[] Columns = ["unit", "topic", "sharing", "cycle", "level", "state"];

    public static async Task<Found> Run(Register register, ResourceQuery query, PageAsk page, Actor actor, CancellationToken stop)
    {
        var frame = await register.Frame(stop);
        await using var connection = await register.Open(stop);
        var found = Scope.Of(register.Kind, query, actor);
        var (facets, total) = await Count(connection, found, query, stop);
        var lines = total == 0 ? [] : await Lines(connection, found, query, page, frame, stop);
        return new(new(lines, page.Number, page.Rows, total), facets);
    }

    /// <summary>Ids of everything the query finds, in its order, for exports.</summary>
    public static async Task<IReadOnlyList<Guid>> Ids(Register register, ResourceQuery query, Actor actor, int most, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        var sql = Scope.Of(register.Kind, query, actor).Filtered(query);
        var ids = new List<Guid>();
        await foreach (var id in connection.Rows(
            null, sql.Statement("SELECT r.id", $"{Order(sql, query)} LIMIT {most}"), r => Guid.Parse(r.GetString(0)), stop))
        {
            ids.Add(id);
        }

        return ids;
    }

    private static async Task<List<ResourceLine>> Lines(
        DbConnection connection, Scope scope, ResourceQuery query, PageAsk page, Frame frame, CancellationToken stop)
    {
        var sql = scope.Filtered(query);
        var lines = new List<ResourceLine>(page.Rows);
        await foreach (var line in connection.Rows(
            null,
            sql.Statement(
                "SELECT r.id, r.code, r.name, r.unit, r.sharing, r.cycle, r.level, r.state, r.open_state, r.items, r.updated_at",
                $"{Order(sql, query)} LIMIT {page.Rows} OFFSET {page.Skip}"),
            row => Line(row, frame),
            stop))
        {
            lines.Add(line);
        }

        return lines;
    }

    private static string Order(Scope scope, ResourceQuery query) => (query.Sort, scope.Ranked) switch
    {
        ("name", _) => "ORDER BY r.name, r.code",
        ("updated", _) => "ORDER BY r.updated_at DESC, r.code",
        (null or "relevance", true) => "ORDER BY g.score, r.code",
        _ => "ORDER BY r.code",
    };

    // One pass over what the words find, grouped by all facets at once; the filters are then applied to the groups.
    private static async Task<(Facets, long)> Count(DbConnection connection, Scope scope, ResourceQuery query, CancellationToken stop)
    {
        var filters = Filters(query);
        var counts = Columns.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal)).ToArray();
        long total = 0;
        await foreach (var group in connection.Rows(
            null,
            scope.Statement("SELECT r.unit, r.topic, r.sharing, r.cycle, r.level, r.state, COUNT(*)", "GROUP BY r.unit, r.topic, r.sharing, r.cycle, r.level, r.state", scored: false),
            row => (Values: new[] { row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), $"{row.GetInt64(4)}", row.GetString(5) }, Count: row.GetInt64(6)),
            stop))
        {
            var misses = 0;
            var missed = -1;
            for (var f = 0; f < filters.Length && misses < 2; f++)
            {
                if (filters[f] is { } wanted && !group.Values[f].StartsWith(wanted, StringComparison.Ordinal))
                {
                    (misses, missed) = (misses + 1, f);
                }
            }

            total += misses == 0 ? group.Count : 0;
            for (var f = 0; f < filters.Length; f++)
            {
                if (misses == 0 || (misses == 1 && missed == f))
                {
                    counts[f][group.Values[f]] = counts[f].GetValueOrDefault(group.Values[f]) + group.Count;
                }
            }
        }

        return (new(Ranked(counts[0]), Ranked(counts[1]), Ranked(counts[2]), Ranked(counts[3]), Ranked(counts[4]), Ranked(counts[5])), total);
    }

    private static List<FacetValue> Ranked(Dictionary<string, long> counts) =>
        [.. counts.Select(c => new FacetValue(c.Key, c.Value)).OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal)];

    private static string?[] Filters(ResourceQuery query) =>
        [query.Unit?.ToString(), query.Topic, query.Sharing?.ToString(), query.Cycle?.ToString(), query.Level?.ToString(), query.State?.ToString()];

    private static ResourceLine Line(DbDataReader row, Frame frame)
    {
        var unit = Guid.Parse(row.GetString(3));
        return new(
            Guid.Parse(row.GetString(0)), row.GetString(1), row.GetString(2), unit, frame.UnitName(unit), Enum.Parse<SharingKind>(row.GetString(4)),
            Enum.Parse<UpdateCycle>(row.GetString(5)), (Level)row.GetInt64(6), Enum.Parse<ResourceState>(row.GetString(7)),
            row.IsDBNull(8) ? null : Enum.Parse<ResourceState>(row.GetString(8)), (int)row.GetInt64(9), Clock.FromStored(row.GetString(10)));
    }

    /// <summary>FROM and WHERE under way, with their values.</summary>
    private sealed record Scope(string Plain, string Scored, string Where, IReadOnlyList<object> Values, bool Ranked)
    {
        public static Scope Of(StateKind kind, ResourceQuery query, Actor actor)
        {
            var phrases = Grams.Query(query.Q);
            var words = phrases.Count > 0;
            var (where, values) = Visible(actor, words ? 1 : 0);
            if (!words)
            {
                // Words without a letter or character in them find nothing.
                where = string.IsNullOrWhiteSpace(query.Q) ? where : "1 = 0";
                return new("resource r", "resource r", where, values, false);
            }

            return kind == StateKind.Sqlite
                ? new(
                    "(SELECT rowid AS seq FROM resource_gram WHERE resource_gram MATCH {0}) g CROSS JOIN resource r ON r.seq = g.seq",
                    "(SELECT rowid AS seq, bm25(resource_gram, 8.0, 1.0) AS score FROM resource_gram WHERE resource_gram MATCH {0}) g CROSS JOIN resource r ON r.seq = g.seq",
                    where, [Grams.Fts(phrases), .. values], true)
                : new(
                    "resource_gram g JOIN resource r ON r.seq = g.seq AND g.grams @@ CAST({0} AS TSQUERY)",
                    "(SELECT seq, -ts_rank(grams, CAST({0} AS TSQUERY)) AS score FROM resource_gram WHERE grams @@ CAST({0} AS TSQUERY)) g JOIN resource r ON r.seq = g.seq",
                    where, [Grams.TsQuery(phrases), .. values], true);
        }

        public Scope Filtered(ResourceQuery query)
        {
            var where = new StringBuilder(Where);
            var values = new List<object>(Values);
            var filters = Filters(query);
            for (var f = 0; f < filters.Length; f++)
            {
                if (filters[f] is { } wanted)
                {
                    where.Append(f == 1 ? $" AND r.topic LIKE {{{values.Count}}}" : $" AND r.{Columns[f]} = {{{values.Count}}}");
                    values.Add(f == 1 ? Digits(wanted) + "%" : f == 4 ? query.Level!.Value : wanted);
                }
            }

            return this with { Where = where.ToString(), Values = values };
        }

        public FormattableString Statement(string select, string tail, bool scored = true) =>
            FormattableStringFactory.Create($"{select} FROM {(scored ? Scored : Plain)} WHERE {Where} {tail}", [.. Values]);

        private static (string, IReadOnlyList<object>) Visible(Actor actor, int at) => actor.Has(Roles.Engineer)
            ? ("1 = 1", [])
            : ($"(r.published IS NOT NULL OR r.state = 'Retired' OR r.unit = {{{at}}})", [actor.Unit?.ToString() ?? ""]);

        private static string Digits(string topic) => new([.. topic.Where(char.IsAsciiDigit)]);
    }
}
