// An XLSX file, streamed: shared strings and styles first, then row after row. Every part is counted while it unpacks.
using System.Globalization;
using System.Text;
using System.Xml;
using Lizhou.Tabular.Containers;

namespace Lizhou.Tabular.Spreadsheets;

internal sealed class XlsxBook : IWorkbook
{
    private const int MostStrings = 64 * 1024 * 1024;

    private readonly ZipDirectory zip;
    private readonly List<ZipEntry> parts = [];
    private readonly List<string> names = [];
    private readonly bool since1904;
    private readonly string file;
    private List<string>? strings;
    private CellFormats? formats;

    public XlsxBook(string path)
    {
        file = Path.GetFileName(path);
        zip = ZipDirectory.Read(path);
        var targets = Targets(zip, file, "xl/_rels/workbook.xml.rels");
        using var xml = Part("xl/workbook.xml");
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (xml.LocalName == "workbookPr")
            {
                since1904 = xml.GetAttribute("date1904") is "1" or "true";
            }
            else if (xml.LocalName == "sheet" && Attribute(xml, "id", ":id") is { } id && targets.TryGetValue(id, out var target) && zip.Find(target) is { } part)
            {
                names.Add(xml.GetAttribute("name") ?? $"Sheet{names.Count + 1}");
                parts.Add(part);
            }
        }
    }

    public IReadOnlyList<string> Sheets => names;

    public RecordSource Rows(int sheet) => new SheetRows(this, parts[sheet]);

    public void Dispose()
    {
    }

    /// <summary>Parts of a workbook by relation, as paths in the zip.</summary>
    internal static Dictionary<string, string> Targets(ZipDirectory zip, string file, string relations)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        using var xml = Part(zip, file, relations);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target)
            {
                targets[id] = target.StartsWith('/') ? target[1..] : "xl/" + target;
            }
        }

        return targets;
    }

    /// <summary>Shared strings are held in memory: so many characters are the most.</summary>
    internal static void CheckStrings(long characters, string file)
    {
        if (characters > MostStrings)
        {
            throw new ProblemException(Problems.Bomb.With(file, "sharedStrings", characters));
        }
    }

    private static XmlReader Part(ZipDirectory zip, string file, string name) =>
        Workbooks.Xml(zip.Open(zip.Find(name) ?? throw new ProblemException(Problems.Truncated.With(file, name))));

    private XmlReader Part(string name) => Part(zip, file, name);

    /// <summary>An attribute of any namespace prefix.</summary>
    private static string? Attribute(XmlReader xml, string local, string suffix)
    {
        for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
        {
            if (xml.LocalName == local && xml.Name.EndsWith(suffix, StringComparison.Ordinal))
            {
                var value = xml.Value;
                xml.MoveToElement();
                return value;
            }
        }

        xml.MoveToElement();
        return null;
    }

    private List<string> Strings()
    {
        if (strings is not null)
        {
            return strings;
        }

        strings = [];
        if (zip.Find("xl/sharedStrings.xml") is null)
        {
            return strings;
        }

        long total = 0;
        using var xml = Part("xl/sharedStrings.xml");
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "si" })
            {
                var text = RichText(xml, "si");
                strings.Add(text);
                total += text.Length + 16;
                CheckStrings(total, file);
            }
        }

        return strings;
    }

    /// <summary>The text of runs up to the closing element; phonetic hints are left out.</summary>
    private static string RichText(XmlReader xml, string closing)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        var phonetic = false;
        var inText = false;
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == closing))
        {
            if (xml.LocalName == "rPh")
            {
                phonetic = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (xml.LocalName == "t")
            {
                inText = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (inText && !phonetic && xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA)
            {
                text.Append(xml.Value);
            }
        }

        return Unescape(text.ToString());
    }

    /// <summary>Control characters are written as _xHHHH_.</summary>
    private static string Unescape(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var made = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '_' && i + 6 < text.Length && text[i + 1] == 'x' && text[i + 6] == '_'
                && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) && !char.IsSurrogate((char)code))
            {
                made.Append((char)code);
                i += 6;
            }
            else
            {
                made.Append(text[i]);
            }
        }

        return made.ToString();
    }

    private CellFormats Formats()
    {
        if (formats is not null)
        {
            return formats;
        }

        formats = new CellFormats();
        if (zip.Find("xl/styles.xml") is null)
        {
            return formats;
        }

        var codes = new Dictionary<int, string>();
        using var xml = Part("xl/styles.xml");
        var inXfs = false;
        while (xml.Read())
        {
            if (xml.LocalName == "cellXfs")
            {
                inXfs = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "numFmt" } && int.TryParse(xml.GetAttribute("numFmtId"), out var own))
            {
                codes[own] = xml.GetAttribute("formatCode") ?? "";
            }
            else if (inXfs && xml is { NodeType: XmlNodeType.Element, LocalName: "xf" })
            {
                var id = int.TryParse(xml.GetAttribute("numFmtId"), out var said) ? said : 0;
                formats.Add(id, codes.GetValueOrDefault(id));
            }
        }

        return formats;
    }

    private sealed class SheetRows(XlsxBook book, ZipEntry part) : RecordSource
    {
        private readonly XmlReader xml = Workbooks.Xml(book.zip.Open(part));
        private readonly List<string> strings = book.Strings();
        private readonly CellFormats formats = book.Formats();
        private bool ended;

        public override bool Read()
        {
            try
            {
                while (!ended && xml.Read())
                {
                    if (xml is { NodeType: XmlNodeType.EndElement, LocalName: "sheetData" })
                    {
                        ended = true;
                    }
                    else if (xml is { NodeType: XmlNodeType.Element, LocalName: "row" } && Row())
                    {
                        return true;
                    }
                }
            }
            catch (XmlException e)
            {
                throw new ProblemException(Faults.Broken(book.file, e, Problems.Truncated), e);
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            xml.Dispose();
            base.Dispose(disposing);
        }

        private bool Row()
        {
            Line = long.TryParse(xml.GetAttribute("r"), out var number) ? number : Line + 1;
            Cells.Clear();
            Fault = null;
            if (xml.IsEmptyElement)
            {
                return false;
            }

            while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "row"))
            {
                if (xml is { NodeType: XmlNodeType.Element, LocalName: "c" })
                {
                    Cell();
                }
            }

            while (Cells.Count > 0 && Cells[^1] is null)
            {
                Cells.RemoveAt(Cells.Count - 1);
            }

            Blanks += Cells.Count == 0 ? 1 : 0;
            return Cells.Count > 0;
        }

        private void Cell()
        {
            var column = Column(xml.GetAttribute("r")) ?? Cells.Count;
            var type = xml.GetAttribute("t");
            var style = int.TryParse(xml.GetAttribute("s"), out var said) ? said : 0;
            var raw = xml.IsEmptyElement ? null : Value();
            if (string.IsNullOrEmpty(raw) || column >= Workbooks.MostColumns)
            {
                return;
            }

            while (Cells.Count <= column)
            {
                Cells.Add(null);
            }

            Cells[column] = type switch
            {
                "s" => int.TryParse(raw, out var index) && index >= 0 && index < strings.Count ? strings[index] : null,
                "b" => raw is "1" or "true" ? "TRUE" : "FALSE",
                "e" => Error(raw, column),
                "str" or "inlineStr" or "d" => raw,
                _ => Number(raw, style),
            };
        }

        private string? Value()
        {
            string? value = null;
            while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "c"))
            {
                if (xml.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                if (xml.LocalName == "is")
                {
                    value = RichText(xml, "is");
                }
                else if (xml.LocalName == "v" && !xml.IsEmptyElement)
                {
                    value = "";
                    while (xml.Read() && xml.NodeType != XmlNodeType.EndElement)
                    {
                        value += xml.Value;
                    }

                    value = Unescape(value);
                }
            }

            return value;
        }

        private string? Error(string raw, int column)
        {
            if (raw == "#N/A")
            {
                return null;
            }

            Fault ??= Faults.Of(Problems.ErrorCell, null, column + 1, raw);
            return raw;
        }

        private string Number(string raw, int style) =>
            double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? formats.Text(value, style, book.since1904) : raw;

        /// <summary>Column index from a reference such as <c>AB12</c>.</summary>
        private static int? Column(string? reference)
        {
            var column = 0;
            foreach (var c in reference ?? "")
            {
                if (!char.IsAsciiLetterUpper(c))
                {
                    break;
                }

                column = Math.Min((column * 26) + c - 'A' + 1, Workbooks.MostColumns + 1);
            }

            return column == 0 ? null : column - 1;
        }
    }
}
