// In: an id or a code. Out: one version of a resource, its acts, its versions. Shows an open version only to those who keep it.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

/// <summary>One act on a resource, for its timeline.</summary>
internal sealed record ActLine(Step Act, int Version, string ActorName, Guid? ActorUnit, DateTimeOffset At, string? Opinion);

/// <param name="PublishedAt">Null while it never was.</param>
internal sealed record VersionLine(int Version, string MadeBy, DateTimeOffset MadeAt, DateTimeOffset? PublishedAt);

internal static class GetResource
{
    /// <param name="version">Null for the one lists show.</param>
    public static async Task<Result<ResourceView>> Run(Register register, Guid id, int? version, Actor actor, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        return await Of(register, connection, await Shelf.Find(connection, null, id, stop), id.ToString(), version, actor, stop);
    }

    public static async Task<Result<ResourceView>> ByCode(Register register, string code, int? version, Actor actor, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        return await Of(register, connection, await Shelf.Find(connection, null, code, stop), code, version, actor, stop);
    }

    public static async Task<Result<IReadOnlyList<VersionLine>>> Versions(Register register, Guid id, Actor actor, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        if (await Shelf.Find(connection, null, id, stop) is not { } head || !Sees(head, head.Shown, actor))
        {
            return Problems.NotFound.With(id);
        }

        var lines = new List<VersionLine>();
        await foreach (var line in connection.Rows(
            null,
            $"SELECT version, made_by, made_at, published_at FROM resource_version WHERE resource = {id.ToString()} ORDER BY version",
            r => new VersionLine((int)r.GetInt64(0), r.GetString(1), Clock.FromStored(r.GetString(2)), r.IsDBNull(3) ? null : Clock.FromStored(r.GetString(3))),
            stop))
        {
            if (Sees(head, line.Version, actor))
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    public static async Task<Result<IReadOnlyList<ActLine>>> Acts(Register register, Guid id, Actor actor, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        if (await Shelf.Find(connection, null, id, stop) is not { } head || !Sees(head, head.Shown, actor))
        {
            return Problems.NotFound.With(id);
        }

        var acts = new List<ActLine>();
        await foreach (var act in connection.Rows(
            null,
            $"SELECT act, version, actor_name, actor_unit, at, opinion FROM resource_act WHERE resource = {id.ToString()} ORDER BY id",
            Act,
            stop))
        {
            if (Sees(head, act.Version, actor))
            {
                acts.Add(act);
            }
        }

        return acts;
    }

    /// <summary>A version still being worked on is its unit's and the bureau's own business.</summary>
    public static bool Sees(Head head, int version, Actor actor) =>
        actor.ActsFor(head.Unit) || (version != head.Opened && head.PublishedAt is not null);

    private static async Task<Result<ResourceView>> Of(
        Register register, DbConnection connection, Head? head, string asked, int? version, Actor actor, CancellationToken stop)
    {
        if (head is null || !Sees(head, head.Shown, actor))
        {
            return Problems.NotFound.With(asked);
        }

        var number = version ?? head.Shown;
        return Sees(head, number, actor) && await Shelf.Version(connection, null, head.Id, number, stop) is { } entry
            ? ResourceView.Of(head, number, entry, await register.Frame(stop))
            : Problems.VersionMissing.With(number);
    }

    private static ActLine Act(DbDataReader row) => new(
        Enum.Parse<Step>(row.GetString(0)),
        (int)row.GetInt64(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : Guid.Parse(row.GetString(3)),
        Clock.FromStored(row.GetString(4)),
        row.IsDBNull(5) ? null : row.GetString(5));
}
