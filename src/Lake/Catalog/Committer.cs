// In: writes from any number of callers. Out: each applied whole or not at all, many in one transaction when many wait (one fsync for all).
// There is one committer per process; several nodes on PostgreSQL take turns by an advisory lock.
using System.Data.Common;
using System.Threading.Channels;
using Lizhou.Kernel;

namespace Lizhou.Lake.Catalog;

internal sealed class Committer : IAsyncDisposable
{
    /// <summary>Enough to share one fsync among all that wait, few enough that nobody waits long.</summary>
    private const int Group = 64;

    /// <summary>Any fixed number; all nodes of one lake use the same.</summary>
    private const long Turn = 0x6c697a686f75;

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(1024);
    private readonly StateStore store;
    private readonly SealKey key;
    private readonly TimeProvider clock;
    private readonly Task loop;
    private DbConnection? connection;

    public Committer(StateStore store, SealKey key, TimeProvider clock)
    {
        (this.store, this.key, this.clock) = (store, key, clock);
        loop = Task.Run(Serve);
    }

    /// <summary>Applies one write; returns after it is durable.</summary>
    public async Task<Result<T>> Run<T>(Func<CatalogChange, Task<Result<T>>> apply, CancellationToken stop = default)
    {
        Result<T> answer = Problems.CommitUnknown;
        var pending = new Pending(async change =>
        {
            answer = await apply(change);
            return !answer.Refused;
        });
        await queue.Writer.WriteAsync(pending, stop);
        await pending.Done.Task;
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task Serve()
    {
        var batch = new List<Pending>(Group);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < Group && queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            await Commit(batch);
            batch.Clear();
        }
    }

    private async Task Commit(List<Pending> batch)
    {
        try
        {
            connection ??= await store.Open();
            await using var transaction = await connection.BeginTransactionAsync();
            if (store.Kind == StateKind.PostgreSql)
            {
                await connection.Scalar(transaction, $"SELECT pg_advisory_xact_lock({Turn})");
            }

            var head = await new CatalogRead(connection, transaction, store.Kind).Head(default);
            foreach (var pending in batch)
            {
                head = await Apply(pending, transaction, head);
            }

            await transaction.CommitAsync();
        }
        catch (Exception error)
        {
            await Forget();
            foreach (var pending in batch)
            {
                pending.Fault ??= new ProblemException(Problems.CommitUnknown.With(error.Message), error);
            }
        }

        foreach (var pending in batch)
        {
            pending.Finish();
        }
    }

    private async Task<Head> Apply(Pending pending, DbTransaction transaction, Head head)
    {
        const string Mark = "lake_write";
        await transaction.SaveAsync(Mark);
        try
        {
            var change = new CatalogChange(connection!, transaction, store.Kind, key, head, CatalogTable.Truncate(clock.GetUtcNow()));
            if (await pending.Apply(change))
            {
                var next = await change.Close(default);
                await transaction.ReleaseAsync(Mark);
                return next;
            }
        }
        catch (Exception error)
        {
            pending.Fault = error;
        }

        await transaction.RollbackAsync(Mark);
        return head;
    }

    /// <summary>A connection that failed once is not trusted again.</summary>
    private async Task Forget()
    {
        if (connection is { } broken)
        {
            connection = null;
            await broken.DisposeAsync();
        }
    }

    private sealed class Pending(Func<CatalogChange, Task<bool>> apply)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Fault { get; set; }

        public Task<bool> Apply(CatalogChange change) => apply(change);

        public void Finish()
        {
            if (Fault is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(Fault);
            }
        }
    }
}
