// An event log as XES in; rows, one for each event, out. Streamed, with bounds for depth, attributes and their length. Refuses document types, XML that breaks off, and what is no log.
using System.Xml;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Cases.Importing;

/// <summary>XES (IEEE 1849): one row for each event of each trace, with its own attributes and the trace's, whose names begin with <c>case:</c>. Attributes within attributes are not read.</summary>
internal sealed class XesLog(XmlReader xml, string name, LogMap map) : LogFile
{
    private const int MostDepth = 32;
    private const int MostAttributes = 1_000;
    private const int LongestValue = 100_000;
    private static readonly HashSet<string> Kinds = new(["string", "date", "int", "float", "boolean", "id"], StringComparer.Ordinal);
    private readonly Dictionary<string, string> trace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> own = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly string[] within = ["", ""]; // the elements right below the log, and right below those

    public override IEnumerable<LogRow> Rows()
    {
        long line = 0;
        while (Read())
        {
            if (xml.Depth > MostDepth)
            {
                throw Bad(new("嵌套过深", "it is nested too deeply"));
            }

            if (xml.Depth == 0 && xml.NodeType == XmlNodeType.Element && xml.LocalName != "log")
            {
                throw Bad(new Text("根元素是“{0}”，不是 log", "its root is “{0}”, not log").With(xml.LocalName));
            }

            if (xml.NodeType == XmlNodeType.Element)
            {
                line = xml is IXmlLineInfo place && xml.LocalName is "event" && xml.Depth <= 2 ? place.LineNumber : line;
                Begin();
            }

            // <event/> has no end of its own.
            if (xml.LocalName == "event" && xml.Depth is 1 or 2 && (xml.NodeType == XmlNodeType.EndElement || xml is { NodeType: XmlNodeType.Element, IsEmptyElement: true }))
            {
                yield return new(line, [.. map.Columns.Select(Cell)], DigestOf(trace.Concat(own).OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => new[] { p.Key, p.Value })), null);
            }
        }

        if (map.Needed.Select(n => map.Columns[n]).Where(c => !seen.Contains(c)).ToList() is { Count: > 0 } never)
        {
            throw new ProblemException(Problems.LacksColumn.With(string.Join("、", never), string.Join("、", seen.Order(StringComparer.Ordinal).Take(100))));
        }
    }

    public override void Dispose() => xml.Dispose();

    private void Begin()
    {
        switch (xml.LocalName)
        {
            case "trace" when xml.Depth == 1:
                trace.Clear();
                break;
            case "event" when xml.Depth is 1 or 2:
                if (xml.Depth == 1)
                {
                    trace.Clear(); // an event outside of a trace names its case itself
                }

                own.Clear();
                break;
            case { } kind when Kinds.Contains(kind) && xml.GetAttribute("key") is { } key && xml.GetAttribute("value") is { } value:
                Keep(key, value);
                break;
        }
    }

    private void Keep(string key, string value)
    {
        var (kept, named) = (xml.Depth, within[0], within[1]) switch
        {
            (2, "trace", _) => (trace, "case:" + key),
            (2, "event", _) or (3, "trace", "event") => (own, key),
            _ => (null, key),
        };
        if (kept is null)
        {
            return;
        }

        if (kept.Count >= MostAttributes || value.Length > LongestValue)
        {
            throw Bad(new("属性过多或过长", "it has too many attributes, or too long ones"));
        }

        kept[named] = value;
        if (seen.Count < MostAttributes)
        {
            seen.Add(named);
        }
    }

    private string? Cell(string column) => own.TryGetValue(column, out var value) || trace.TryGetValue(column, out value) ? value : null;

    private bool Read()
    {
        try
        {
            var read = xml.Read();
            if (read && xml is { Depth: 1 or 2, NodeType: XmlNodeType.Element })
            {
                within[xml.Depth - 1] = xml.LocalName;
            }

            return read;
        }
        catch (XmlException error)
        {
            throw new ProblemException(XmlFile.Broken(name, error), error);
        }
    }

    private ProblemException Bad(Text why) => new(Problems.BadXes.With(name, (xml as IXmlLineInfo)?.LineNumber ?? 0, why));
}
