// Models and their versions in the state, as plain SQL.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class ModelShelf(StateStore state)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The versions in force, by name; of models whose file is gone too.</summary>
    public async Task<IReadOnlyList<Model>> All(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT m.id, v.version, v.digest, v.text, v.seen, v.by_name, v.at, m.active, m.table_name, m.next_at FROM model m
             JOIN model_version v ON v.model = m.id AND v.version = m.version ORDER BY m.name
             """,
            Read,
            stop).ToListAsync(stop);
    }

    /// <summary>By name; null when there is none.</summary>
    public async Task<Model?> Find(string name, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT m.id, v.version, v.digest, v.text, v.seen, v.by_name, v.at, m.active, m.table_name, m.next_at FROM model m
             JOIN model_version v ON v.model = m.id AND v.version = m.version WHERE m.name = {name}
             """,
            Read,
            stop).FirstOrDefaultAsync(stop);
    }

    /// <summary>By id; null when no model has it.</summary>
    public async Task<string?> NameOf(Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Scalar(null, $"SELECT name FROM model WHERE id = {model.ToString("D")}", stop) as string;
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Model>> Versions(Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT m.id, v.version, v.digest, v.text, v.seen, v.by_name, v.at, m.active, m.table_name, m.next_at FROM model m
             JOIN model_version v ON v.model = m.id WHERE m.id = {model.ToString("D")} ORDER BY v.version DESC
             """,
            Read,
            stop).ToListAsync(stop);
    }

    public async Task<IReadOnlyList<ModelFile>> Files(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null, $"SELECT file, digest, model, problem, at FROM model_file ORDER BY file",
            r => new ModelFile(
                r.GetString(0), r.GetString(1), r.IsDBNull(2) ? null : Guid.Parse(r.GetString(2)), r.IsDBNull(3) ? null : JsonSerializer.Deserialize<Problem>(r.GetString(3), Json),
                Clock.FromStored(r.GetString(4))),
            stop).ToListAsync(stop);
    }

    /// <summary>Writes a version of a model, which is the one in force then, in the caller's transaction.</summary>
    public static async Task Put(DbConnection connection, DbTransaction transaction, Model model, CancellationToken stop)
    {
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO model (id, name, version, active, table_name, next_at, saved_at)
             VALUES ({model.Id.ToString("D")}, {model.Name}, {model.Version}, {(model.Active ? 1 : 0)}, {model.Table}, {model.NextAt?.ToStored()}, {model.At.ToStored()})
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, active = excluded.active, table_name = excluded.table_name, next_at = excluded.next_at, saved_at = excluded.saved_at
             """,
            stop);
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO model_version (model, version, digest, text, seen, by_name, at)
             VALUES ({model.Id.ToString("D")}, {model.Version}, {model.Digest}, {model.Text}, {JsonSerializer.Serialize(model.Found, Json)}, {model.By}, {model.At.ToStored()})
             ON CONFLICT (model, version) DO UPDATE SET digest = excluded.digest, text = excluded.text, seen = excluded.seen
             """,
            stop);
    }

    public async Task Put(Model model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await Put(connection, transaction, model, stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>Takes out a model that never came into force.</summary>
    public async Task Forget(Guid model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(transaction, $"DELETE FROM model_version WHERE model = {model.ToString("D")}", stop);
        await connection.Execute(transaction, $"DELETE FROM model WHERE id = {model.ToString("D")}", stop);
        await transaction.CommitAsync(stop);
    }

    public static Task Put(DbConnection connection, DbTransaction? transaction, ModelFile file, CancellationToken stop) => connection.Execute(
        transaction,
        $"""
         INSERT INTO model_file (file, digest, model, problem, at)
         VALUES ({file.File}, {file.Digest}, {file.Model?.ToString("D")}, {(file.Problem is null ? null : JsonSerializer.Serialize(file.Problem, Json))}, {file.At.ToStored()})
         ON CONFLICT (file) DO UPDATE SET digest = excluded.digest, model = COALESCE(excluded.model, model_file.model), problem = excluded.problem, at = excluded.at
         """,
        stop);

    private static Model Read(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), (int)r.GetInt64(1), r.GetString(2), r.GetString(3), JsonSerializer.Deserialize<Found>(r.GetString(4), Json)!, r.GetString(5), Clock.FromStored(r.GetString(6)),
        r.GetInt64(7) == 1, r.GetString(8), r.IsDBNull(9) ? null : Clock.FromStored(r.GetString(9)));
}
