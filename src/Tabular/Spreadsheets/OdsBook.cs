// An ODS file, streamed. Repeated empty rows and cells are skipped, not made; repeated filled ones are bounded by a sheet's size.
using System.Globalization;
using System.Text;
using System.Xml;
using Lizhou.Tabular.Containers;

namespace Lizhou.Tabular.Spreadsheets;

internal sealed class OdsBook : IWorkbook
{
    private const int MostRows = 1_048_576;

    private readonly ZipDirectory zip;
    private readonly string file;
    private readonly List<string> names = [];

    public OdsBook(string path)
    {
        file = Path.GetFileName(path);
        zip = ZipDirectory.Read(path);
        CheckEncrypted();
        using var xml = Content();
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "table", Prefix: "table" })
            {
                names.Add(xml.GetAttribute("table:name") ?? $"Sheet{names.Count + 1}");
            }
        }
    }

    public IReadOnlyList<string> Sheets => names;

    public RecordSource Rows(int sheet) => new SheetRows(Content(), sheet, file);

    public void Dispose()
    {
    }

    private XmlReader Content() => Workbooks.Xml(zip.Open(zip.Find("content.xml")!));

    private void CheckEncrypted()
    {
        if (zip.Find("META-INF/manifest.xml") is not { } manifest)
        {
            return;
        }

        using var xml = Workbooks.Xml(zip.Open(manifest));
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "encryption-data" })
            {
                throw new ProblemException(Problems.Encrypted.With(file));
            }
        }
    }

    private sealed class SheetRows(XmlReader xml, int sheet, string file) : RecordSource
    {
        private readonly List<string?> row = [];
        private int current = -1;
        private long repeat;
        private long next = 1;
        private bool ended;

        public override bool Read()
        {
            try
            {
                if (repeat > 0 || (!ended && NextRow()))
                {
                    repeat--;
                    Line = next++;
                    Cells.Clear();
                    Cells.AddRange(row);
                    return Line <= MostRows;
                }

                return false;
            }
            catch (XmlException e)
            {
                throw new ProblemException(Faults.Broken(file, e, Problems.Truncated), e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            xml.Dispose();
            base.Dispose(disposing);
        }

        private bool NextRow()
        {
            while (xml.Read())
            {
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "table", Prefix: "table" } && ++current != sheet)
                {
                    if (current > sheet)
                    {
                        break;
                    }

                    // Skip leaves the reader on the next sibling, which Read would step over.
                    while (xml.Depth > 0 && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "table") && xml.Read())
                    {
                    }
                }
                else if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "table", Prefix: "table" })
                {
                    break;
                }
                else if (xml is { NodeType: XmlNodeType.Element, LocalName: "table-row" } && current == sheet && Row())
                {
                    return true;
                }
            }

            ended = true;
            return false;
        }

        private bool Row()
        {
            var times = Count("table:number-rows-repeated");
            row.Clear();
            if (!xml.IsEmptyElement)
            {
                var depth = xml.Depth;
                while (xml.Read() && xml.Depth > depth)
                {
                    if (xml is { NodeType: XmlNodeType.Element, LocalName: "table-cell" or "covered-table-cell" })
                    {
                        Cell();
                    }
                }
            }

            while (row.Count > 0 && row[^1] is null)
            {
                row.RemoveAt(row.Count - 1);
            }

            if (row.Count == 0)
            {
                next += times;
                Blanks += times;
                return false;
            }

            repeat = times;
            return true;
        }

        private void Cell()
        {
            var times = Count("table:number-columns-repeated");
            var type = xml.GetAttribute("office:value-type");
            var attribute = type switch
            {
                "float" or "percentage" or "currency" => xml.GetAttribute("office:value"),
                "date" => xml.GetAttribute("office:date-value")?.Replace("T00:00:00", "", StringComparison.Ordinal).Replace('T', ' '),
                "time" => Time(xml.GetAttribute("office:time-value")),
                "boolean" => xml.GetAttribute("office:boolean-value")?.ToUpperInvariant(),
                _ => null,
            };
            var text = xml.IsEmptyElement ? null : Text();
            var value = attribute is null ? text : type is "float" or "percentage" or "currency" && double.TryParse(attribute, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? CellText.Number(number) : attribute;
            value = string.IsNullOrEmpty(value) ? null : value;
            for (var i = 0; i < times && row.Count < Workbooks.MostColumns; i++)
            {
                row.Add(value);
            }
        }

        /// <summary>Paragraphs of the cell, one a line; notes beside the cell are left out.</summary>
        private string? Text()
        {
            var text = new StringBuilder();
            var depth = xml.Depth;
            var note = 0;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.LocalName == "annotation")
                {
                    note = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement ? 1 : 0;
                }
                else if (note == 0 && xml is { NodeType: XmlNodeType.Element, LocalName: "p" } && text.Length > 0)
                {
                    text.Append('\n');
                }
                else if (note == 0 && xml is { NodeType: XmlNodeType.Element, LocalName: "s" })
                {
                    text.Append(' ', (int)Math.Min(Count("text:c"), 100));
                }
                else if (note == 0 && xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace)
                {
                    text.Append(xml.Value);
                }
            }

            return text.Length == 0 ? null : text.ToString();
        }

        private long Count(string attribute) => long.TryParse(xml.GetAttribute(attribute), out var count) && count > 0 ? Math.Min(count, MostRows) : 1;

        private static string? Time(string? iso) => iso is null ? null : XmlTime(iso) is { } span ? span.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture) : iso;

        private static TimeSpan? XmlTime(string iso)
        {
            try
            {
                return XmlConvert.ToTimeSpan(iso);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }
}
