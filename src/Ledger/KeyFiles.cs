// In: a name and a secret. Out: a file only the program's user can open, complete or not there.
using Lizhou.Kernel;

namespace Lizhou.Ledger;

internal static class KeyFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Keys and certificates of the ledger's seals.</summary>
    public static string Folder(Settings settings) => Directory.CreateDirectory(Path.Combine(settings.Keys, "ledger"), Owner | UnixFileMode.UserExecute).FullName;

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
