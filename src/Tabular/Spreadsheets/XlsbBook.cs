// An XLSB file (the parts of an XLSX as binary records), streamed record by record.
using System.Buffers.Binary;
using System.Text;
using System.Xml;
using Lizhou.Tabular.Containers;

namespace Lizhou.Tabular.Spreadsheets;

internal sealed class XlsbBook : IWorkbook
{
    private readonly ZipDirectory zip;
    private readonly string file;
    private readonly List<ZipEntry> parts = [];
    private readonly List<string> names = [];
    private readonly bool since1904;
    private readonly Lazy<List<string>> strings;
    private readonly Lazy<CellFormats> formats;

    public XlsbBook(string path)
    {
        file = Path.GetFileName(path);
        zip = ZipDirectory.Read(path);
        strings = new(Strings);
        formats = new(Formats);
        var targets = XlsxBook.Targets(zip, file, "xl/_rels/workbook.bin.rels");
        using var records = Open("xl/workbook.bin")!;
        while (records.Next())
        {
            if (records.Type == 153)
            {
                since1904 = (records.UInt32(0) & 1) != 0;
            }
            else if (records.Type == 156)
            {
                var id = records.Wide(8, out var next);
                if (targets.TryGetValue(id, out var target) && target.StartsWith("xl/worksheets/", StringComparison.Ordinal) && zip.Find(target) is { } part)
                {
                    parts.Add(part);
                    names.Add(records.Wide(next, out _));
                }
            }
        }
    }

    public IReadOnlyList<string> Sheets => names;

    public RecordSource Rows(int sheet) => new SheetRows(new Records(zip.Open(parts[sheet]), file), this);

    public void Dispose()
    {
    }

    private Records? Open(string name) => zip.Find(name) is { } part ? new Records(zip.Open(part), file) : null;

    private List<string> Strings()
    {
        var found = new List<string>();
        using var records = Open("xl/sharedStrings.bin");
        long total = 0;
        while (records?.Next() == true)
        {
            if (records.Type == 19)
            {
                found.Add(records.Wide(1, out _));
                total += found[^1].Length + 16;
                XlsxBook.CheckStrings(total, file);
            }
        }

        return found;
    }

    private CellFormats Formats()
    {
        var made = new CellFormats();
        var codes = new Dictionary<int, string>();
        using var records = Open("xl/styles.bin");
        var inXfs = false;
        while (records?.Next() == true)
        {
            switch (records.Type)
            {
                case 44:
                    codes[records.UInt16(0)] = records.Wide(2, out _);
                    break;
                case 617 or 618:
                    inXfs = records.Type == 617;
                    break;
                case 47 when inXfs:
                    var id = records.UInt16(2);
                    made.Add(id, codes.GetValueOrDefault(id));
                    break;
            }
        }

        return made;
    }

    /// <summary>Records of one part: a type, a length, the bytes.</summary>
    private sealed class Records(Stream stream, string file) : IDisposable
    {
        private const int LongestRecord = 16 * 1024 * 1024;

        private readonly BufferedStream input = new(stream, 64 * 1024);
        private byte[] data = [];
        private int length;

        public int Type { get; private set; }

        public bool Next()
        {
            var first = input.ReadByte();
            if (first < 0)
            {
                return false;
            }

            Type = first < 0x80 ? first : (first & 0x7F) | ((Byte() & 0x7F) << 7);
            length = 0;
            for (var shift = 0; shift < 28; shift += 7)
            {
                var part = Byte();
                length |= (part & 0x7F) << shift;
                if (part < 0x80)
                {
                    break;
                }
            }

            if (length > LongestRecord)
            {
                throw new ProblemException(Problems.Unreadable.With(file, new Text("有一条 {0} 字节的记录。", "it has a record of {0} bytes.").With(length)));
            }

            if (data.Length < length)
            {
                data = new byte[Math.Max(length, 1024)];
            }

            if (input.ReadAtLeast(data.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
            {
                throw new ProblemException(Problems.Truncated.With(file, new Text("一条记录没有写完。", "a record is not complete.")));
            }

            return true;
        }

        public byte Byte(int at) => Slice(at, 1)[0];

        public ushort UInt16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

        public uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

        public double Double(int at) => BinaryPrimitives.ReadDoubleLittleEndian(Slice(at, 8));

        /// <summary>A counted UTF-16 text.</summary>
        public string Wide(int at, out int next)
        {
            var count = UInt32(at);
            if (count == uint.MaxValue)
            {
                next = at + 4;
                return "";
            }

            var bytes = Slice(at + 4, (int)Math.Min(count * 2L, int.MaxValue));
            next = at + 4 + bytes.Length;
            return Encoding.Unicode.GetString(bytes);
        }

        public void Dispose() => input.Dispose();

        private int Byte() => input.ReadByte() is >= 0 and var b ? b : throw new ProblemException(Problems.Truncated.With(file, new Text("一条记录没有写完。", "a record is not complete.")));

        private ReadOnlySpan<byte> Slice(int at, int count) => at >= 0 && count <= length - at
            ? data.AsSpan(at, count)
            : throw new ProblemException(Problems.Unreadable.With(file, new Text("类型 {0} 的记录太短。", "a record of type {0} is too short.").With(Type)));
    }

    private sealed class SheetRows(Records records, XlsbBook book) : RecordSource
    {
        private long next = -1;
        private bool ended;

        public override bool Read()
        {
            Cells.Clear();
            Fault = null;
            Line = next;
            while (!ended && records.Next())
            {
                switch (records.Type)
                {
                    case 0:
                        next = records.UInt32(0) + 1L;
                        if (Cells.Count > 0)
                        {
                            return true;
                        }

                        Line = next;
                        break;
                    case 146:
                        ended = true;
                        break;
                    case >= 2 and <= 11:
                        Cell();
                        break;
                }
            }

            ended = true;
            return Cells.Count > 0;
        }

        protected override void Dispose(bool disposing)
        {
            records.Dispose();
            base.Dispose(disposing);
        }

        private void Cell()
        {
            var column = (int)Math.Min(records.UInt32(0), Workbooks.MostColumns);
            var style = (int)(records.UInt32(4) & 0xFF_FFFF);
            var value = Value(column, style);
            if (string.IsNullOrEmpty(value) || column >= Workbooks.MostColumns)
            {
                return;
            }

            while (Cells.Count <= column)
            {
                Cells.Add(null);
            }

            Cells[column] = value;
        }

        private string? Value(int column, int style)
        {
            switch (records.Type)
            {
                case 2:
                    return Number(Rk(records.UInt32(8)), style);
                case 5 or 9:
                    return Number(records.Double(8), style);
                case 3 or 11:
                    var error = records.Byte(8);
                    if (error != 0x2A)
                    {
                        Fault ??= Faults.Of(Problems.ErrorCell, null, column + 1, $"0x{error:X2}");
                    }

                    return null;
                case 4 or 10:
                    return records.Byte(8) != 0 ? "TRUE" : "FALSE";
                case 6 or 8:
                    return records.Wide(8, out _);
                default:
                    var index = records.UInt32(8);
                    return index < book.strings.Value.Count ? book.strings.Value[(int)index] : null;
            }
        }

        private string Number(double value, int style) => book.formats.Value.Text(value, style, book.since1904);

        /// <summary>A number in 30 bits: whole or the upper part of a double, perhaps in hundredths.</summary>
        private static double Rk(uint rk)
        {
            var value = (rk & 2) != 0 ? (int)rk >> 2 : BitConverter.Int64BitsToDouble((long)(rk & ~3u) << 32);
            return (rk & 1) != 0 ? value / 100 : value;
        }
    }
}
