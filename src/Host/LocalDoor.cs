// The door for the command line: a Unix socket in the data folder that only this machine's user can open.
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel.Data;

namespace Lizhou.Host;

internal static class LocalDoor
{
    // A socket's path is limited to 108 bytes by the kernel; a deep folder gets a short name in the user's own runtime folder.
    private const int LongestPath = 100;

    /// <param name="alone">The door of a command that opened the folder for itself: nobody else comes in, for it closes when the command ends.</param>
    public static string PathFor(string data, bool alone = false)
    {
        var full = Path.GetFullPath(data);
        var inside = Path.Combine(full, alone ? "command.sock" : "lizhou.sock");
        if (Encoding.UTF8.GetByteCount(inside) <= LongestPath)
        {
            return inside;
        }

        var folder = OwnerFile.Folder(Path.Combine(Path.GetTempPath(), $"lizhou-{Environment.UserName}"));
        return Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inside)))[..32] + ".sock");
    }

    public static async ValueTask<Stream> Connect(string path, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static async Task<bool> Answers(string path, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            await using var stream = await Connect(path, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
