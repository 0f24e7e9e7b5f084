// A coded problem as the fault of one row.
namespace Lizhou.Tabular;

internal static class Faults
{
    /// <summary>Placeholder {0} is the byte offset for faults of bytes, the values given otherwise.</summary>
    public static RowFault Of(Problem problem, long? offset, params object[] values)
    {
        var filled = problem.Code is "TAB-101" or "TAB-102" or "TAB-108" ? problem.With([offset!, .. values]) : problem.With(values);
        return new(filled.Code, offset, filled.What, filled.Todo);
    }
}
