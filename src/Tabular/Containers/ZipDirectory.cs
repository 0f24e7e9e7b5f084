// The central directory of a zip, walked by hand: it is counted before it is believed, nothing is held for entries that
// will be refused, and what an entry unpacks to is counted while it is read.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Containers;

internal sealed record ZipEntry(string Name, long Packed, long Size, long Offset, int Method, bool Encrypted);

internal sealed class ZipDirectory
{
    public const int MostEntries = 10_000;

    private const uint EndMark = 0x06054b50;
    private const uint EntryMark = 0x02014b50;
    private const uint LocalMark = 0x04034b50;

    private readonly string path;

    private ZipDirectory(string path, List<ZipEntry> entries)
    {
        this.path = path;
        Entries = entries;
    }

    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <exception cref="ProblemException">Cut short, too many entries, overlapping or outside ones, or a bomb by its own figures.</exception>
    public static ZipDirectory Read(string path)
    {
        using var file = File.OpenRead(path);
        var start = DirectoryStart(file, Path.GetFileName(path));
        var entries = Walk(file, start, Path.GetFileName(path));
        Check(entries, start, Path.GetFileName(path));
        return new(path, entries);
    }

    public ZipEntry? Find(string name) => Entries.FirstOrDefault(e => e.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Unpacked bytes of an entry; reading throws <see cref="ProblemException"/> as soon as they become a bomb.</summary>
    public Stream Open(ZipEntry entry)
    {
        var name = entry.Name;
        if (entry.Encrypted)
        {
            throw new ProblemException(Problems.Encrypted.With(name));
        }

        var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[30];
        file.Position = entry.Offset;
        if (file.ReadAtLeast(head, 30, throwOnEndOfStream: false) < 30 || BinaryPrimitives.ReadUInt32LittleEndian(head) != LocalMark)
        {
            file.Dispose();
            throw new ProblemException(Problems.Truncated.With(name, new Text("条目不在目录所说的位置。", "an entry is not where the directory says.")));
        }

        file.Position = entry.Offset + 30 + BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(head[28..]);
        var part = new PartStream(file, entry.Packed);
        return entry.Method switch
        {
            0 => part,
            8 => new UnpackStream(new DeflateStream(part, CompressionMode.Decompress), name, () => part.Taken, entry.Size),
            _ => throw new ProblemException(Problems.Unreadable.With(name, new Text("压缩方法 {0} 不支持。", "packing method {0} is not supported.").With(entry.Method))),
        };
    }

    private static long DirectoryStart(FileStream file, string name)
    {
        var length = (int)Math.Min(file.Length, 65_557);
        var tail = new byte[length];
        file.Position = file.Length - length;
        file.ReadExactly(tail);
        for (var at = length - 22; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndMark)
            {
                continue;
            }

            long start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            int count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10));
            return start == uint.MaxValue || count == ushort.MaxValue ? Zip64Start(tail, at, file, start) : start;
        }

        throw new ProblemException(Problems.Truncated.With(name, new Text("压缩包没有结尾记录。", "the archive has no end record.")));
    }

    private static long Zip64Start(byte[] tail, int end, FileStream file, long plain)
    {
        if (end < 20 || BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end - 20)) != 0x07064b50)
        {
            return plain;
        }

        Span<byte> record = stackalloc byte[56];
        file.Position = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - 12));
        return file.ReadAtLeast(record, 56, throwOnEndOfStream: false) == 56 ? BinaryPrimitives.ReadInt64LittleEndian(record[48..]) : plain;
    }

    private static List<ZipEntry> Walk(FileStream file, long start, string archive)
    {
        if (start < 0 || start >= file.Length)
        {
            throw new ProblemException(Problems.Truncated.With(archive, new Text("压缩包目录的位置在文件之外。", "the archive's directory lies outside the file.")));
        }

        var entries = new List<ZipEntry>();
        file.Position = start;
        using var reader = new BinaryReader(file, Encoding.Latin1, leaveOpen: true);
        var head = new byte[46];
        while (file.ReadAtLeast(head, 46, throwOnEndOfStream: false) == 46 && BinaryPrimitives.ReadUInt32LittleEndian(head) == EntryMark)
        {
            if (entries.Count == MostEntries)
            {
                throw new ProblemException(Problems.TooManyEntries.With(archive, MostEntries));
            }

            var entry = Entry(head, reader);
            var bare = entry.Name.Replace('\\', '/');
            if (bare.StartsWith('/') || bare.Contains(':') || bare.Split('/').Contains(".."))
            {
                throw new ProblemException(Problems.OutsideEntry.With(entry.Name));
            }

            if (!bare.EndsWith('/'))
            {
                entries.Add(entry with { Name = bare });
            }
        }

        return entries;
    }

    private static ZipEntry Entry(byte[] head, BinaryReader reader)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8));
        var name = reader.ReadBytes(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(28)));
        var extra = reader.ReadBytes(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(30)));
        reader.ReadBytes(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(32)));
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(20));
        long size = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(24));
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(42));
        Zip64(extra, ref size, ref packed, ref offset);
        return new(NameOf(name, (flags & 0x800) != 0), packed, size, offset, BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(10)), (flags & 1) != 0);
    }

    private static void Zip64(ReadOnlySpan<byte> extra, ref long size, ref long packed, ref long offset)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length < 4 + length)
            {
                return;
            }

            var field = extra.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                size = Take(size, ref field);
                packed = Take(packed, ref field);
                offset = Take(offset, ref field);
                return;
            }

            extra = extra[(4 + length)..];
        }

        static long Take(long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue || field.Length < 8)
            {
                return value;
            }

            var real = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
            return real;
        }
    }

    /// <summary>Names are UTF-8 when they say so or happen to be; others come from Chinese Windows.</summary>
    private static string NameOf(byte[] name, bool utf8)
    {
        if (utf8 || System.Text.Unicode.Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        using var feed = new Utf8Feed(new MemoryStream(name), EncodingNames.Gb18030);
        feed.Fill();
        return Encoding.UTF8.GetString(feed.Window);
    }

    /// <param name="directory">Where the directory begins, and with it the end of what is packed.</param>
    private static void Check(List<ZipEntry> entries, long directory, string archive)
    {
        long before = 0;
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            if (entry.Offset < before || entry.Packed < 0 || entry.Size < 0 || entry.Packed > directory - entry.Offset)
            {
                throw new ProblemException(Problems.Unreadable.With(archive, new Text("压缩包的条目互相重叠。", "entries of the archive overlap.")));
            }

            if (entry is { Method: 0, Encrypted: false } && entry.Packed != entry.Size)
            {
                throw new ProblemException(Problems.Unreadable.With(entry.Name, new Text("未压缩的条目前后大小不一。", "an unpacked entry is said to have two sizes.")));
            }

            before = entry.Offset + entry.Packed;
            UnpackStream.Check(entry.Name, entry.Packed, entry.Size);
        }
    }
}
