// A path in; what kind of file lies there, its entries, and their unpacked bytes, out.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Lizhou.Tabular.Containers;

/// <summary>What a file's first bytes say it is.</summary>
internal enum Magic { Text, Gzip, Zip, Ole, Parquet, Other }

internal static class Unpacked
{
    private static readonly string[] Pages = ["<html", "<!doctype html", "<table", "<head>", "<meta "];

    public static Magic MagicOf(ReadOnlySpan<byte> head, out string name)
    {
        name = "";
        if (head.StartsWith<byte>([0x1F, 0x8B]))
        {
            return Magic.Gzip;
        }

        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
        {
            return Magic.Zip;
        }

        if (head.StartsWith<byte>([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
        {
            return Magic.Ole;
        }

        if (head.StartsWith("PAR1"u8) || head.StartsWith("PARE"u8))
        {
            return Magic.Parquet;
        }

        name = head.StartsWith("%PDF"u8) ? "PDF"
            : head.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) ? "PNG"
            : head.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "JPEG"
            : head.StartsWith("Rar!"u8) ? "RAR"
            : head.StartsWith("7z\u00BC"u8[..2]) && head.Length > 5 && head[2] == 0xBC ? "7z"
            : head.StartsWith<byte>([0x7F, (byte)'E', (byte)'L', (byte)'F']) ? "ELF"
            : head.StartsWith("SQLite format 3"u8) ? "SQLite" : Markup(head);
        return name.Length > 0 ? Magic.Other : Magic.Text;
    }

    /// <summary>Systems export web pages under the names of spreadsheets; office programs open them and say nothing.</summary>
    private static string Markup(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 256)]).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return Pages.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase)) ? "HTML" : text.StartsWith("<?xml", StringComparison.Ordinal) ? "XML" : "";
    }

    /// <summary>Up to so many first bytes of a stream.</summary>
    public static byte[] Head(Stream stream, int most)
    {
        var head = new byte[most];
        var got = stream.ReadAtLeast(head, most, throwOnEndOfStream: false);
        return got == most ? head : head[..got];
    }

    /// <summary>The unpacked bytes of the table a shape describes.</summary>
    /// <exception cref="ProblemException">No such file or entry, or it must not be unpacked.</exception>
    public static Stream Open(string path, Container container, string? entry)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException(Problems.NotFound.With(Path.GetFileName(path)));
        }

        return container switch
        {
            Container.Gzip => Gunzip(path),
            Container.Zip => Unzip(path, entry),
            _ => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan),
        };
    }

    private static UnpackStream Gunzip(string path)
    {
        var name = Path.GetFileName(path);
        Doubt(path, name);
        return Gunzipped(path, name);
    }

    private static UnpackStream Gunzipped(string path, string name)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        return new UnpackStream(new GZipStream(file, CompressionMode.Decompress), name, () => file.Position);
    }

    /// <summary>
    /// A bomb by the length that stands at its end is refused before it is sampled. A file cut short has any bytes there, so the word of
    /// those four is checked: what is a bomb shows it after a few megabytes.
    /// </summary>
    private static void Doubt(string path, string name)
    {
        long length;
        var last = new byte[4];
        using (var file = File.OpenRead(path))
        {
            length = file.Length;
            file.Position = Math.Max(0, length - 4);
            _ = file.ReadAtLeast(last, 4, throwOnEndOfStream: false);
        }

        if (!UnpackStream.IsBomb(name, length, BinaryPrimitives.ReadUInt32LittleEndian(last)))
        {
            return;
        }

        using var unpacked = Gunzipped(path, name);
        var buffer = new byte[1 << 16];
        while (unpacked.Read(buffer) > 0)
        {
        }
    }

    private static Stream Unzip(string path, string? name)
    {
        var zip = ZipDirectory.Read(path);
        var entry = name is null ? (zip.Entries.Count > 0 ? zip.Entries[0] : null) : zip.Find(name);
        return entry is not null
            ? zip.Open(entry)
            : throw new ProblemException(Problems.NoSuchEntry.With(Path.GetFileName(path), name, string.Join(", ", zip.Entries.Take(20).Select(e => e.Name))));
    }
}
