// In: a stream of bytes. Out: a file under its digest that survives a power cut; only then is it acknowledged. The same bytes are kept once.
// Refuses nothing of the content; a full disk is a coded refusal and leaves nothing behind.
using System.Buffers;
using System.Security.Cryptography;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;

namespace Lizhou.Collection.Batches;

/// <summary>Bytes that were kept.</summary>
/// <param name="Digest">SHA-256, hexadecimal, lower case.</param>
internal sealed record Original(string Digest, long Bytes);

/// <summary>The files received, as they came.</summary>
internal sealed class Originals(Settings settings, StateStore state, SourceLimits limits, TimeProvider clock)
{
    private const int BufferSize = 1 << 17;
    private const long Glance = 1 << 20;

    public string PathOf(string digest) => Under(settings.Originals, digest);

    public static string Under(string folder, string digest) => Path.Combine(folder, digest[..2], digest[2..4], digest);

    public async Task<Result<Original>> Keep(Stream content, CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Originals);
        var arriving = Path.Combine(settings.Originals, $"arriving-{Guid.CreateVersion7(clock.GetUtcNow()):N}");
        try
        {
            if (await Copy(content, arriving, stop) is not { } original)
            {
                return Problems.DiskFull;
            }

            await Place(arriving, original, stop);
            return original;
        }
        catch (IOException full) when (full.Message.Contains("No space left", StringComparison.Ordinal))
        {
            return Problems.DiskFull;
        }
        finally
        {
            File.Delete(arriving);
        }
    }

    /// <summary>The lake holds its rows whole; from now on its absence is no damage.</summary>
    public async Task LetGo(Original original, CancellationToken stop)
    {
        await using (var connection = await state.Open(stop))
        {
            await connection.Execute(null, $"UPDATE collection_original SET let_go = 1 WHERE digest = {original.Digest}", stop);
        }

        File.Delete(PathOf(original.Digest));
    }

    /// <summary>Whether some original has so many bytes; another file need not even be read to know that it is none of them.</summary>
    public async Task<bool> Has(long bytes, CancellationToken stop) =>
        (await state.Read($"SELECT 1 FROM collection_original WHERE bytes = {bytes} LIMIT 1", r => r.GetInt64(0), stop)).Count > 0;

    /// <summary>What was still arriving when the program last ended; nobody was told it had come.</summary>
    public void Sweep()
    {
        if (Directory.Exists(settings.Originals))
        {
            foreach (var left in Directory.EnumerateFiles(settings.Originals, "arriving-*"))
            {
                File.Delete(left);
            }
        }
    }

    /// <returns>Null when the disk has no more to give.</returns>
    private async Task<Original?> Copy(Stream content, string to, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var file = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            long bytes = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, stop)) > 0)
            {
                if (bytes % Glance < read && limits.Short(settings.Originals))
                {
                    return null;
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), stop);
                bytes += read;
            }

            file.Flush(flushToDisk: true);
            return new(Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task Place(string arriving, Original original, CancellationToken stop)
    {
        var kept = PathOf(original.Digest);
        if (new FileInfo(kept) is not { Exists: true } there || there.Length != original.Bytes)
        {
            Durable.CreateFolder(settings.Originals, Path.GetDirectoryName(kept)!);
            File.Move(arriving, kept, overwrite: true);
            Durable.Folder(Path.GetDirectoryName(kept)!);
        }

        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             INSERT INTO collection_original (digest, bytes, received_at) VALUES ({original.Digest}, {original.Bytes}, {clock.GetUtcNow().ToStored()})
             ON CONFLICT (digest) DO UPDATE SET let_go = 0
             """,
            stop);
    }
}
