// Limits of this process, set before anything of a user is read. The machine enforces them: the engine's own memory limit and cancel were seen to fail.
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lizhou.Worker;

internal static partial class Limits
{
    private const int Cpu = 0;
    private const int FileSize = 1;
    private const int Core = 4;
    private const int Files = 7;
    private const int AddressSpace = 9;

    /// <summary>What the runtime may need beside the engine's own memory, in bytes.</summary>
    private const ulong Room = 384UL << 20;

    public static void Apply(Setup setup)
    {
        Set(Core, 0);
        Set(Cpu, (ulong)setup.Seconds);
        Set(FileSize, (ulong)setup.MostBytes);
        Set(Files, (ulong)(256 + setup.Files.Count));
        // The runtime has reserved far more than it uses; only growth from here on counts.
        Set(AddressSpace, Reserved() + ((ulong)setup.Memory << 20) + Room);
    }

    private static ulong Reserved() => ulong.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmSize:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1],
        NumberStyles.None, CultureInfo.InvariantCulture) << 10;

    private static void Set(int what, ulong most)
    {
        var limit = new Limit { Now = most, Ever = most };
        if (SetLimit(what, in limit) != 0)
        {
            throw new InvalidOperationException($"Limit {what} could not be set: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Now;

        public ulong Ever;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);
}
