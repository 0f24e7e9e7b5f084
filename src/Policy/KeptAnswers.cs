// What was answered a moment ago, by all that an answer depends on. In: the stamp of a decision, the table's last change and a question. Out: the same answer without the engine.
// It decides nothing: the decision was made anew and is part of the stamp, so a revoked grant, a new rule or a new row makes another stamp.
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Contracts.Policy;
using Microsoft.Extensions.Caching.Memory;

namespace Lizhou.Policy;

/// <param name="People">Keys of the persons the rows are about.</param>
internal sealed record Answer(RowSet Rows, IReadOnlyList<ulong> People)
{
    /// <summary>Of the rows as a JSON array of arrays, for an answer that is not sent as it is: to a page.</summary>
    public (long Bytes, string Digest) Alone()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Rows.Rows);
        return (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}

internal sealed class KeptAnswers : IDisposable
{
    /// <summary>Kept in all; what .NET needs for it, estimated.</summary>
    public const long MostBytes = 128 << 20;

    private const int EntryBytes = 1024; // its stamp, its digest, the cache's own

    // A cell is a place in a list and an object with its head; a row has its origin, its order and its lists besides.
    private const int BytesOfCell = 40, CellsOfRow = 8;

    /// <summary>Also how long the snapshot that a next page's cursor names may be the answer's own.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MostBytes, TrackStatistics = true });

    /// <summary>What is kept now.</summary>
    public long Bytes => kept.GetCurrentStatistics()!.CurrentEstimatedSize!.Value;

    /// <summary>What rows take in memory.</summary>
    /// <param name="characters">Of all their texts.</param>
    public static long BytesOf(long rows, int items, long characters) => (rows * (items + CellsOfRow) * BytesOfCell) + (characters * sizeof(char));

    public Answer? Find(string stamp) => kept.Get<Answer>(stamp);

    /// <summary>A whole view that was asked about before; read at the second question, for one that is asked but once is not worth it.</summary>
    /// <param name="read">Reads it; null when it is too large.</param>
    public async Task<WholeView?> Whole(string stamp, Func<Task<WholeView?>> read)
    {
        var key = (nameof(WholeView), stamp);
        if (kept.TryGetValue(key, out Lazy<Task<WholeView?>>? known))
        {
            return await known!.Value;
        }

        // Whoever asks at the same time waits for the same reading.
        var reading = new Lazy<Task<WholeView?>>(async () =>
        {
            try
            {
                var view = await read();
                kept.Set(key, new Lazy<Task<WholeView?>>(Task.FromResult(view)), For(view?.Bytes ?? 0));
                return view;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The question goes to the engine, which tells what is wrong.
                kept.Remove(key);
                return null;
            }
        });
        kept.Set(key, reading, For(0));
        return null;
    }

    public void Keep(string stamp, Answer answer) =>
        kept.Set(stamp, answer, For(BytesOf(answer.Rows.Rows.Count, answer.Rows.Items.Count, answer.Rows.Rows.Sum(r => r.Sum(v => v is string text ? (long)text.Length : 0)))));

    public void Dispose() => kept.Dispose();

    private static MemoryCacheEntryOptions For(long bytes) => new() { Size = bytes + EntryBytes, AbsoluteExpirationRelativeToNow = Long };
}
