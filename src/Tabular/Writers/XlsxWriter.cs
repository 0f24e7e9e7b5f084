// Rows in, a workbook out, streamed: several sheets one after the other, texts as texts so that nothing is ever run, numbers
// where asked for, a fill and a note on single cells, and a frozen, filtered header.
using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Lizhou.Tabular.Writers;

/// <summary>How a cell looks.</summary>
public enum CellFill { None, Header, Warn, Bad, Note }

/// <summary>One cell to write.</summary>
/// <param name="Text">Null for an empty cell.</param>
/// <param name="Note">A comment shown beside the cell; null for none.</param>
/// <param name="Number">Whether the text is a plain number to be written as one.</param>
public readonly record struct SheetCell(string? Text, CellFill Fill = CellFill.None, string? Note = null, bool Number = false)
{
    public static implicit operator SheetCell(string? text) => new(text);
}

/// <summary>Writes an XLSX file. Call <see cref="BeginSheet"/>, then <see cref="Write"/> per row, then dispose. The stream stays open.</summary>
public sealed class XlsxWriter : IDisposable
{
    /// <summary>Rows a sheet can hold; further ones go to a following sheet of the same name and a number.</summary>
    public const int MostRows = 1_048_576;

    private const int LongestText = 32_767;

    private readonly ZipArchive zip;
    private readonly List<string> sheets = [];
    private readonly List<(string Reference, int Row, int Column, string Note)> notes = [];
    private readonly HashSet<int> noted = [];
    private StreamWriter? sheet;
    private IReadOnlyList<double> widths = [];
    private string name = "";
    private int row;
    private int part;

    public XlsxWriter(Stream stream) => zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    /// <summary>Begins a sheet; its first row is the header, which stays in view.</summary>
    /// <param name="title">Cut to 31 characters, without those that Excel forbids, made unique.</param>
    /// <param name="columnWidths">In characters; empty for the usual.</param>
    public void BeginSheet(string title, IReadOnlyList<double>? columnWidths = null)
    {
        EndSheet();
        widths = columnWidths ?? [];
        name = title;
        part = 1;
        Open();
    }

    /// <summary>Writes the next row.</summary>
    public void Write(IEnumerable<SheetCell> cells)
    {
        if (sheet is null)
        {
            throw new InvalidOperationException("BeginSheet comes first.");
        }

        if (row == MostRows)
        {
            EndSheet();
            part++;
            Open();
        }

        row++;
        sheet.Write($"<row r=\"{row}\">");
        var column = 0;
        foreach (var cell in cells)
        {
            Cell(cell, column++);
        }

        sheet.Write("</row>");
    }

    public void Dispose()
    {
        EndSheet();
        if (sheets.Count == 0)
        {
            BeginSheet("Sheet1");
            EndSheet();
        }

        WriteParts();
        zip.Dispose();
    }

    private void Open()
    {
        sheets.Add(Title());
        row = 0;
        notes.Clear();
        sheet = new StreamWriter(zip.CreateEntry($"xl/worksheets/sheet{sheets.Count}.xml", CompressionLevel.Fastest).Open(), new UTF8Encoding(false), 64 * 1024);
        sheet.Write("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">");
        sheet.Write("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
        if (widths.Count > 0)
        {
            sheet.Write("<cols>");
            for (var i = 0; i < widths.Count; i++)
            {
                sheet.Write(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{i + 1}\" max=\"{i + 1}\" width=\"{widths[i]:0.##}\" customWidth=\"1\"/>"));
            }

            sheet.Write("</cols>");
        }

        sheet.Write("<sheetData>");
    }

    private void EndSheet()
    {
        if (sheet is null)
        {
            return;
        }

        sheet.Write("</sheetData>");
        if (notes.Count > 0)
        {
            sheet.Write("<legacyDrawing r:id=\"rId1\"/>");
        }

        sheet.Write("</worksheet>");
        sheet.Dispose();
        sheet = null;
        if (notes.Count > 0)
        {
            noted.Add(sheets.Count);
            WriteNotes(sheets.Count);
        }
    }

    private void Cell(SheetCell cell, int column)
    {
        var reference = Reference(column, row);
        if (cell.Note is not null)
        {
            notes.Add((reference, row - 1, column, cell.Note));
        }

        if (string.IsNullOrEmpty(cell.Text))
        {
            if (cell.Fill != CellFill.None)
            {
                sheet!.Write($"<c r=\"{reference}\" s=\"{(int)cell.Fill}\"/>");
            }

            return;
        }

        var style = cell.Fill == CellFill.None ? "" : $" s=\"{(int)cell.Fill}\"";
        if (cell.Number && decimal.TryParse(cell.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            sheet!.Write(string.Create(CultureInfo.InvariantCulture, $"<c r=\"{reference}\"{style}><v>{number}</v></c>"));
            return;
        }

        sheet!.Write($"<c r=\"{reference}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{Xml(cell.Text)}</t></is></c>");
    }

    private string Title()
    {
        var clean = new string([.. name.Select(c => c is ':' or '\\' or '/' or '?' or '*' or '[' or ']' || char.IsControl(c) ? ' ' : c)]).Trim().Trim('\'');
        clean = clean.Length == 0 ? "Sheet" : clean;
        for (var n = part; ; n++)
        {
            var suffix = n == 1 ? "" : $" ({n})";
            var title = clean[..Math.Min(clean.Length, 31 - suffix.Length)] + suffix;
            if (!sheets.Contains(title, StringComparer.OrdinalIgnoreCase))
            {
                return title;
            }
        }
    }

    private static string Reference(int column, int row)
    {
        var letters = "";
        for (var c = column + 1; c > 0; c = (c - 1) / 26)
        {
            letters = (char)('A' + ((c - 1) % 26)) + letters;
        }

        return $"{letters}{row}";
    }

    /// <summary>XML text; what XML cannot hold is written the way Excel does.</summary>
    private static string Xml(string text)
    {
        text = text.Length > LongestText ? text[..LongestText] : text;
        var made = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                made.Append(c).Append(text[++i]);
            }
            else if ((c < ' ' && c is not ('\t' or '\n')) || char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF'
                || (c == '_' && i + 6 < text.Length && text[i + 1] == 'x' && text[i + 6] == '_'))
            {
                made.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
            }
            else
            {
                made.Append(c);
            }
        }

        return SecurityElement.Escape(made.ToString());
    }

    private void WriteNotes(int number)
    {
        var comments = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><comments xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author/></authors><commentList>");
        var drawing = new StringBuilder("<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shapetype id=\"t\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"/>");
        foreach (var (reference, atRow, column, note) in notes)
        {
            comments.Append($"<comment ref=\"{reference}\" authorId=\"0\"><text><t xml:space=\"preserve\">{Xml(note)}</t></text></comment>");
            drawing.Append(CultureInfo.InvariantCulture, $"<v:shape type=\"#t\" style=\"visibility:hidden\" fillcolor=\"#ffffe1\"><x:ClientData ObjectType=\"Note\"><x:Anchor>{column + 1},10,{atRow},2,{column + 4},10,{atRow + 4},2</x:Anchor><x:Row>{atRow}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>");
        }

        Part($"xl/comments{number}.xml", comments.Append("</commentList></comments>").ToString());
        Part($"xl/drawings/vml{number}.vml", drawing.Append("</xml>").ToString());
        Part($"xl/worksheets/_rels/sheet{number}.xml.rels",
            $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing\" Target=\"../drawings/vml{number}.vml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"../comments{number}.xml\"/></Relationships>");
    }

    private void WriteParts()
    {
        const string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
        var types = new StringBuilder(head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>");
        var book = new StringBuilder(head + "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>");
        var relations = new StringBuilder(head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rStyles\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>");
        for (var i = 1; i <= sheets.Count; i++)
        {
            types.Append($"<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>");
            types.Append(noted.Contains(i) ? $"<Override PartName=\"/xl/comments{i}.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/>" : "");
            book.Append($"<sheet name=\"{Xml(sheets[i - 1])}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>");
            relations.Append($"<Relationship Id=\"rId{i}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>");
        }

        Part("[Content_Types].xml", types.Append("</Types>").ToString());
        Part("_rels/.rels", head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
        Part("xl/workbook.xml", book.Append("</sheets></workbook>").ToString());
        Part("xl/_rels/workbook.xml.rels", relations.Append("</Relationships>").ToString());
        Part("xl/styles.xml", head + Styles());
    }

    /// <summary>One style per <see cref="CellFill"/>, in its order.</summary>
    private static string Styles()
    {
        string[] colours = ["FFD9E1F2", "FFFFF2CC", "FFF8CBAD", "FFEDEDED"];
        var fills = string.Concat(colours.Select(c => $"<fill><patternFill patternType=\"solid\"><fgColor rgb=\"{c}\"/></patternFill></fill>"));
        return "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz val=\"11\"/></font></fonts>"
            + $"<fills count=\"6\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>{fills}</fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
            + "<cellXfs count=\"5\"><xf numFmtId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"2\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\"/><xf numFmtId=\"0\" fillId=\"3\" xfId=\"0\" applyFill=\"1\"/><xf numFmtId=\"0\" fillId=\"4\" xfId=\"0\" applyFill=\"1\"/><xf numFmtId=\"0\" fillId=\"5\" xfId=\"0\" applyFill=\"1\"/></cellXfs></styleSheet>";
    }

    private void Part(string path, string text)
    {
        using var to = new StreamWriter(zip.CreateEntry(path, CompressionLevel.Fastest).Open(), new UTF8Encoding(false));
        to.Write(text);
    }
}
