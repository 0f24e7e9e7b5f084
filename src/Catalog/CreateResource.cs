// In: an entry. Out: a resource in draft, with its code. Refuses faults, secret material, other units' entries and taken codes.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Catalog;

internal static class CreateResource
{
    public static Task<Result<ResourceView>> Run(Register register, ResourceEntry sent, Actor actor, CancellationToken stop) =>
        register.Do(actor, "catalog.create", sent.Name ?? "", work => In(work, sent), stop);

    /// <summary>The same inside an act of many.</summary>
    public static async Task<Result<ResourceView>> In(Work work, ResourceEntry sent)
    {
        var entry = Tidy.Entry(sent, null, work.NewId);
        if (Refusal(entry, work) is { } refused)
        {
            return refused;
        }

        var id = entry.Id ?? work.NewId();
        if (await work.Head(id) is { } there)
        {
            return await Again(work, there, entry);
        }

        var code = entry.Serial is { } serial ? new ResourceCode(entry.Class, serial) : ResourceCode.Of(entry.Class, await work.LastSerial(entry.Class) + 1);
        if (await work.Head(code.ToString()) is not null)
        {
            return Problems.CodeTaken.With(code);
        }

        var head = Head.New(await work.LastSeq() + 1, id, code, entry.Unit, work.Now);
        work.Subject = code.ToString();
        return await work.Add(head, entry with { Id = id, Serial = code.Serial }, Step.Create);
    }

    /// <summary>Why an entry cannot be kept by this actor; null when it can.</summary>
    public static Problem? Refusal(ResourceEntry entry, Work work) =>
        !work.Actor.ActsFor(entry.Unit) ? Problems.OtherUnit
        : EntryChecks.IsSecret(entry) ? Problems.Secret
        : Faulty(EntryChecks.Faults(entry, work.Frame));

    private static Problem? Faulty(List<Fault> faults) =>
        faults.Count == 0 ? null : Problems.Faulty.With(string.Join("; ", faults.Select(f => $"{f.Field} {f.What}")));

    private static async Task<Result<ResourceView>> Again(Work work, Head there, ResourceEntry entry) =>
        there.Unit == entry.Unit && there.Code.Class == entry.Class && await work.Version(there.Id, there.Shown) is { } kept
            ? ResourceView.Of(there, there.Shown, kept, work.Frame)
            : Problems.IdTaken.With(there.Id);
}
