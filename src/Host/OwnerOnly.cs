// In: a file or folder that only the program's user may open. Out: its Unix rights.
namespace Lizhou.Host;

/// <summary>Rights of what only the user who runs the city may open.</summary>
internal static class OwnerOnly
{
    public const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Folder = File | UnixFileMode.UserExecute;
}
