// XLS through ExcelDataReader, whose exceptions on damaged files become one coded refusal.
using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Lizhou.Tabular.Spreadsheets;

internal sealed class BinaryBook : IWorkbook
{
    private readonly string path;
    private readonly string file;
    private readonly List<string> names = [];

    static BinaryBook() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public BinaryBook(string path, string file)
    {
        this.path = path;
        this.file = file;
        using var reader = Open();
        do
        {
            names.Add(reader.Name ?? $"Sheet{names.Count + 1}");
        }
        while (Guard(reader.NextResult));
    }

    public IReadOnlyList<string> Sheets => names;

    public RecordSource Rows(int sheet)
    {
        var reader = Open();
        for (var i = 0; i < sheet; i++)
        {
            Guard(reader.NextResult);
        }

        return new SheetRows(reader, this);
    }

    public void Dispose()
    {
    }

    private IExcelDataReader Open() => Guard(() => ExcelReaderFactory.CreateReader(
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), new ExcelReaderConfiguration { FallbackEncoding = Encoding.GetEncoding("gb18030") }));

    // The library has no one exception for a damaged file: whatever it throws while parsing means just that.
    private T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (InvalidPasswordException e)
        {
            throw new ProblemException(Problems.Encrypted.With(file), e);
        }
        catch (Exception e) when (e is not ProblemException and not OutOfMemoryException)
        {
            throw new ProblemException(Problems.Unreadable.With(file, Faults.Why(e)), e);
        }
    }

    private sealed class SheetRows(IExcelDataReader reader, BinaryBook book) : RecordSource
    {
        public override bool Read()
        {
            while (book.Guard(reader.Read))
            {
                Line++;
                Fault = null;
                Cells.Clear();
                for (var i = 0; i < Math.Min(reader.FieldCount, Workbooks.MostColumns); i++)
                {
                    Cells.Add(Text(i));
                }

                while (Cells.Count > 0 && Cells[^1] is null)
                {
                    Cells.RemoveAt(Cells.Count - 1);
                }

                if (Cells.Count > 0 || Fault is not null)
                {
                    return true;
                }

                Blanks++;
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            reader.Dispose();
            base.Dispose(disposing);
        }

        // A failed formula has no value here: the library keeps its error to itself.
        private string? Text(int column)
        {
            return reader.GetValue(column) switch
            {
                null => null,
                string text => text.Length == 0 ? null : text,
                double number when reader.GetNumberFormatString(column) is { Length: > 1 } format && format.AsSpan().IndexOfAnyExcept('0') < 0 && number >= 0 && number == Math.Truncate(number)
                    => CellText.Number(number).PadLeft(format.Length, '0'),
                double number => CellText.Number(number),
                bool truth => truth ? "TRUE" : "FALSE",
                DateTime moment => moment < new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) ? moment.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : CellText.Moment(moment),
                TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                var other => other.ToString(),
            };
        }
    }
}
