// In: the units of the grown county. Out: who acts in its cases; and, once, who is on duty where and the dispatch table, by the usual door: departments at the centre, each town in its own place, some villages in their grids.
using Lizhou.Contracts.Cases;
using Lizhou.Kernel;

namespace Lizhou.Sample;

/// <param name="Units">Ids by name.</param>
internal sealed record LiveOffice(ulong Seed, IReadOnlyDictionary<string, Guid> Units)
{
    private static readonly string[] OfUnits = ["unit", "assists", "members"];

    /// <summary>What is there already stays; a refusal leaves the county as it is, which its list of gaps then shows.</summary>
    /// <param name="from">First day of its cases: who is on duty has been since, so that what-ifs and looks back find them.</param>
    public async Task TakeUp(ICaseDoor door, DateOnly from, CancellationToken stop)
    {
        var (plan, words, chief) = (LivePlan.Of, Words.Of, Centre("file"));
        foreach (var duty in plan.Duties)
        {
            await door.Duty(duty.Node, duty.Duty, Units[duty.Unit], from, chief, stop);
        }

        foreach (var (town, post) in words.Towns.SelectMany(t => plan.Posts.Where(p => p.InTowns).Select(p => (t, p))))
        {
            await door.Duty(LivePlan.Text(town.Code), post.Duty, Units[LivePlan.UnitOf(town.Name)], from, chief, stop);
        }

        foreach (var village in words.Villages.Where(v => plan.Villages.Contains(LivePlan.Text(v.Code))))
        {
            await door.Duty(LivePlan.Text(village.Code), "patrol", Units[LivePlan.UnitOf(village.Name)], from, chief, stop);
        }

        await door.Table([.. plan.Table.SelectMany(Lines)], plan.TableNote, Centre("dispatch"), chief, stop);
    }

    /// <summary>A clerk is the same person each time.</summary>
    public Actor Actor(LiveClerk clerk) => new(
        Catalogue.IdOf(Seed, "clerk/" + clerk.Name), clerk.Name + Words.Of.Plan.Mark, clerk.Unit is { } unit ? Units[unit] : null, new HashSet<string>([clerk.Unit is null ? Roles.Engineer : Roles.Steward], StringComparer.Ordinal));

    /// <summary>Who acts at the centre instead of a town's people, once a case stood too long with them and went up by itself; null: nobody does.</summary>
    public Actor? Instead(LiveStep step) => step.By.Unit is not null && LivePlan.Of.InTowns(step.Act) ? Centre(step.Act) : null;

    /// <summary>With ids for the names of units.</summary>
    public Dictionary<string, string> Fields(LiveStep step) =>
        step.Fields.ToDictionary(f => f.Key, f => OfUnits.Contains(f.Key) ? string.Join(',', f.Value.Split(',').Select(u => Units[u])) : f.Value, StringComparer.Ordinal);

    private Actor Centre(string act) => Actor(new(LivePlan.Of.Centre + LivePlan.Of.Title(act), null));

    /// <summary>The longer a class's code, the nearer it is meant; a town's own lines before those of the whole county.</summary>
    private IEnumerable<DispatchLine> Lines(LiveLine line) => line.Unit.Length > 0
        ? [new(line.Class, "", Units[line.Unit], 2 * line.Class.Length)]
        : Words.Of.Towns.Where(t => !line.But.Contains(LivePlan.Text(t.Code))).Select(t => new DispatchLine(line.Class, LivePlan.Text(t.Code), Units[LivePlan.UnitOf(t.Name)], (2 * line.Class.Length) + 1));
}
