// In: a resource and what it should say. Out: its draft says so; beside a published version a new draft is opened. Refuses faults, and a new code once published.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class ChangeResource
{
    /// <param name="revision">The revision the actor saw; null to write over whatever is there.</param>
    public static Task<Result<ResourceView>> Run(Register register, Guid id, ResourceEntry sent, long? revision, Actor actor, CancellationToken stop) =>
        register.Do(actor, "catalog.change", id.ToString(), work => In(work, id, sent, revision), stop);

    /// <summary>The same inside an act of many.</summary>
    /// <param name="opinion">For the timeline; null for none.</param>
    /// <param name="ownIds">Whether items may come with ids of their own.</param>
    public static async Task<Result<ResourceView>> In(Work work, Guid id, ResourceEntry sent, long? revision, string? opinion = null, bool ownIds = false)
    {
        if (await work.Head(id) is not { } before)
        {
            return Problems.NotFound.With(id);
        }

        if (revision is not null && revision != before.Revision)
        {
            return Problems.Stale;
        }

        var step = Lifecycle.Next(before, Step.Change, work.Actor, null, work.Now);
        if (step.Problem is { } refused)
        {
            return refused;
        }

        var kept = (await work.Version(id, before.Latest))!;
        var entry = Tidy.Entry(sent, kept, work.NewId, ownIds) with { Id = id };
        if (CreateResource.Refusal(entry, work) is { } faulty)
        {
            return faulty;
        }

        var code = await Code(work, before, entry);
        if (code.Problem is { } taken)
        {
            return taken;
        }

        var head = step.Value with { Code = code.Value };
        entry = entry with { Serial = code.Value.Serial };
        if (before.Opened is null && Shelf.Write(entry) == Shelf.Write(kept))
        {
            return Problems.NothingChanged;
        }

        await work.PutVersion(id, head.Opened!.Value, entry, published: false);
        var saved = await work.Save(before, head, Step.Change, opinion);
        return saved.Refused ? saved : ResourceView.Of(head, head.Opened.Value, entry, work.Frame);
    }

    private static async Task<Result<ResourceCode>> Code(Work work, Head before, ResourceEntry entry)
    {
        if (entry.Class == before.Code.Class && (entry.Serial is null || entry.Serial == before.Code.Serial))
        {
            return before.Code;
        }

        if (before.PublishedAt is not null)
        {
            return Problems.Faulty.With(new Text("发布后资源代码不可变更", "The code is fixed once published"));
        }

        var code = entry.Serial is { } serial ? new ResourceCode(entry.Class, serial) : ResourceCode.Of(entry.Class, await work.LastSerial(entry.Class) + 1);
        return await work.Head(code.ToString()) is null ? code : Problems.CodeTaken.With(code);
    }
}
