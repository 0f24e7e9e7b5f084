// In: an open transaction. Out: heads, versions and acts read from and written to the catalogue's tables; one way for one entry and for many.
using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class Shelf
{
    private static readonly JsonSerializerOptions Kept = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        IgnoreReadOnlyProperties = true,
    };

    public static string Write(ResourceEntry entry) => JsonSerializer.Serialize(entry, Kept);

    public static ResourceEntry Read(string body) => JsonSerializer.Deserialize<ResourceEntry>(body, Kept)!;

    /// <summary>As a tree of what is set, to compare and to change field by field.</summary>
    public static JsonObject Tree<T>(T value) => JsonSerializer.SerializeToNode(value, Kept)!.AsObject();

    public static ResourceEntry Entry(JsonObject tree) => tree.Deserialize<ResourceEntry>(Kept)!;

    public static ItemCard Item(JsonObject tree) => tree.Deserialize<ItemCard>(Kept)!;

    public static Task<Head?> Find(DbConnection connection, DbTransaction? transaction, Guid id, CancellationToken stop) =>
        One(connection, transaction, $"SELECT seq, id, code, unit, revision, published, opened, open_state, updated_at, published_at, state, last FROM resource WHERE id = {id.ToString()}", stop);

    public static Task<Head?> Find(DbConnection connection, DbTransaction? transaction, string code, CancellationToken stop) =>
        One(connection, transaction, $"SELECT seq, id, code, unit, revision, published, opened, open_state, updated_at, published_at, state, last FROM resource WHERE code = {code}", stop);

    /// <summary>Null when there is no such version.</summary>
    public static async Task<ResourceEntry?> Version(DbConnection connection, DbTransaction? transaction, Guid resource, int version, CancellationToken stop) =>
        await connection.Scalar(
            transaction, $"SELECT body FROM resource_version WHERE resource = {resource.ToString()} AND version = {version}", stop) is string body ? Read(body) : null;

    /// <summary>The highest number in the index and the highest serial of a class, to give out the next.</summary>
    public static async Task<long> LastSeq(DbConnection connection, DbTransaction transaction, CancellationToken stop) =>
        await connection.Scalar(transaction, $"SELECT MAX(seq) FROM resource", stop) is { } seq ? Convert.ToInt64(seq) : 0;

    public static async Task<long> LastSerial(DbConnection connection, DbTransaction transaction, string classCode, CancellationToken stop) =>
        await connection.Scalar(transaction, $"SELECT MAX(serial) FROM resource WHERE class = {classCode}", stop) is { } serial ? Convert.ToInt64(serial) : 0;

    /// <summary>A new row for the head; <paramref name="shown"/> is what lists show of it.</summary>
    public static Task Insert(DbConnection connection, DbTransaction transaction, Head head, ResourceEntry shown, long generation, CancellationToken stop) => connection.Execute(
        transaction,
        $"""
         INSERT INTO resource (seq, id, code, table_name, generation, revision, state, published, opened, open_state, last, topic, class, serial,
             name, unit, system, sharing, cycle, level, items, updated_at, published_at)
         VALUES ({head.Seq}, {head.Id.ToString()}, {head.Code.ToString()}, {head.Table}, {generation}, {head.Revision}, {head.State.ToString()}, {head.Published}, {head.Opened},
             {head.OpenState?.ToString()}, {head.Last}, {head.Code.Topic}, {head.Code.Class}, {head.Code.Number},
             {shown.Name}, {shown.Unit.ToString()}, {shown.System?.ToString()}, {shown.Sharing.ToString()}, {shown.Cycle.ToString()}, {LevelOf(shown)},
             {shown.Items.Count}, {head.UpdatedAt.ToStored()}, {head.PublishedAt?.ToStored()})
         """,
        stop);

    /// <summary>False when somebody else acted since <paramref name="head"/>'s previous revision was read.</summary>
    public static async Task<bool> Update(DbConnection connection, DbTransaction transaction, Head head, ResourceEntry shown, long generation, CancellationToken stop) => await connection.Execute(
        transaction,
        $"""
         UPDATE resource SET code = {head.Code.ToString()}, table_name = {head.Table}, generation = {generation}, revision = {head.Revision}, state = {head.State.ToString()},
             published = {head.Published}, opened = {head.Opened}, open_state = {head.OpenState?.ToString()}, last = {head.Last},
             topic = {head.Code.Topic}, class = {head.Code.Class}, serial = {head.Code.Number},
             name = {shown.Name}, unit = {shown.Unit.ToString()}, system = {shown.System?.ToString()}, sharing = {shown.Sharing.ToString()},
             cycle = {shown.Cycle.ToString()}, level = {LevelOf(shown)}, items = {shown.Items.Count},
             updated_at = {head.UpdatedAt.ToStored()}, published_at = {head.PublishedAt?.ToStored()}
         WHERE id = {head.Id.ToString()} AND revision = {head.Revision - 1}
         """,
        stop) == 1;

    /// <summary>Writes the version, over itself while it is still open.</summary>
    public static Task PutVersion(
        DbConnection connection, DbTransaction transaction, Guid resource, int version, ResourceEntry entry, string by, DateTimeOffset now, bool published, CancellationToken stop) =>
        connection.Execute(
            transaction,
            $"""
             INSERT INTO resource_version (resource, version, body, made_at, made_by, published_at)
             VALUES ({resource.ToString()}, {version}, {Write(entry)}, {now.ToStored()}, {by}, {(published ? now.ToStored() : null)})
             ON CONFLICT (resource, version) DO UPDATE SET body = excluded.body, made_at = excluded.made_at, made_by = excluded.made_by
             """,
            stop);

    public static Task MarkPublished(DbConnection connection, DbTransaction transaction, Guid resource, int version, DateTimeOffset now, CancellationToken stop) =>
        connection.Execute(
            transaction,
            $"UPDATE resource_version SET published_at = {now.ToStored()} WHERE resource = {resource.ToString()} AND version = {version}",
            stop);

    public static Task DropVersion(DbConnection connection, DbTransaction transaction, Guid resource, int version, CancellationToken stop) =>
        connection.Execute(
            transaction, $"DELETE FROM resource_version WHERE resource = {resource.ToString()} AND version = {version} AND published_at IS NULL", stop);

    public static Task Record(
        DbConnection connection, DbTransaction transaction, Guid resource, int version, Step step, Actor actor, DateTimeOffset now, string? opinion, CancellationToken stop) =>
        connection.Execute(
            transaction,
            $"""
             INSERT INTO resource_act (id, resource, version, act, actor, actor_name, actor_unit, at, opinion)
             VALUES ({Guid.CreateVersion7(now).ToString()}, {resource.ToString()}, {version}, {step.ToString()}, {actor.Id.ToString()}, {actor.Name},
                 {actor.Unit?.ToString()}, {now.ToStored()}, {opinion})
             """,
            stop);

    private static int LevelOf(ResourceEntry entry) => entry.Items.Count == 0 ? (int)Level.L3 : (int)entry.Items.Max(i => i.Applied);

    private static async Task<Head?> One(DbConnection connection, DbTransaction? transaction, FormattableString sql, CancellationToken stop)
    {
        await foreach (var head in connection.Rows(transaction, sql, ReadHead, stop))
        {
            return head;
        }

        return null;
    }

    private static Head ReadHead(DbDataReader row) => new(
        row.GetInt64(0),
        Guid.Parse(row.GetString(1)),
        ResourceCode.Parse(row.GetString(2))!,
        Guid.Parse(row.GetString(3)),
        row.GetInt64(4),
        row.IsDBNull(5) ? null : (int)row.GetInt64(5),
        row.IsDBNull(6) ? null : (int)row.GetInt64(6),
        row.IsDBNull(7) ? null : Enum.Parse<ResourceState>(row.GetString(7)),
        (int)row.GetInt64(11),
        row.GetString(10) == nameof(ResourceState.Retired),
        Clock.FromStored(row.GetString(8)),
        row.IsDBNull(9) ? null : Clock.FromStored(row.GetString(9)));
}
