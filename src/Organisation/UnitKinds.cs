// The kinds of unit as people read and write them.
using Lizhou.Kernel;

namespace Lizhou.Organisation;

internal static class UnitKinds
{
    public static Text Shown(this UnitKind kind) => kind switch
    {
        UnitKind.Department => new("政府部门", "Department"),
        UnitKind.Town => new("镇街", "Town"),
        UnitKind.Zone => new("园区", "Zone"),
        UnitKind.Institution => new("事业单位", "Institution"),
        UnitKind.Enterprise => new("国有企业", "Enterprise"),
        _ => new("其他", "Other"),
    };

    /// <summary>The kind a cell means, in either language; a blank one is a department; null when it means none.</summary>
    public static UnitKind? Read(string? cell) => string.IsNullOrWhiteSpace(cell)
        ? UnitKind.Department
        : Enum.GetValues<UnitKind>().Cast<UnitKind?>().FirstOrDefault(k => Shown(k!.Value) is var shown
            && (shown.Zh == cell.Trim() || shown.En.Equals(cell.Trim(), StringComparison.OrdinalIgnoreCase)));
}
