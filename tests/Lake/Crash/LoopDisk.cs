// An ext4 disk in a file on a copy-on-write file system: its file can be copied in an instant, which is the disk after a power cut (what was not flushed is not there).
using System.Diagnostics;
using Lizhou.Tests.Support;

namespace Lizhou.Lake.Tests.Crash;

internal sealed class LoopDisk : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lizhou-disk-").FullName;
    private readonly List<string> mounted = [];
    private int cuts;

    private LoopDisk()
    {
    }

    /// <summary>Where the disk is mounted.</summary>
    public string Mount => Path.Combine(root, "disk");

    public static LoopDisk Make(int megabytes)
    {
        Servers.SkipWhen(Environment.UserName != "root", "Mounting a disk image needs root.");
        Servers.SkipWhen(!File.Exists("/usr/sbin/mkfs.xfs") || !File.Exists("/usr/sbin/mkfs.ext4"), "mkfs.xfs or mkfs.ext4 is missing (apt-get install xfsprogs e2fsprogs).");
        var disk = new LoopDisk();
        try
        {
            disk.Build(megabytes);
        }
        catch (InvalidOperationException error)
        {
            disk.Dispose();
            Servers.SkipWhen(true, $"No loop mount here: {error.Message}");
        }

        return disk;
    }

    /// <summary>The disk as a power cut at this instant would leave it, mounted; the disk itself runs on.</summary>
    public string Cut()
    {
        var name = $"cut{cuts++}";
        Run("cp", $"--reflink=always {root}/host/disk.img {root}/host/{name}.img");
        MountAt($"{root}/host/{name}.img", Path.Combine(root, name));
        return Path.Combine(root, name);
    }

    public void Release(string cut)
    {
        Unmount(cut);
        File.Delete($"{root}/host/{Path.GetFileName(cut)}.img");
    }

    public void Dispose()
    {
        foreach (var place in mounted.AsEnumerable().Reverse().ToList())
        {
            Unmount(place);
        }

        Directory.Delete(root, recursive: true);
    }

    private static void Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments}: {error}");
        }
    }

    private void Build(int megabytes)
    {
        Run("truncate", $"-s {megabytes * 8L}M {root}/host.img");
        Run("/usr/sbin/mkfs.xfs", $"-q -m reflink=1 {root}/host.img");
        MountAt($"{root}/host.img", Path.Combine(root, "host"));
        Run("truncate", $"-s {megabytes}M {root}/host/disk.img");
        Run("/usr/sbin/mkfs.ext4", $"-q -F {root}/host/disk.img");
        MountAt($"{root}/host/disk.img", Mount);
    }

    private void MountAt(string image, string place)
    {
        Directory.CreateDirectory(place);
        Run("mount", $"-o loop {image} {place}");
        mounted.Add(place);
    }

    /// <summary>The kernel may hold a mount a moment longer than its last user; one that stays busy is detached and goes with its last user.</summary>
    private void Unmount(string place)
    {
        if (!SpinWait.SpinUntil(() => Unmounts(place), TimeSpan.FromSeconds(2)))
        {
            Run("umount", $"-l {place}");
        }

        mounted.Remove(place);
    }

    private static bool Unmounts(string place)
    {
        try
        {
            Run("umount", place);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
