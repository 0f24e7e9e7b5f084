// The edges of the lineage in the state: which column feeds which. In: what one model, or one job of another system, says. Out: its edges and no older ones.
using System.Data.Common;
using Lizhou.Computing.Models;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lineage;

/// <summary>A column of a set, or with an empty name the whole set.</summary>
/// <param name="Set">A resource's id, or of another system <c>namespace/name</c>.</param>
internal readonly record struct ColumnOf(string Set, string Column);

internal readonly record struct Edge(ColumnOf From, ColumnOf To, FlowKind Kind);

internal static class LineageEdges
{
    /// <summary>The edges of a model. What decides about its rows feeds it as a whole.</summary>
    public static IReadOnlyList<Edge> Of(Guid model, Found found)
    {
        var (self, sets) = (model.ToString("D"), found.Inputs.ToDictionary(i => i.Key, i => i.Set.ToString("D"), StringComparer.Ordinal));
        return
        [
            .. found.Columns.SelectMany(c => c.From.Select(f => new Edge(new(sets[f.Table], f.Column), new(self, c.Name), f.Kind))),
            .. found.Deciding.Select(f => new Edge(new(sets[f.Table], f.Column), new(self, ""), f.Kind)),
            // Of an input that is only counted, every row decides.
            .. found.Inputs.Where(i => found.Deciding.Concat(found.Columns.SelectMany(c => c.From)).All(f => f.Table != i.Key)).Select(i => new Edge(new(i.Set.ToString("D"), ""), new(self, ""), FlowKind.Filter)),
        ];
    }

    /// <summary>Replaces the edges of an owner.</summary>
    public static async Task Put(DbConnection connection, DbTransaction transaction, string owner, IReadOnlyList<Edge> edges, CancellationToken stop)
    {
        await connection.Execute(transaction, $"DELETE FROM lineage_edge WHERE owner = {owner}", stop);
        foreach (var edge in edges.Distinct())
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO lineage_edge (owner, from_set, from_column, to_set, to_column, kind)
                 VALUES ({owner}, {edge.From.Set}, {edge.From.Column}, {edge.To.Set}, {edge.To.Column}, {edge.Kind.ToString()})
                 """,
                stop);
        }

        await connection.Execute(transaction, $"UPDATE lineage_stamp SET n = n + 1", stop);
        await connection.Execute(
            transaction, $"INSERT INTO lineage_owner (owner, n) SELECT CAST({owner} AS TEXT), n FROM lineage_stamp WHERE n > 0 ON CONFLICT (owner) DO UPDATE SET n = excluded.n", stop);
    }

    /// <summary>The edges of every owner that has changed after a stamp.</summary>
    public static IAsyncEnumerable<(string Owner, Edge Edge)> Since(DbConnection connection, long stamp, CancellationToken stop) => connection.Rows(
        null,
        $"""
         SELECT e.owner, e.from_set, e.from_column, e.to_set, e.to_column, e.kind FROM lineage_owner o JOIN lineage_edge e ON e.owner = o.owner WHERE o.n > {stamp}
         """,
        r => (r.GetString(0), new Edge(new(r.GetString(1), r.GetString(2)), new(r.GetString(3), r.GetString(4)), Enum.Parse<FlowKind>(r.GetString(5)))), stop);

    /// <summary>Every owner that has changed after a stamp, those without edges too.</summary>
    public static IAsyncEnumerable<string> OwnersSince(DbConnection connection, long stamp, CancellationToken stop) =>
        connection.Rows(null, $"SELECT owner FROM lineage_owner WHERE n > {stamp}", r => r.GetString(0), stop);
}
