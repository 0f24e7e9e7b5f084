// In: a path and a secret. Out: a file only the program's user can open, complete or not there, also after a power cut.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Lizhou.Kernel.Data;

public static partial class OwnerFile
{
    /// <summary>Of a file.</summary>
    public const UnixFileMode Rights = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public const UnixFileMode FolderRights = Rights | UnixFileMode.UserExecute;

    /// <summary>A folder only the program's user can look into; made where it is not there.</summary>
    public static string Folder(string path) => Directory.CreateDirectory(path, FolderRights).FullName;

    /// <summary>On the disk before it takes the place of what was there.</summary>
    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public static void Write(string path, byte[] content) => Write(path, content, overwrite: true);

    /// <summary>The 32 random bytes of a key that is made at first use: who comes first has made it for all.</summary>
    public static byte[] Key(string path)
    {
        if (!File.Exists(path))
        {
            Folder(Path.GetDirectoryName(path)!);
            try
            {
                Write(path, RandomNumberGenerator.GetBytes(32), overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another was first.
            }
        }

        return File.ReadAllBytes(path);
    }

    /// <summary>Flushes the names in a folder to the disk.</summary>
    /// <exception cref="IOException">The system cannot.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int closeOnExec = 0x80000; // O_RDONLY | O_CLOEXEC, the same number on x64 and arm64
        using SafeFileHandle opened = new(Open(folder, closeOnExec), ownsHandle: true);
        if (opened.IsInvalid || Sync(opened) != 0)
        {
            throw new IOException($"Cannot flush folder {folder}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static void Write(string path, byte[] content, bool overwrite)
    {
        var part = $"{path}.{Path.GetRandomFileName()}.part";
        try
        {
            using (var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Rights }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite);
        }
        finally
        {
            File.Delete(part); // there no longer, when all went well
        }

        Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle opened);
}
