// Settles rows of one key, in sets. In: staged chunks. Out: the same with duplicates taken out: equal to the table's row or to an earlier one of the batch;
// a later row with other content than an earlier one is rejected; other content than the table's is an update and stays.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Lake.Reading;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake;

/// <summary>Chunks after the keys were settled, and how many of their rows replace rows of the table.</summary>
internal sealed record Settled(IReadOnlyList<StagedChunk> Chunks, long Updates);

internal sealed class Duplicates(Warehouse warehouse, LoadPlan plan)
{
    private readonly Dictionary<string, long> fields = plan.Table.Columns.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);

    public static string RejectsPath(LoadPlan plan) => Path.Combine(plan.Folder, "keys.rejects");

    private string Keys => SqlText.Names(plan.Key);

    private string Content => $"row({SqlText.Names(plan.Columns.Select(c => c.Name))})";

    public async Task<Settled> Settle(IReadOnlyList<StagedChunk> chunks, CancellationToken stop)
    {
        var files = chunks.Where(c => c.File is not null).ToList();
        if (files.Count == 0)
        {
            return new Settled(chunks, 0);
        }

        var existing = await warehouse.Plan(plan.Table.Id, stop: stop);
        return await warehouse.Engine.Write(session =>
        {
            try
            {
                return Settle(session, chunks, files, existing);
            }
            finally
            {
                session.Execute("DROP TABLE IF EXISTS lz_twice; DROP TABLE IF EXISTS lz_drop; DROP TABLE IF EXISTS lz_known");
            }
        }, stop);
    }

    private Settled Settle(Session session, IReadOnlyList<StagedChunk> chunks, List<StagedChunk> files, ReadPlan? existing)
    {
        var staged = $"read_parquet({SqlText.List(files.Select(f => f.File!.Path))}, file_row_number = true)";
        session.Execute("CREATE OR REPLACE TEMP TABLE lz_drop (file INTEGER, pos BIGINT, conflict BOOLEAN)");
        Twice(session, staged);
        var updates = existing is null || existing.Rows == 0 ? 0 : Known(session, staged, existing);
        var dropped = session.Rows(
            "SELECT file, count(*) FILTER (WHERE NOT conflict), count(*) FILTER (WHERE conflict) FROM lz_drop GROUP BY file",
            r => (File: r.GetInt32(0), Same: r.GetInt64(1), Other: r.GetInt64(2))).ToDictionary(d => d.File);
        WriteConflicts(session, staged, files);
        var settled = chunks.Select(chunk =>
        {
            var index = files.IndexOf(chunk);
            return index >= 0 && dropped.TryGetValue(index, out var drop) ? Without(session, chunk, index, drop.Same, drop.Other) : chunk;
        }).ToList();
        return new Settled(settled, updates);
    }

    /// <summary>Rows after the first of their key in this batch. Only keys that come twice are looked at whole.</summary>
    private void Twice(Session session, string staged)
    {
        session.Execute($"CREATE OR REPLACE TEMP TABLE lz_twice AS SELECT {Keys} FROM {staged} GROUP BY ALL HAVING count(*) > 1");
        session.Execute($"""
            INSERT INTO lz_drop
            SELECT file_index, file_row_number, content IS DISTINCT FROM first_value(content) OVER key
            FROM (SELECT file_index, file_row_number, {Provenanced}, {Keys}, {Content} AS content FROM {staged} AS s SEMI JOIN lz_twice USING ({Keys}))
            WINDOW key AS (PARTITION BY {Keys} ORDER BY file_index, place, file_row_number)
            QUALIFY row_number() OVER key > 1
            """);
    }

    /// <summary>The record number where it is kept, since threads may have written the rows of a chunk in another order.</summary>
    private string Provenanced => fields.ContainsKey(Origin.Record) ? $"{Origin.Record} AS place" : "file_row_number AS place";

    /// <summary>First rows of keys that the table has: the same content is a duplicate, other content an update.</summary>
    private long Known(Session session, string staged, ReadPlan existing)
    {
        var arguments = new Arguments();
        var relation = existing.Relation(arguments);
        var same = string.Join(" AND ", plan.Columns.Select(c => $"s.{SqlText.Name(c.Name)} IS NOT DISTINCT FROM t.{SqlText.Name(c.Name)}"));
        var joined = string.Join(" AND ", plan.Key.Select(k => $"s.{SqlText.Name(k)} = t.{SqlText.Name(k)}"));
        session.Execute(
            $"""
            CREATE OR REPLACE TEMP TABLE lz_known AS
            SELECT s.file_index AS file, s.file_row_number AS pos, bool_or({same}) AS same
            FROM {staged} AS s JOIN ({relation}) AS t ON {joined}
            ANTI JOIN lz_drop AS d ON d.file = s.file_index AND d.pos = s.file_row_number
            GROUP BY ALL
            """,
            arguments.Values);
        session.Execute("INSERT INTO lz_drop SELECT file, pos, false FROM lz_known WHERE same");
        return Convert.ToInt64(session.Scalar("SELECT count(*) FROM lz_known WHERE NOT same"));
    }

    private void WriteConflicts(Session session, string staged, List<StagedChunk> files)
    {
        File.Delete(RejectsPath(plan));
        using var log = new RejectLog(RejectsPath(plan));
        var cells = string.Join(", ", plan.Columns.Select(c => $"CAST(s.{SqlText.Name(c.Name)} AS VARCHAR)"));
        var key = plan.Columns.Select((c, i) => (c, i)).First(p => plan.Key.Contains(p.c.Name)).i;
        session.Stream(
            $"SELECT d.file, {(fields.ContainsKey(Origin.Record) ? $"s.{Origin.Record}" : "s.file_row_number + 1")}, {cells} FROM {staged} AS s JOIN lz_drop AS d ON d.file = s.file_index AND d.pos = s.file_row_number AND d.conflict ORDER BY 1, 2",
            row => log.Add(files[row.GetInt32(0)].Source, row.GetInt64(1), json => WriteCells(json, row), [(key, Cell.KeyConflict, "")]));
        log.Close();
    }

    private void WriteCells(Utf8JsonWriter json, DbDataReader row)
    {
        for (var i = 0; i < plan.Columns.Count; i++)
        {
            json.WriteStringValue(row.IsDBNull(i + 2) ? null : row.GetString(i + 2));
        }
    }

    /// <summary>Writes the chunk's file again without the dropped rows, under another name: the first file stays for a run that is interrupted now.</summary>
    private StagedChunk Without(Session session, StagedChunk chunk, int index, long same, long other)
    {
        var path = Path.ChangeExtension(chunk.File!.Path, ".kept.parquet");
        var own = fields.Where(f => chunk.File.Columns.Any(c => c.Column == f.Value)).ToDictionary();
        var file = Staging.CopyFields(
            session, path,
            $"SELECT {SqlText.Names(own.Keys)} FROM read_parquet({SqlText.Literal(chunk.File.Path)}, file_row_number = true) AS s ANTI JOIN (SELECT pos FROM lz_drop WHERE file = {index}) AS d ON d.pos = s.file_row_number",
            own);
        var counts = chunk.Counts + new LoadCounts(-same - other, other, same, 0);
        return chunk with { Counts = counts, File = file };
    }
}
