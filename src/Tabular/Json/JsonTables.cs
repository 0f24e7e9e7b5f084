// stub
namespace Lizhou.Tabular.Json;
internal static class JsonTables
{
    public static bool Looks(Sample sample, FileShape shape, Hints hints) => false;
    public static IReadOnlyList<TableInspection> Inspect(string path, FileShape shape, Sample sample, Hints hints, Guess guess) => throw new NotSupportedException();
    public static RecordSource Open(string path, FileShape shape) => throw new NotSupportedException();
}
