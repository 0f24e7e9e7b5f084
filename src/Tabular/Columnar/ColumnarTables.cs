// A Parquet file, plain or packed, in; its one table, or its rows one after the other, out. Its end mark and footer are looked at before the
// engine sees it: cut short, encrypted, or a footer that cannot be true, it is refused.
using System.Buffers.Binary;
using Lizhou.Tabular.Containers;
using Lizhou.Tabular.Types;

namespace Lizhou.Tabular.Columnar;

internal static class ColumnarTables
{
    private const int SampleRows = 2000;

    /// <summary>Footers grow by columns × row groups; the widest honest ones stay below a few MiB.</summary>
    private const int LongestFooter = 64 * 1024 * 1024;

    public static TableInspection Inspect(string path, FileShape shape, IColumnarFiles? columnar)
    {
        shape = shape with { Format = Format.Parquet, Footer = false };
        if (columnar is null)
        {
            return new TableInspection { Shape = shape, Problem = Problems.NoEngine };
        }

        using var opened = Opened.At(path, shape, columnar);
        var sample = opened.Rows(0, SampleRows);
        var columns = opened.File.Columns.Select((column, i) => Typed(column, sample.Select(r => r[i]))).ToList();
        return new TableInspection
        {
            Shape = shape with { Columns = columns },
            Guesses = [new("format", 1, new("Parquet 文件：列名和类型由文件自身写明。", "Parquet: the file itself states names and types."))],
            Preview = [.. sample.Take(Inspector.PreviewRows).Select((cells, i) => new Row(i + 1, i + 1, cells))],
            Rows = opened.File.Count,
        };
    }

    public static RecordSource Open(string path, FileShape shape, IColumnarFiles? columnar) =>
        new ColumnarSource(Opened.At(path, shape, columnar ?? throw new ProblemException(Problems.NoEngine)));

    /// <summary>Texts are looked at as everywhere: an identity number is no more than a text to the file.</summary>
    private static ColumnShape Typed(ColumnShape column, IEnumerable<string?> values)
    {
        var profile = new ColumnProfile();
        foreach (var value in values)
        {
            profile.Add(value);
        }

        var kind = column.Type == ColumnType.Text ? profile.Decide() : new CellKind(column.Type, column.Format);
        return column with { Type = kind.Type, Format = kind.Format, Optional = profile.Empty > 0, Pattern = profile.Pattern };
    }

    private static void Check(string path, string name)
    {
        using var file = System.IO.File.OpenRead(path);
        Span<byte> end = stackalloc byte[8];
        if (file.Length < 12)
        {
            throw new ProblemException(Problems.Truncated.With(name, new Text("只有 {0} 字节。", "it has only {0} bytes.").With(file.Length)));
        }

        file.Position = file.Length - 8;
        file.ReadExactly(end);
        var footer = BinaryPrimitives.ReadUInt32LittleEndian(end);
        if (end.EndsWith("PARE"u8))
        {
            throw new ProblemException(Problems.Encrypted.With(name));
        }

        if (!end.EndsWith("PAR1"u8))
        {
            throw new ProblemException(Problems.Truncated.With(name, new Text("Parquet 文件没有结尾标记。", "a Parquet file ends with a mark; this one has none.")));
        }

        if (footer > file.Length - 12 || footer > LongestFooter)
        {
            throw new ProblemException(Problems.Unreadable.With(name, new Text("文件有 {1} 字节，却说结尾有 {0} 字节。", "its footer claims {0} bytes of a file of {1}.").With(footer, file.Length)));
        }
    }

    /// <summary>A file where the engine can read it, with the engine's complaints as refusals.</summary>
    internal sealed class Opened : IDisposable
    {
        private readonly string name;
        private readonly LocalCopy? copy;

        private Opened(string path, FileShape shape, IColumnarFiles columnar)
        {
            name = shape.Entry ?? Path.GetFileName(path);
            // The engine takes these marks in a path for patterns.
            copy = shape.Container == Container.None && path.AsSpan().IndexOfAny('*', '?', '[') < 0 ? null : LocalCopy.Of(path, shape, columnar.Room);
            try
            {
                var there = copy?.Path ?? path;
                Check(there, name);
                File = Refusing(() => columnar.Open(there));
                // Rows are held back by no unpacker: a few bytes of the file can stand for billions of them.
                UnpackStream.Check(name, new FileInfo(there).Length, File.Count * File.Columns.Count);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IColumnarFile File { get; }

        public static Opened At(string path, FileShape shape, IColumnarFiles columnar) =>
            System.IO.File.Exists(path) ? new(path, shape, columnar) : throw new ProblemException(Problems.NotFound.With(Path.GetFileName(path)));

        public IReadOnlyList<string?[]> Rows(long from, int most) => Refusing(() => File.Rows(from, most));

        public void Dispose() => copy?.Dispose();

        private T Refusing<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (InvalidDataException bad)
            {
                throw new ProblemException(Problems.Unreadable.With(name, Faults.Why(bad)), bad);
            }
        }
    }

    /// <summary>Rows, a page at a time; a row's number stands for its line.</summary>
    private sealed class ColumnarSource(Opened opened) : RecordSource
    {
        private const int PageCells = 500_000;

        private readonly int size = Math.Clamp(PageCells / Math.Max(1, opened.File.Columns.Count), 500, 50_000);
        private IReadOnlyList<string?[]> page = [];
        private int at;

        public override bool Read()
        {
            if (at == page.Count)
            {
                page = opened.Rows(Line, size);
                at = 0;
            }

            if (page.Count == 0)
            {
                return false;
            }

            Cells.Clear();
            Cells.AddRange(page[at++]);
            Line++;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            opened.Dispose();
            base.Dispose(disposing);
        }
    }
}
