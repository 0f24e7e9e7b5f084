// Archives no honest program writes, byte by byte.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lizhou.Collection.Tests;

internal static class Zips
{
    /// <summary>What a workbook must hold, in an order in which each may quote the next.</summary>
    public static readonly string[] PartsOfBook =
        ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"];

    private const int Piece = 16 << 20;

    public static byte[] Of(string name, string text, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var to = zip.CreateEntry(name, level).Open();
            to.Write(Encoding.UTF8.GetBytes(text));
        }

        return file.ToArray();
    }

    /// <summary>The same archive of one entry, with another unpacked size in its directory and before the entry.</summary>
    public static byte[] Says(byte[] zip, uint size)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 24), size);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(22), size);
        return zip;
    }

    /// <summary>The same archive of one entry, said to need a password.</summary>
    public static byte[] Encrypted(byte[] zip)
    {
        zip[6] |= 1;
        zip[zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        return zip;
    }

    /// <summary>
    /// Many entries over one piece of 16 MB of zeros, which packs to 16 KB: all of them name it, or each holds the head of the next as an
    /// unpacked block of its own and then all that follows (D. Fifield, A better zip bomb, 2019).
    /// </summary>
    public static byte[] Overlapping(int count, Func<int, string> name, bool quoted)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(new byte[Piece]);
        }

        var kernel = packed.ToArray();
        var heads = new byte[count][];
        var (sizes, lengths) = (new long[count], new long[count]);
        for (var i = count - 1; i >= 0; i--)
        {
            var next = quoted && i < count - 1;
            sizes[i] = next ? sizes[i + 1] + heads[i + 1].Length : Piece;
            lengths[i] = next ? lengths[i + 1] + heads[i + 1].Length + 5 : kernel.Length;
            heads[i] = Head(name(i), lengths[i], sizes[i]);
        }

        using var file = new MemoryStream();
        var offsets = new long[count];
        for (var i = 0; i < (quoted ? count : 1); i++)
        {
            offsets[i] = file.Position;
            file.Write(heads[i]);
            if (quoted && i < count - 1)
            {
                var length = (ushort)heads[i + 1].Length;
                file.WriteByte(0); // a block that is not packed and not the last
                file.Write(BitConverter.GetBytes(length));
                file.Write(BitConverter.GetBytes((ushort)~length));
            }
        }

        file.Write(kernel);
        Directory(file, count, name, i => (offsets[i], lengths[i], sizes[i]));
        return file.ToArray();
    }

    private static byte[] Head(string name, long packed, long size)
    {
        using var head = new MemoryStream();
        using var writer = new BinaryWriter(head);
        writer.Write("PK\u0003\u0004"u8);
        Fields(writer, name, packed, size);
        writer.Write((ushort)0);
        writer.Write(Encoding.UTF8.GetBytes(name));
        return head.ToArray();
    }

    private static void Directory(MemoryStream file, int count, Func<int, string> name, Func<int, (long Offset, long Packed, long Size)> of)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        var start = file.Position;
        for (var i = 0; i < count; i++)
        {
            var (offset, packed, size) = of(i);
            writer.Write("PK\u0001\u0002"u8);
            writer.Write((ushort)20);
            Fields(writer, name(i), packed, size);
            writer.Write(new byte[12]);
            writer.Write((uint)offset);
            writer.Write(Encoding.UTF8.GetBytes(name(i)));
        }

        var length = file.Position - start;
        writer.Write("PK\u0005\u0006"u8);
        writer.Write(new byte[4]);
        writer.Write((ushort)count);
        writer.Write((ushort)count);
        writer.Write((uint)length);
        writer.Write((uint)start);
        writer.Write((ushort)0);
    }

    /// <summary>What the head of an entry and its line in the directory have in common: version, flags, method, time, check sum, sizes, length of the name.</summary>
    private static void Fields(BinaryWriter writer, string name, long packed, long size)
    {
        writer.Write((ushort)20);
        writer.Write((ushort)0);
        writer.Write((ushort)8);
        writer.Write(new byte[8]);
        writer.Write((uint)packed);
        writer.Write((uint)size);
        writer.Write((ushort)Encoding.UTF8.GetByteCount(name));
    }
}
