// In: words and filters. Out: one page of resources and the counts of every facet. Shows drafts only to those who keep them.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Search;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Catalog.Search;

/// <summary>What is asked of the list; every part narrows it.</summary>
/// <param name="Q">Words; any two Chinese characters in a row, beginnings of codes and column names.</param>
/// <param name="Topic">类 and 项 (three digits), or 类 alone (one digit).</param>
/// <param name="Level">1–4.</param>
/// <param name="Sort"><c>code</c>, <c>name</c>, <c>updated</c> (newest first); null: what bears the words in its name first, else by code.</param>
internal sealed record ResourceQuery(
    string? Q = null, Guid? Unit = null, string? Topic = null, SharingKind? Sharing = null, UpdateCycle? Cycle = null, int? Level = null, ResourceState? State = null,
    string? Sort = null);

/// <param name="Units">Names of the units on this page and in the facet.</param>
internal sealed record Found(Page<ResourceLine> Page, Facets Facets, IReadOnlyDictionary<Guid, string> Units);

internal static class SearchResources
{
    public static async Task<Found> Run(Register register, ListTable table, ResourceQuery query, PageAsk page, Actor actor, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        var lines = await table.Current(connection, stop);
        var hits = await Hits.Of(connection, register.Kind, query.Q, lines.All.Length, stop);
        var (passed, facets) = Sift(lines, hits, query, actor);
        var total = passed.Count(p => p);
        var items = InOrder(lines, hits, passed, query.Sort).Skip(page.Skip).Take(page.Rows).Select(i => lines.All[i]).ToList();
        var units = (await register.Frame(stop)).Units.ToDictionary(u => u.Key, u => u.Value.Name);
        return new(new(items, page.Number, page.Rows, total), facets, units);
    }

    /// <summary>Ids of everything the query finds, in its order, at most <paramref name="most"/>: for exports.</summary>
    public static async Task<IReadOnlyList<Guid>> Ids(Register register, ListTable table, ResourceQuery query, Actor actor, int most, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        var lines = await table.Current(connection, stop);
        var hits = await Hits.Of(connection, register.Kind, query.Q, lines.All.Length, stop);
        return [.. InOrder(lines, hits, Sift(lines, hits, query, actor).Passed, query.Sort).Take(most).Select(i => lines.All[i].Id)];
    }

    /// <summary>Which lines pass the words and all filters, and every facet counted with all filters but its own.</summary>
    private static (bool[] Passed, Facets Facets) Sift(Lines lines, Hits hits, ResourceQuery query, Actor actor)
    {
        var columns = lines.Facets;
        var passing = Facet.Wanted(query).Select((wanted, f) => columns[f].Passing(wanted)).ToArray();
        var counts = columns.Select(c => new long[c.Values]).ToArray();
        var all = actor.Has(Roles.Engineer);
        var passed = new bool[lines.All.Length];
        for (var i = 0; i < passed.Length; i++)
        {
            if (!hits.Contains(i) || !(all || lines.All[i].Public || actor.ActsFor(lines.All[i].Unit)))
            {
                continue;
            }

            var misses = 0;
            var missed = -1;
            for (var f = 0; f < passing.Length && misses < 2; f++)
            {
                if (passing[f] is { } values && !values[columns[f].ByLine[i]])
                {
                    (misses, missed) = (misses + 1, f);
                }
            }

            passed[i] = misses == 0;
            for (var f = 0; f < passing.Length; f++)
            {
                if (misses == 0 || (misses == 1 && missed == f))
                {
                    counts[f][columns[f].ByLine[i]]++;
                }
            }
        }

        var counted = columns.Select((c, f) => c.Counted(counts[f])).ToArray();
        return (passed, new(counted[0], counted[1], counted[2], counted[3], counted[4], counted[5]));
    }

    private static IEnumerable<int> InOrder(Lines lines, Hits hits, bool[] passed, string? sort)
    {
        var ordered = lines.Order(sort).Where(i => passed[i]);
        return sort is null or "relevance" && hits.Named is { } named ? ordered.Where(i => named[i]).Concat(ordered.Where(i => !named[i])) : ordered;
    }

    /// <summary>What the words find. Null everywhere when nothing was asked.</summary>
    /// <param name="Any">In name or body.</param>
    /// <param name="Named">In the name itself.</param>
    private sealed record Hits(bool[]? Any, bool[]? Named)
    {
        public bool Contains(int index) => Any is null || Any[index];

        public static async Task<Hits> Of(DbConnection connection, StateKind kind, string? words, int lines, CancellationToken stop)
        {
            if (string.IsNullOrWhiteSpace(words))
            {
                return new(null, null);
            }

            var phrases = Grams.Query(words);
            if (phrases.Count == 0)
            {
                // Nothing in it is a letter, digit or character.
                return new(new bool[lines], null);
            }

            return kind == StateKind.Sqlite
                ? new(
                    await Marked(connection, $"SELECT rowid FROM resource_gram WHERE resource_gram MATCH {Grams.Fts(phrases)}", lines, stop),
                    await Marked(connection, $"SELECT rowid FROM resource_gram WHERE resource_gram MATCH {$"name : ({Grams.Fts(phrases)})"}", lines, stop))
                : new(
                    await Marked(connection, $"SELECT seq FROM resource_gram WHERE grams @@ CAST({Grams.TsQuery(phrases, "")} AS TSQUERY)", lines, stop),
                    await Marked(connection, $"SELECT seq FROM resource_gram WHERE grams @@ CAST({Grams.TsQuery(phrases, "A")} AS TSQUERY)", lines, stop));
        }

        private static async Task<bool[]> Marked(DbConnection connection, FormattableString sql, int lines, CancellationToken stop)
        {
            var marked = new bool[lines];
            await using var command = connection.Command(null, sql);
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                // What was added since the lines were read is seen by the next look.
                if (reader.GetInt64(0) is var seq && seq <= lines)
                {
                    marked[seq - 1] = true;
                }
            }

            return marked;
        }
    }
}
