// In: a head and the version shown. Out: its terms in the index, in the same transaction: FTS5 on SQLite, a tsvector under GIN on PostgreSQL.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Search;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Search;

internal static class SearchIndex
{
    public static async Task Put(
        DbConnection connection, DbTransaction transaction, StateKind kind, Head head, ResourceEntry shown, string unitName, bool fresh, CancellationToken stop)
    {
        var name = Grams.Of(shown.Name);
        var body = Body(head, shown, unitName).SelectMany(Grams.Of);
        if (kind == StateKind.PostgreSql)
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO resource_gram (seq, grams) VALUES ({head.Seq}, CAST({Grams.TsVector(name, body)} AS TSVECTOR))
                 ON CONFLICT (seq) DO UPDATE SET grams = excluded.grams
                 """,
                stop);
            return;
        }

        if (!fresh)
        {
            await connection.Execute(transaction, $"DELETE FROM resource_gram WHERE rowid = {head.Seq}", stop);
        }

        await connection.Execute(
            transaction,
            $"INSERT INTO resource_gram (rowid, name, body) VALUES ({head.Seq}, {string.Join(' ', name)}, {string.Join(' ', body)})",
            stop);
    }

    private static IEnumerable<string?> Body(Head head, ResourceEntry shown, string unitName) =>
    [
        head.Code.ToString(),
        head.Code.Class + head.Code.Serial,
        unitName,
        shown.Summary,
        .. shown.Keywords,
        .. shown.Items.SelectMany(i => new[] { i.Name, i.Column, i.Meaning }),
    ];
}
