// In: the id of a query and who asks. Out: a page of its result, or the whole in a format, with evidence. Refuses another's, and one whose decision no longer holds.
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

internal sealed class ReadResult(SqlDesk desk, QueryLog log, OpenView open, Warehouse lake, Settings settings, ILedger ledger, TimeProvider clock)
{
    /// <summary>Values as the engine prints them.</summary>
    public async Task<Result<(QueryRow Query, Page<IReadOnlyList<string?>> Rows)>> Page(Guid id, PageAsk page, Actor actor, CancellationToken stop)
    {
        var query = await Find(id, actor, stop);
        if (query.Refused)
        {
            return query.Problem!;
        }

        var columns = query.Value.Columns;
        var sql = $"SELECT {string.Join(", ", columns.Select(c => $"CAST({SqlText.Name(c.Name)} AS VARCHAR)"))} FROM {From(id)} LIMIT {page.Rows} OFFSET {page.Skip}";
        var rows = await lake.Engine.Read(
            session => session.Rows(sql, r => (IReadOnlyList<string?>)[.. Enumerable.Range(0, columns.Count).Select(i => r.IsDBNull(i) ? null : r.GetString(i))]), stop);
        await ledger.Append(actor, new Evidence("query.shown", id.ToString("D"), Evidence.Done, new { page = page.Number, rows = rows.Count }), stop);
        return (query.Value, new Page<IReadOnlyList<string?>>(rows, page.Number, page.Rows, query.Value.Rows));
    }

    /// <summary>The whole result.</summary>
    public async Task<Result<RowFile>> Write(Guid id, RowFormat format, Stream to, Actor actor, CancellationToken stop)
    {
        var query = await Find(id, actor, stop);
        if (query.Refused)
        {
            return query.Problem!;
        }

        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(settings.Work, "answers")).FullName, $"{Guid.CreateVersion7(clock.GetUtcNow()):N}.{format.ToString().ToLowerInvariant()}");
        try
        {
            var columns = query.Value.Columns.Select(c => format == RowFormat.Csv ? Guarded(c) : SqlText.Name(c.Name));
            var select = $"SELECT {string.Join(", ", columns)} FROM {From(id)}";
            var rows = await lake.Engine.Read(
                session => format switch
                {
                    RowFormat.Csv => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT csv, HEADER true)"),
                    RowFormat.NdJson => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT json)"),
                    RowFormat.Arrow => ArrowFile.Write(session, select, [], path),
                    RowFormat.Xlsx => SheetFile.Write(session, select, [.. query.Value.Columns.Select(c => new SheetColumn(c.Name, c.Name, c.IsSmallNumber))], [], path),
                    _ => session.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT parquet)"),
                },
                stop);
            var file = new RowFile(format, rows, new FileInfo(path).Length, Durable.Digest(path), 0, []);
            await ledger.Append(
                actor,
                new Evidence(WriteRows.Act, id.ToString("D"), Evidence.Done, new { format = format.ToString(), tables = query.Value.Tables }) { Exchange = new() { Receiver = actor.Unit, Purpose = query.Value.Purpose, Rows = rows, Bytes = file.Bytes, Digest = file.Digest } },
                stop);
            await using var from = File.OpenRead(path);
            await from.CopyToAsync(to, stop);
            return file;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A cell of a text, and the name at the head: whoever wrote the statement chose it.</summary>
    private static string Guarded(SqlColumn column) =>
        $"{(column.Type == "VARCHAR" ? $"lz_guard({SqlText.Name(column.Name)})" : SqlText.Name(column.Name))} AS {SqlText.Name(Formula.Neutralise(column.Name))}";

    private string From(Guid id) => $"read_parquet({SqlText.Literal(desk.ResultOf(id))})";

    private async Task<Result<QueryRow>> Find(Guid id, Actor actor, CancellationToken stop)
    {
        if (await log.Find(id, actor, stop) is not { State: QueryRow.Done } query || !File.Exists(desk.ResultOf(id)))
        {
            return Problems.NoResult;
        }

        var decided = new List<Decided>();
        foreach (var table in query.Tables)
        {
            var now = await open.Decide(new RowAsk(table, query.Purpose), actor, stop);
            if (now.Refused)
            {
                return now.Problem!;
            }

            decided.Add(now.Value.Decided);
        }

        return SqlDesk.Seen(decided) == query.Seen ? query : Problems.NoResult;
    }
}
