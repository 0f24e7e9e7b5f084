// What was answered a moment ago, by all that an answer depends on. In: the stamp of a decision, the table's last change and a question. Out: the same answer without the engine.
// It decides nothing: the decision was made anew and is part of the stamp, so a revoked grant, a new rule or a new row makes another stamp.
using Lizhou.Contracts.Policy;
using Microsoft.Extensions.Caching.Memory;

namespace Lizhou.Policy;

/// <param name="Bytes">Of the rows as JSON.</param>
/// <param name="Digest">SHA-256 of them, hexadecimal.</param>
/// <param name="People">Keys of the persons the rows are about.</param>
internal sealed record Answer(RowSet Rows, long Bytes, string Digest, IReadOnlyList<ulong> People);

internal sealed class KeptAnswers : IDisposable
{
    /// <summary>Cells kept in all; some 128 MB.</summary>
    public const long MostCells = 2_000_000;

    /// <summary>Also how long the snapshot that a next page's cursor names may be the answer's own.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = MostCells });

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
                kept.Set(key, new Lazy<Task<WholeView?>>(Task.FromResult(view)), For(view is null ? 0 : (long)view.Rows.Count * (view.Items.Count + 4)));
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

    public void Keep(string stamp, Answer answer) => kept.Set(stamp, answer, For((long)answer.Rows.Rows.Count * answer.Rows.Items.Count));

    public void Dispose() => kept.Dispose();

    private static MemoryCacheEntryOptions For(long cells) => new() { Size = cells + 16, AbsoluteExpirationRelativeToNow = Long };
}
