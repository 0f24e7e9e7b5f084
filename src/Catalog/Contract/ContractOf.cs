// In: a version of a resource. Out: its data contract in the words of the Open Data Contract Standard 3.1; and back.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Catalog.Contract;

internal static class ContractOf
{
    private const string ApiVersion = "v3.1.0";

    // The standard counts in d, m and y; the two cycles that are none are written as words.
    private static readonly Dictionary<UpdateCycle, (string Value, string? Unit)> Cycles = new()
    {
        [UpdateCycle.Realtime] = ("realtime", null),
        [UpdateCycle.Daily] = ("1", "d"),
        [UpdateCycle.Weekly] = ("7", "d"),
        [UpdateCycle.Monthly] = ("1", "m"),
        [UpdateCycle.Quarterly] = ("3", "m"),
        [UpdateCycle.HalfYearly] = ("6", "m"),
        [UpdateCycle.Yearly] = ("1", "y"),
        [UpdateCycle.Irregular] = ("irregular", null),
    };

    public static Odcs Resource(ResourceView view) => new()
    {
        ApiVersion = ApiVersion,
        Kind = "DataContract",
        Id = view.Id.ToString(),
        Name = view.Entry.Name,
        Version = view.Version.ToString(CultureInfo.InvariantCulture),
        Status = view.State == ResourceState.Retired ? "retired" : view.Version == view.Published ? "active" : view.Version == view.Opened ? "draft" : "deprecated",
        Tenant = view.UnitCode,
        Domain = view.UnitName,
        Tags = [.. view.Entry.Keywords],
        Description = new() { Purpose = view.Entry.Summary },
        Schema = [Table(view)],
        Team = view.Entry.Responsible is { } person ? new() { Members = [new() { Username = person, Role = "responsible" }] } : null,
        SlaProperties = [new() { Property = "frequency", Value = int.TryParse(Cycles[view.Entry.Cycle].Value, out var number) ? number : Cycles[view.Entry.Cycle].Value, Unit = Cycles[view.Entry.Cycle].Unit }],
        CustomProperties = [.. Custom(view)],
    };

    /// <summary>Refuses what does not fit, naming the key.</summary>
    public static Result<ResourceEntry> Entry(Odcs contract, Frame frame)
    {
        if (contract.ApiVersion != ApiVersion || contract.Kind != "DataContract")
        {
            return Fault("apiVersion", new Text("应为 {0} 的 DataContract", "Must be a DataContract of {0}").With(ApiVersion));
        }

        if (contract.Schema is not { Count: 1 } schema)
        {
            return Fault("schema", new Text("应有且只有一个对象", "There must be exactly one object"));
        }

        if (frame.Units.Values.FirstOrDefault(u => string.Equals(u.Code, contract.Tenant, StringComparison.OrdinalIgnoreCase)) is not { } unit)
        {
            return Fault("tenant", new Text("没有统一社会信用代码为 {0} 的单位", "No unit has the credit code {0}").With(contract.Tenant));
        }

        var custom = new CustomValues(contract.CustomProperties, "customProperties");
        var items = new List<ItemCard>();
        foreach (var (property, i) in (schema[0].Properties ?? []).Select((p, i) => (p, i)))
        {
            var item = Property.Item(property, $"schema[0].properties[{i}]");
            if (item.Problem is { } faulty)
            {
                return faulty;
            }

            items.Add(item.Value);
        }

        var entry = new ResourceEntry
        {
            Id = Guid.TryParse(contract.Id, out var id) ? id : null,
            Class = custom.Text("class") ?? "",
            Serial = custom.Text("serial"),
            Name = contract.Name ?? schema[0].BusinessName ?? "",
            Summary = contract.Description?.Purpose ?? "",
            Unit = unit.Id,
            System = System(custom.Text("informationSystem"), unit, frame),
            Format = custom.Value("format", ResourceFormat.Database),
            Sharing = custom.Value("sharing", SharingKind.Conditional),
            Condition = custom.Text("sharingCondition"),
            LegalBasis = custom.Text("legalBasis"),
            Ways = custom.Values<SharingWay>("sharingWays"),
            Open = custom.Text("openToPublic") == "true",
            OpenCondition = custom.Text("openCondition"),
            Cycle = Cycle(contract, custom),
            Related = custom.List("relatedResources"),
            Responsible = contract.Team?.Members is [var member, ..] ? member.Username : null,
            Contact = custom.Text("contact"),
            Keywords = contract.Tags ?? [],
            Items = items,
        };
        return custom.Fault is { } odd ? odd : entry;
    }

    public static Problem Fault(string key, Text what) => Problems.ContractUnfit.With(key, what);

    private static UpdateCycle Cycle(Odcs contract, CustomValues custom)
    {
        var sla = contract.SlaProperties?.FirstOrDefault(s => s.Property == "frequency");
        return sla is null ? UpdateCycle.Irregular
            : Cycles.FirstOrDefault(c => c.Value == (sla.Value?.ToString(), sla.Unit)) is { Value.Value: not null } cycle ? cycle.Key
            : custom.Odd("frequency", UpdateCycle.Irregular);
    }

    private static Guid? System(string? name, UnitCard unit, Frame frame) =>
        name is null ? null : frame.Systems.Values.FirstOrDefault(s => s.Unit == unit.Id && s.Name == name)?.Id;

    private static OdcsObject Table(ResourceView view) => new()
    {
        Name = view.Table,
        PhysicalName = view.Table,
        LogicalType = "object",
        PhysicalType = "table",
        BusinessName = view.Entry.Name,
        Properties = [.. view.Entry.Items.Select((item, i) => Property.Of(item, item.Key ? view.Entry.Items.Take(i + 1).Count(k => k.Key) : null))],
    };

    private static IEnumerable<OdcsCustom> Custom(ResourceView view)
    {
        var entry = view.Entry;
        var all = new (string Name, object? Value)[]
        {
            ("class", entry.Class), ("serial", entry.Serial), ("informationSystem", view.SystemName), ("format", entry.Format.ToString()),
            ("sharing", entry.Sharing.ToString()), ("sharingCondition", entry.Condition), ("legalBasis", entry.LegalBasis),
            ("sharingWays", List(entry.Ways.Select(w => w.ToString()))), ("openToPublic", entry.Open ? true : null), ("openCondition", entry.OpenCondition),
            ("relatedResources", List(entry.Related)), ("contact", entry.Contact),
        };
        return all.Where(p => p.Value is not null).Select(p => new OdcsCustom { Property = p.Name, Value = p.Value });
    }

    private static List<string>? List(IEnumerable<string> values) => values.ToList() is { Count: > 0 } list ? list : null;
}
