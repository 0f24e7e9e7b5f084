// In: who acts, on what, and how. Out: the act done, with its evidence, in one transaction; or refused, and the refusal recorded.
using System.Data.Common;
using Lizhou.Catalog.Search;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Catalog;

/// <summary>The register (登记簿) every use case writes through.</summary>
internal sealed class Register(StateStore state, IUnits units, IEnumerable<IElements> elements, ILedger ledger, TimeProvider clock)
{
    public StateKind Kind => state.Kind;

    public TimeProvider Clock => clock;

    public Task<DbConnection> Open(CancellationToken stop) => state.Open(stop);

    /// <summary>What entries are checked against today.</summary>
    public async Task<Frame> Frame(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var classes = await ClassRegistry.Load(connection, null, clock.Today(), stop);
        var all = await units.All(stop);
        var systems = await units.Systems(null, stop);
        var bound = new List<ElementCard>();
        foreach (var book in elements)
        {
            bound.AddRange(await book.All(stop));
        }

        return new(classes, all.ToDictionary(u => u.Id), systems.ToDictionary(s => s.Id)) { ElementLevels = bound.Where(e => e.Level is not null).ToDictionary(e => e.Code, e => e.Level!.Value, StringComparer.Ordinal) };
    }

    /// <param name="dry">Only to see what it would do: nothing is written, nothing is recorded.</param>
    public async Task<Result<T>> Do<T>(Actor actor, string act, string subject, Func<Work, Task<Result<T>>> how, CancellationToken stop, bool dry = false)
    {
        var frame = await Frame(stop);
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var generation = Convert.ToInt64(await connection.Scalar(transaction, $"UPDATE resource_generation SET n = n + 1 RETURNING n", stop));
        var work = new Work(connection, transaction, state.Kind, generation, frame, actor, clock, stop);
        var result = await how(work);
        if (dry)
        {
            await transaction.RollbackAsync(stop);
            return result;
        }

        if (result.Problem is { } refused)
        {
            await transaction.RollbackAsync(stop);
            await ledger.Append(actor, new Evidence(act, subject, refused.Code), stop);
            return refused;
        }

        await ledger.Append(connection, transaction, actor, new Evidence(act, work.Subject ?? subject, "done", work.Detail), stop);
        await transaction.CommitAsync(stop);
        return result;
    }

    /// <summary>The commonest act: one step of one resource.</summary>
    /// <param name="revision">The revision the actor saw; null to act on whatever is there.</param>
    public Task<Result<ResourceView>> Take(
        Actor actor, Guid id, Step step, long? revision, string? opinion, Func<Work, Head, Head, Task<Problem?>>? also, CancellationToken stop) =>
        Do<ResourceView>(actor, $"catalog.{step.ToString().ToLowerInvariant()}", id.ToString(), async work =>
        {
            var before = await work.Head(id);
            if (before is null)
            {
                return Problems.NotFound.With(id);
            }

            if (revision is not null && revision != before.Revision)
            {
                return Problems.Stale;
            }

            var next = Lifecycle.Next(before, step, actor, opinion, work.Now);
            if (next.Problem is { } refused)
            {
                return refused;
            }

            if (also is not null && await also(work, before, next.Value) is { } problem)
            {
                return problem;
            }

            return await work.Save(before, next.Value, step, opinion);
        }, stop);
}

/// <summary>One act under way: its transaction and what it may touch.</summary>
internal sealed class Work(
    DbConnection connection, DbTransaction transaction, StateKind kind, long generation, Frame frame, Actor actor, TimeProvider clock, CancellationToken stop)
{
    public Frame Frame => frame;

    public Actor Actor => actor;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    /// <summary>For the evidence; set once it is known.</summary>
    public string? Subject { get; set; }

    public object? Detail { get; set; }

    public Guid NewId() => Guid.CreateVersion7(Now);

    public Task<Head?> Head(Guid id) => Shelf.Find(connection, transaction, id, stop);

    public Task<Head?> Head(string code) => Shelf.Find(connection, transaction, code, stop);

    public Task<ResourceEntry?> Version(Guid id, int version) => Shelf.Version(connection, transaction, id, version, stop);

    public Task<long> LastSeq() => Shelf.LastSeq(connection, transaction, stop);

    public Task<long> LastSerial(string classCode) => Shelf.LastSerial(connection, transaction, classCode, stop);

    public Task PutVersion(Guid id, int version, ResourceEntry entry, bool published) =>
        Shelf.PutVersion(connection, transaction, id, version, entry, actor.Name, Now, published, stop);

    public Task MarkPublished(Guid id, int version) => Shelf.MarkPublished(connection, transaction, id, version, Now, stop);

    public Task DropVersion(Guid id, int version) => Shelf.DropVersion(connection, transaction, id, version, stop);

    public Task Tell(IFact fact) => OutboxRow.Tell(connection, transaction, fact, clock, stop);

    public Task<int> Execute(FormattableString sql) => connection.Execute(transaction, sql, stop);

    /// <summary>Writes a resource that is new here.</summary>
    public async Task<ResourceView> Add(Head head, ResourceEntry entry, Step step)
    {
        await Shelf.Insert(connection, transaction, head, entry, generation, stop);
        await PutVersion(head.Id, head.Shown, entry, published: head.Published is not null);
        await Shelf.Record(connection, transaction, head.Id, head.Shown, step, actor, Now, null, stop);
        await SearchIndex.Put(connection, transaction, kind, head, entry, frame.UnitName(entry.Unit), fresh: true, stop);
        return ResourceView.Of(head, head.Shown, entry, frame);
    }

    /// <summary>Writes where a resource stands now.</summary>
    public async Task<Result<ResourceView>> Save(Head before, Head head, Step step, string? opinion)
    {
        if (await Version(head.Id, head.Shown) is not { } shown)
        {
            return Problems.VersionMissing.With(head.Shown);
        }

        if (!await Shelf.Update(connection, transaction, head, shown, generation, stop))
        {
            return Problems.Stale;
        }

        var version = before.Opened ?? head.Opened ?? before.Shown;
        await Shelf.Record(connection, transaction, head.Id, version, step, actor, Now, opinion, stop);
        await SearchIndex.Put(connection, transaction, kind, head, shown, frame.UnitName(shown.Unit), fresh: false, stop);
        (Subject, Detail) = (head.Code.ToString(), new { version });
        return ResourceView.Of(head, head.Shown, shown, frame);
    }
}
