// In: a path and a secret. Out: a file only the program's user can open, complete or not there.
namespace Lizhou.Kernel.Data;

public static class OwnerFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A folder only the program's user can look into; made where it is not there.</summary>
    public static string Folder(string path) => Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute).FullName;

    /// <summary>Flushed to disk before it takes the place of what was there.</summary>
    public static void Write(string path, string text)
    {
        var part = $"{path}.{Path.GetRandomFileName()}.part";
        using (var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Owner }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
    }
}
