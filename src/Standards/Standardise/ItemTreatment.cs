// Treatments as they are kept, and what other modules ask of them.
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Tabular;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards.Standardise;

/// <summary>An approved treatment of an item, in force until it is taken back.</summary>
internal sealed class ItemTreatment
{
    public Guid Id { get; init; }

    public Guid Resource { get; init; }

    public Guid Item { get; init; }

    public TreatmentKind Kind { get; init; }

    /// <summary>As the person gave it: empty for none; of a crosswalk the code list, of addresses the code of the place they are asked from.</summary>
    public string Parameter { get; init; } = "";

    public string Reason { get; init; } = "";

    public string ByName { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public string? EndedBy { get; set; }

    /// <summary>Null while it is in force.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedWhy { get; set; }
}

internal sealed class Treatments(StandardsDb db, ICodeLists lists, TimeProvider clock) : ITreatments
{
    /// <summary>The list of administrative divisions.</summary>
    private const string Divisions = "gbt-2260";

    public async Task<IReadOnlyList<TreatedItem>> Of(Guid resource, CancellationToken stop)
    {
        List<TreatedItem> made = [];
        foreach (var t in await db.Treatments.AsNoTracking().Where(t => t.Resource == resource && t.EndedAt == null).OrderBy(t => t.At).ToListAsync(stop))
        {
            made.Add(new(t.Item, t.Kind.ToString(), (await Whole(t.Kind, t.Parameter, stop)).Value, t.Reason, t.ByName, t.At));
        }

        return made;
    }

    /// <summary>Tells, in the change that is under way, that what a code list says is another thing now for the resources treated by it.</summary>
    public static async Task Follow(StandardsDb db, string list, TimeProvider clock, CancellationToken stop)
    {
        var treated = await db.Treatments.AsNoTracking()
            .Where(t => t.EndedAt == null && ((t.Kind == TreatmentKind.Codes && t.Parameter == list) || (t.Kind == TreatmentKind.Division && list == Divisions))).Select(t => t.Resource).Distinct().ToListAsync(stop);
        treated.ForEach(resource => db.Tell(new TreatmentChanged(resource), clock));
    }

    /// <summary>The parameter in full, what code lists say written into it. Refuses what means nothing.</summary>
    public async Task<Result<string>> Whole(TreatmentKind kind, string parameter, CancellationToken stop)
    {
        switch (kind)
        {
            case TreatmentKind.Codes:
                return await lists.Former(parameter, stop) is { } former
                    ? string.Join('\n', former.Where(f => f.Now is not null).Select(f => $"{f.Code}\t{f.Now}").Concat((await lists.InForce(parameter, clock.Today(), stop))!.Select(c => $"{c.Code}\t{c.Code}")))
                    : Problems.TreatmentFaulty.With(new Text("没有已发布的代码集 {0}", "no code list {0} is in force").With(parameter));
            case TreatmentKind.Division:
                return await lists.InForce(Divisions, clock.Today(), stop) is not { } all ? Problems.TreatmentFaulty.With(new Text("区划代码集 {0} 尚未发布", "the list of divisions, {0}, is not in force yet").With(Divisions))
                    : parameter.Length > 0 && all.All(c => c.Code != parameter) ? Problems.TreatmentFaulty.With(new Text("没有区划 {0}", "there is no division {0}").With(parameter))
                    : string.Join('\n', all.Select(c => $"{c.Code}\t{c.Name}").Prepend($"home\t{parameter}"));
            default:
                return Treatment.Fault(kind, parameter) is { } fault ? Problems.TreatmentFaulty.With(fault) : parameter;
        }
    }
}
