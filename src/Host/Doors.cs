// Where the program listens: the addresses asked for, and the local door of the command line.
using Lizhou.Kernel;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lizhou.Host;

internal static class Doors
{
    public static void Open(KestrelServerOptions kestrel, Settings settings, string? urls)
    {
        kestrel.AddServerHeader = false;
        var door = LocalDoor.PathFor(settings.Data, alone: urls is null);
        File.Delete(door);
        kestrel.ListenUnixSocket(door);
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(url);
            if (address.Host is "localhost")
            {
                kestrel.ListenLocalhost(address.Port);
            }
            else
            {
                kestrel.Listen(System.Net.IPAddress.TryParse(address.Host, out var ip) ? ip : System.Net.IPAddress.Any, address.Port);
            }
        }
    }
}
