// In: a file or folder just written. Out: it survives a power cut: its bytes are on the disk and its name is in its folder.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lizhou.Kernel.Data;

namespace Lizhou.Lake.Catalog;

/// <summary>Makes what was written survive a power cut.</summary>
public static partial class Durable
{
    /// <summary>Flushes a file and its folder's entry for it.</summary>
    public static void File(string path)
    {
        using (var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(handle);
        }

        Folder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder and flushes each new name on the way down from <paramref name="root"/>.</summary>
    public static void CreateFolder(string root, string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        if (parent.Length > root.Length)
        {
            CreateFolder(root, parent);
        }

        Directory.CreateDirectory(folder);
        Folder(parent);
    }

    /// <summary>Flushes the names in a folder.</summary>
    public static void Folder(string path) => OwnerFile.Flush(path);

    /// <summary>A second name for a file; false where the disk cannot.</summary>
    public static bool Link(string from, string to) => !OperatingSystem.IsWindows() && HardLink(from, to) == 0;

    /// <summary>Whether a path is a regular file and no pipe, socket, device or link, which would be waited on when read. True where the system cannot say.</summary>
    public static bool IsFile(string path)
    {
        const int here = -100, noFollow = 0x100, modeAt = 28;
        if (!OperatingSystem.IsLinux())
        {
            return System.IO.File.Exists(path);
        }

        var facts = new byte[256];
        return Facts(here, path, noFollow, 1, ref facts[0]) != 0 || (BitConverter.ToUInt16(facts, modeAt) & 0xF000) == 0x8000;
    }

    /// <summary>SHA-256 of a file, hexadecimal, lower case.</summary>
    public static string Digest(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string from, string to);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Facts(int folder, string path, int flags, uint wanted, ref byte facts);
}
