// Files on their way in: made, appended at an offset, asked how far they are, taken. The length of the file is how far it is;
// what was acknowledged is on the disk. Refuses wrong offsets, two writers at once, more than announced or allowed, a full disk.
using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources.Upload;

/// <param name="Source">Code of the source it is for; null for a file of the upload page.</param>
/// <param name="Length">Bytes announced; null when unknown.</param>
/// <param name="Offset">Bytes received.</param>
internal sealed record UploadView(Guid Id, string? Source, Guid Person, string Name, long? Length, long Offset, bool Done);

internal sealed class Uploads(StateStore state, Settings settings, SourceLimits limits, TimeProvider clock)
{
    private const int BufferSize = 1 << 17;
    private const int MostDigests = 1000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<(Guid Id, long Bytes), string> digests = [];

    private string Folder => settings.Uploads;

    public string PathOf(Guid id) => Path.Combine(Folder, id.ToString("N"));

    public async Task<Result<UploadView>> Create(string? source, string name, long? length, Actor actor, CancellationToken stop)
    {
        if (length > limits.UploadBytes)
        {
            return SourceProblems.TooLarge.With(limits.UploadBytes);
        }

        Directory.CreateDirectory(Folder);
        if (limits.Short(Folder, length ?? 0))
        {
            return SourceProblems.DiskFull;
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        name = Path.GetFileName(name.Replace('\\', '/')).Trim();
        await using (File.Create(PathOf(id)))
        {
        }

        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             INSERT INTO source_upload (id, source, person, name, length, created_at)
             VALUES ({id.ToString()}, {source}, {actor.Id.ToString()}, {(name.Length is 0 or > 255 ? "file" : name)}, {length}, {clock.GetUtcNow().ToStored()})
             """,
            stop);
        return new UploadView(id, source, actor.Id, name, length, 0, Done: false);
    }

    /// <summary>SHA-256 of what has come, hexadecimal, lower case; read once, however often its preview is looked at.</summary>
    public async Task<string> Digest(Guid id, CancellationToken stop)
    {
        await using var file = File.OpenRead(PathOf(id));
        if (!digests.TryGetValue((id, file.Length), out var digest))
        {
            if (digests.Count >= MostDigests)
            {
                digests.Clear();
            }

            digest = digests[(id, file.Length)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
        }

        return digest;
    }

    /// <summary>Only the person who began an upload finds it.</summary>
    public async Task<Result<UploadView>> Find(Guid id, Actor actor, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await foreach (var found in connection.Rows(
            null, $"SELECT source, name, length, done_at FROM source_upload WHERE id = {id.ToString()} AND person = {actor.Id.ToString()}",
            r => (Source: r.IsDBNull(0) ? null : r.GetString(0), Name: r.GetString(1), Length: r.IsDBNull(2) ? (long?)null : r.GetInt64(2), Done: !r.IsDBNull(3)), stop))
        {
            var file = new FileInfo(PathOf(id));
            return file.Exists || found.Done
                ? new UploadView(id, found.Source, actor.Id, found.Name, found.Length, file.Exists ? file.Length : found.Length ?? 0, found.Done)
                : SourceProblems.NoUpload.With(id);
        }

        return SourceProblems.NoUpload.With(id);
    }

    /// <summary>Appends; what came before the connection broke stays.</summary>
    /// <returns>The new offset.</returns>
    public async Task<Result<long>> Append(UploadView upload, long offset, Stream content, CancellationToken stop)
    {
        FileStream file;
        try
        {
            file = new FileStream(PathOf(upload.Id), FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(PathOf(upload.Id)))
        {
            return SourceProblems.UploadBusy;
        }

        await using (file)
        {
            if (file.Length != offset)
            {
                return SourceProblems.WrongOffset.With(offset, file.Length);
            }

            file.Position = offset;
            try
            {
                return await Copy(content, file, Math.Min(upload.Length ?? long.MaxValue, limits.UploadBytes), stop);
            }
            catch (IOException full) when (full.Message.Contains("No space left", StringComparison.Ordinal))
            {
                return SourceProblems.DiskFull;
            }
            finally
            {
                file.Flush(flushToDisk: true);
            }
        }
    }

    public async Task Finish(Guid id, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE source_upload SET done_at = {clock.GetUtcNow().ToStored()} WHERE id = {id.ToString()}", stop);
        File.Delete(PathOf(id));
    }

    /// <summary>Forgets an upload that was refused or given up.</summary>
    public async Task Drop(Guid id, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"DELETE FROM source_upload WHERE id = {id.ToString()}", stop);
        File.Delete(PathOf(id));
    }

    /// <summary>Forgets uploads nobody went on with for a week.</summary>
    public async Task Sweep(CancellationToken stop)
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        var old = clock.GetUtcNow() - Kept;
        foreach (var file in new DirectoryInfo(Folder).EnumerateFiles().Where(f => f.LastWriteTimeUtc < old.UtcDateTime).ToList())
        {
            await using var connection = await state.Open(stop);
            await connection.Execute(null, $"DELETE FROM source_upload WHERE id = {(Guid.TryParse(file.Name, out var id) ? id.ToString() : file.Name)}", stop);
            file.Delete();
        }
    }

    private static async Task<Result<long>> Copy(Stream content, FileStream file, long most, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, stop)) > 0)
            {
                if (file.Position + read > most)
                {
                    return SourceProblems.TooLarge.With(most);
                }

                await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            }

            return file.Position;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
