// In: pieces of work on cases, from many callers at once. Out: each one's answer, when it is on disk. What waits together is committed together: a commit for each would cost the disk a thousand times a second.
using System.Threading.Channels;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Cases.Ledger;

internal sealed class CaseWriter(StateStore state, ILedger ledger) : BackgroundService
{
    private const int MostAtOnce = 500;

    /// <summary>Answered where somebody else was faster at one of the pieces committed together; by itself, that one is told so.</summary>
    private static readonly InvalidOperationException Overtaken = new("One of the pieces was overtaken.");

    private readonly Channel<Piece> waiting = Channel.CreateBounded<Piece>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private CaseLine? line;

    /// <summary>One caller's work.</summary>
    /// <param name="Number">Of the case it will ask for; null: unknown.</param>
    /// <param name="Gone">The caller waits no more.</param>
    private sealed record Piece(Func<CaseSession, Task<object>> Work, string? Number, CancellationToken Gone)
    {
        public TaskCompletionSource<object> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Something was written; told after it is on disk, on the thread that writes: whoever hears it only notes it.</summary>
    public event Action? Committed;

    /// <summary>Pieces that wait for the next transaction.</summary>
    public int Waiting => waiting.Reader.Count;

    /// <summary>Does it in the next transaction; returns when that is committed. The work may be done twice, of which one is rolled back: it must decide from what it reads, and only from that.
    /// A caller that hangs up in the queue has asked for nothing; once begun, the work is done to its end, for others wait for the same commit.</summary>
    /// <param name="work">Its token is that of the commit all share, never the caller's own.</param>
    /// <param name="number">Of the case it will ask for, where it is known: those of all who wait are read together.</param>
    public async Task<Result<T>> Run<T>(Func<CaseSession, CancellationToken, Task<Result<T>>> work, CancellationToken stop, string? number = null)
    {
        var piece = new Piece(async session => await work(session, CancellationToken.None), number, stop);
        await waiting.Writer.WriteAsync(piece, stop);
        return (Result<T>)await piece.Done.Task.WaitAsync(stop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Write(stoppingToken);
        }
        finally
        {
            await Leave();
        }
    }

    private async Task Write(CancellationToken stop)
    {
        await foreach (var first in waiting.Reader.ReadAllAsync(stop))
        {
            List<Piece> together = [first];
            while (together.Count < MostAtOnce && waiting.Reader.TryRead(out var next))
            {
                together.Add(next);
            }

            together.RemoveAll(p => p.Gone.IsCancellationRequested);
            if (together.Count > 0 && await Try(together) is not null)
            {
                // One of them does not go: each by itself, so that only that one's caller hears of it.
                foreach (var piece in together)
                {
                    if (await Try([piece]) is { } failure)
                    {
                        piece.Done.TrySetException(failure);
                    }
                }
            }
        }
    }

    private async Task<Exception?> Try(IReadOnlyList<Piece> pieces)
    {
        try
        {
            line ??= new(await state.Open(), state.Kind);
            await using var transaction = await line.Begin();
            await using var db = new CasesDb(state, line.Connection);
            await db.Database.UseTransactionAsync(transaction);
            var session = new CaseSession(db, line, ledger, alone: pieces.Count == 1);
            if (pieces.Count > 1 && pieces.Select(p => p.Number).OfType<string>().Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } wanted)
            {
                await session.Load(wanted, CancellationToken.None);
            }

            List<object> answers = [];
            foreach (var piece in pieces)
            {
                answers.Add(await piece.Work(session));
            }

            if (session.Overtaken)
            {
                await transaction.RollbackAsync();
            }
            else if (await session.End(CancellationToken.None))
            {
                await transaction.CommitAsync();
                Committed?.Invoke();
            }
            else
            {
                return Overtaken;
            }

            foreach (var (piece, answer) in pieces.Zip(answers))
            {
                piece.Done.TrySetResult(answer);
            }

            return null;
        }
        catch (Exception failure)
        {
            await Leave();
            return failure;
        }
    }

    /// <summary>A connection that failed is not used again.</summary>
    private async Task Leave()
    {
        if (line is { } left)
        {
            line = null;
            await left.DisposeAsync();
        }
    }
}
