// A coded problem as the fault of one row.
using System.Text.Json;
using System.Xml;

namespace Lizhou.Tabular;

internal static class Faults
{
    /// <summary>What a foreign error means to the one who sent the file. The error itself speaks English only, and stands in the English text.</summary>
    public static Text Why(Exception error) => error switch
    {
        XmlException xml => new($"XML 第 {xml.LineNumber} 行有错", xml.Message),
        JsonException json => new("不符合 JSON 语法", json.Message.Split(" LineNumber", 2)[0]),
        UnauthorizedAccessException => new("没有读取权限", error.Message),
        InvalidDataException or FormatException or InvalidOperationException => new("内容已损坏", error.Message),
        _ => new("读取失败", error.Message),
    };

    /// <summary>A spreadsheet whose XML breaks off, or holds what is not read for safety.</summary>
    public static Problem Broken(string file, XmlException error, Problem otherwise) =>
        error.Message.Contains("DTD is prohibited", StringComparison.Ordinal) ? Problems.DocumentType.With(file) : otherwise.With(file, Why(error));

    /// <summary>Placeholder {0} is the byte offset for faults of bytes, the values given otherwise.</summary>
    public static RowFault Of(Problem problem, long? offset, params object[] values)
    {
        var filled = problem.Code is "TAB-101" or "TAB-102" or "TAB-108" ? problem.With([offset!, .. values]) : problem.With(values);
        return new(filled.Code, offset, filled.What, filled.Todo);
    }
}
