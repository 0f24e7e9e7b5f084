// In: a lake in use and a folder. Out: the catalog as of one moment and every file it names, complete and checked. Only files the folder lacks are copied.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Microsoft.Data.Sqlite;

namespace Lizhou.Lake.Maintenance;

/// <summary>What a backup holds.</summary>
/// <param name="Snapshot">The newest snapshot in it.</param>
/// <param name="State">Name of the state database's copy in the folder.</param>
/// <param name="Digest">SHA-256 of that copy.</param>
/// <param name="Copied">Files this run added; the others were there from before.</param>
public sealed record Backup(long Snapshot, DateTimeOffset At, string State, string Digest, long Files, long Bytes, long Copied)
{
    internal const string Manifest = "backup.json";
    internal const string Mac = "backup.mac";

    /// <summary>Copies the lake while it is written to.</summary>
    internal static async Task<Result<Backup>> Make(StateStore state, byte[] key, string root, string folder, bool link, DateTimeOffset now, CancellationToken stop)
    {
        if (state.File is not { } source)
        {
            return Problems.BackupByServer;
        }

        var data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data);
        var name = $"state-{Guid.CreateVersion7(now):N}.db";
        await CopyState(source, Path.Combine(folder, name), stop);

        using var copy = new StateStore(Path.Combine(folder, name));
        long files = 0, bytes = 0, copied = 0, snapshot;
        await using (var connection = await OpenReadOnly(copy, stop))
        {
            snapshot = (await new CatalogRead(connection, null, StateKind.Sqlite).Head(stop)).Snapshot;
            await foreach (var (path, size, digest) in VerifyLake.Listed(connection, null, stop))
            {
                files++;
                bytes += size;
                copied += Bring(Path.Combine(root, path), Path.Combine(data, path), data, size, digest!, link) ? 1 : 0;
            }
        }

        var made = new Backup(snapshot, now, name, Durable.Digest(Path.Combine(folder, name)), files, bytes, copied);
        Seal(folder, made, key);
        foreach (var old in Directory.EnumerateFiles(folder, "state-*.db*").Where(f => !Path.GetFileName(f).StartsWith(name, StringComparison.Ordinal)))
        {
            File.Delete(old);
        }

        return made;
    }

    /// <summary>Reads the manifest and checks it and the state's copy.</summary>
    internal static Result<Backup> Open(string folder, byte[] key)
    {
        var (manifest, mac) = (Path.Combine(folder, Manifest), Path.Combine(folder, Mac));
        if (!File.Exists(manifest) || !File.Exists(mac))
        {
            return Problems.BadBackup.With(Manifest);
        }

        var bytes = File.ReadAllBytes(manifest);
        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, bytes), File.ReadAllBytes(mac)))
        {
            return Problems.BadBackup.With(Manifest);
        }

        var backup = JsonSerializer.Deserialize<Backup>(bytes)!;
        var state = Path.Combine(folder, backup.State);
        return File.Exists(state) && Durable.Digest(state) == backup.Digest ? backup : Problems.BadBackup.With(backup.State);
    }

    /// <summary>A connection that leaves the copy's bytes alone.</summary>
    internal static async Task<SqliteConnection> OpenReadOnly(StateStore copy, CancellationToken stop)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy.File, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(stop);
        return connection;
    }

    /// <summary>Copies one file whole and checked, or leaves the one that is there.</summary>
    internal static bool Bring(string from, string to, string root, long size, string digest, bool link)
    {
        if (new FileInfo(to) is { Exists: true } there && there.Length == size)
        {
            return false;
        }

        Durable.CreateFolder(root, Path.GetDirectoryName(to)!);
        var part = to + ".part";
        File.Delete(part);
        if (!link || !Durable.Link(from, part))
        {
            File.Copy(from, part);
        }

        if (Durable.Digest(part) != digest)
        {
            File.Delete(part);
            throw new ProblemException(Problems.BadBackup.With(from));
        }

        Durable.File(part);
        File.Move(part, to, overwrite: true);
        Durable.Folder(Path.GetDirectoryName(to)!);
        return true;
    }

    /// <summary>One read transaction, so writers go on and the copy is of one moment.</summary>
    private static async Task CopyState(string source, string target, CancellationToken stop)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Pooling = false }.ToString());
        await connection.OpenAsync(stop);
        await connection.Execute(null, $"VACUUM INTO {target}", stop);
        Durable.File(target);
    }

    private static void Seal(string folder, Backup made, byte[] key)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(made);
        foreach (var (name, content) in new[] { (Mac, HMACSHA256.HashData(key, bytes)), (Manifest, bytes) })
        {
            var part = Path.Combine(folder, name + ".part");
            File.WriteAllBytes(part, content);
            Durable.File(part);
            File.Move(part, Path.Combine(folder, name), overwrite: true);
        }

        Durable.Folder(folder);
    }
}
