// stub
using Lizhou.Tabular.Containers;
namespace Lizhou.Tabular.Spreadsheets;
internal static class Workbooks
{
    public static Format? FormatOf(ZipDirectory zip) => null;
    public static IReadOnlyList<TableInspection> Inspect(string path, FileShape shape, Hints hints) => throw new NotSupportedException();
    public static IReadOnlyList<TableInspection> InspectPacked(string path, FileShape shape, Hints hints) => throw new NotSupportedException();
    public static RecordSource Open(string path, FileShape shape) => throw new NotSupportedException();
}
