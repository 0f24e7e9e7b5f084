// Loads one chunk: one statement that reads, types, judges and writes. In: a chunk file. Out: a staged file and a note of it.
// A chunk the engine cannot take apart is sifted record by record, so that one broken record never sinks the others.
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Lizhou.Lake.Writes;

namespace Lizhou.Lake;

internal sealed class ChunkLoad(Engine engine, Staging staging, LoadPlan plan, string digest)
{
    private readonly Dictionary<string, long> fields = plan.Table.Columns
        .Where(c => plan.Columns.Any(l => l.Name == c.Name) || Origin.Has(c.Name)).ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);

    public StagedChunk Run(Session session, LoadChunk chunk)
    {
        var path = Path.Combine(staging.Folder(plan.Table), $"data_{plan.Batch}_{StagedChunk.NameOf(chunk.File, chunk.Sequence)}.parquet");
        var length = new FileInfo(chunk.Path).Length;
        var rejects = StagedChunk.RejectsPath(plan, chunk.File, chunk.Sequence);
        File.Delete(rejects);
        using var log = new RejectLog(rejects);
        try
        {
            return Copy(session, chunk, chunk.Path, path, log, 0) with { Length = length };
        }
        catch (DuckDBException error) when (!chunk.Parquet && error.ErrorType is DuckDBErrorType.InvalidInput or DuckDBErrorType.Conversion)
        {
            log.Dispose();
            File.Delete(rejects);
            return Sifted(session, chunk, path, log) with { Length = length };
        }
    }

    private StagedChunk Sifted(Session session, LoadChunk chunk, string path, RejectLog log)
    {
        var clean = Path.Combine(plan.Folder, StagedChunk.NameOf(chunk.File, chunk.Sequence) + ".sifted");
        try
        {
            var refused = ChunkSifter.Sift(chunk, clean, plan.Columns.Count + 1, log);
            return Copy(session, chunk, clean, path, log, refused);
        }
        finally
        {
            File.Delete(clean);
        }
    }

    private StagedChunk Copy(Session session, LoadChunk chunk, string from, string path, RejectLog log, long refused)
    {
        foreach (var reject in chunk.Refused)
        {
            log.Add(reject);
        }

        using var gate = new ChunkGate(plan, chunk.File, log);
        StagedFile? file;
        try
        {
            file = Staging.CopyFields(session, path, Select(session, chunk, from, gate), fields);
        }
        catch (DuckDBException) when (gate.Failure is not null)
        {
            throw new InvalidOperationException("The gate failed.", gate.Failure);
        }

        log.Close();
        return new StagedChunk(chunk.Sequence, chunk.File, digest, 0, gate.Counts + new LoadCounts(0, refused + chunk.Refused.Count, 0, 0), file, gate.Profiles());
    }

    private string Select(Session session, LoadChunk chunk, string from, ChunkGate gate)
    {
        var cells = plan.Columns.Select((_, i) => $"c{i}");
        var patterns = plan.Columns.Select((c, i) => (c, i)).Where(p => p.c.Pattern is not null)
            .Select(p => $"regexp_full_match({(p.c.Folds ? "lz_fold" : "lz_trim")}(c{p.i}), {SqlText.Literal(p.c.Pattern!)})");
        var call = $"{GateFunctions.For(engine, session, plan)}({gate.Ticket}::BIGINT, r, {string.Join(", ", cells.Concat(patterns))})";
        var typed = plan.Columns.Select((c, i) => $"g.c{i} AS {SqlText.Name(c.Name)}").Concat(OriginOf(chunk));
        return $"SELECT {string.Join(", ", typed)} FROM (SELECT r, {call} AS g FROM {Source(chunk, from)}) WHERE g.ok";
    }

    private IEnumerable<string> OriginOf(LoadChunk chunk)
    {
        (string Name, string Value)[] origin =
        [
            (Origin.Batch, SqlText.Literal(plan.Batch)), (Origin.File, $"{chunk.File}::INTEGER"), (Origin.Record, "r"), (Origin.Quality, "g.q"),
        ];
        return origin.Where(o => fields.ContainsKey(o.Name)).Select(o => $"{o.Value} AS {o.Name}");
    }

    private string Source(LoadChunk chunk, string from)
    {
        if (chunk.Parquet)
        {
            var columns = string.Join(", ", plan.Columns.Select((c, i) => $"CAST({SqlText.Name(c.Name)} AS VARCHAR) AS c{i}"));
            return $"(SELECT file_row_number + 1 AS r, {columns} FROM read_parquet({SqlText.Literal(from)}, file_row_number = true))";
        }

        var names = string.Join(", ", plan.Columns.Select((_, i) => $"'c{i}': 'VARCHAR'"));
        return $"""
            read_csv({SqlText.Literal(from)}, columns = {OpenBrace}'r': 'BIGINT', {names}{CloseBrace}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
            nullstr = '', new_line = '\n', max_line_size = {ChunkSifter.LongestRecord}, parallel = false)
            """;
    }

    private const string OpenBrace = "{";
    private const string CloseBrace = "}";
}
