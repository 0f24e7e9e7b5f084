// In: nothing. Out: a city in memory – the shipped flow, classes and nodes, a calendar, three units, a person for each duty – for decisions without a database.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Classes;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Cases.Tests;

internal static class Town
{
    public const string Centre = "330784";
    public const string Street = "330784001";
    public const string Village = "330784001001";
    public static readonly Guid[] Units = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
    public static readonly Actor Bureau = Person(null, Roles.Engineer);
    public static readonly Actor Other = Person(null, Roles.Engineer);
    public static readonly Actor[] Handlers = [.. Units.Select(u => Person(u, Roles.Steward))];
    public static readonly Actor Stranger = Person(Guid.NewGuid(), Roles.Steward);
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    public static Desk Desk { get; } = Made();

    public static Decided Reported(string place = Street, string? @class = "0102", bool reporter = true, Desk? by = null) =>
        Decide.Report(Guid.NewGuid(), new("SJ20260302-000001", place, CaseSource.Hotline, "路边有垃圾", "", null, null, reporter), @class, null, Bureau, by ?? Desk, Monday, Monday);

    public static Result<Decided> Take(CaseWhole whole, string act, Actor actor, DateTimeOffset now, params (string Name, string Value)[] fields) =>
        Decide.Take(whole, new(act, fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal)), null, actor, Desk, now);

    /// <summary>The map of these cases and no others.</summary>
    public static CaseMap Map(IReadOnlyList<CaseFile> files, Desk desk, string? node)
    {
        List<PlaceCount> counts = [.. files.GroupBy(f => f.Place).Select(g => new PlaceCount(g.Key, g.Count(), g.Count(f => f.LightAt(Monday) == Light.Red), g.Count(f => f.LightAt(Monday) == Light.Yellow), g.Count(f => f.DueAt is not null)))];
        var few = CaseMap.Few(counts, desk, node);
        return CaseMap.Of(counts, [.. files.Where(f => few.Contains(f.Place))], desk, node, Monday);
    }

    private static Desk Made()
    {
        var nodes = new NodeBook(new CaseNode[] { new() { Code = Centre, Name = "市", Kind = NodeKind.Centre }, new() { Code = Street, Name = "街道", Kind = NodeKind.Town, Parent = Centre }, new() { Code = Village, Name = "社区", Kind = NodeKind.Village, Parent = Street } }.ToDictionary(n => n.Code));
        var flow = FlowText.Read(PublishFlow.Shipped(), 1).Flow!;
        var rubbish = new CaseClass { Code = "0102", Family = "市容环境", Name = "暴露垃圾", Limits = new Dictionary<Grade, TimeLimit> { [Grade.Ordinary] = new(4, LimitUnit.WorkHours) }, ValidFrom = new(2000, 1, 1) };
        var classes = new Dictionary<string, CaseClass> { ["0102"] = rubbish };
        var duties = FlowWords.Duties.Keys.Select(d => new Duty { Node = Centre, Kind = d, ValidFrom = new(2000, 1, 1) }).ToList();
        return new(new Dictionary<int, CaseFlow> { [1] = flow }, WorkCalendar.Plain, classes, classes, nodes, new(duties, nodes), Units.ToDictionary(u => u, u => new UnitCard(u, "", "单位", null, true)));
    }

    private static Actor Person(Guid? unit, string role) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([role], StringComparer.Ordinal));
}
