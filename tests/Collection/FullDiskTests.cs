// A real host whose disk fills up: what does not fit is refused in words, what was acknowledged stays, and once there is room the same batch lands, once.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Lizhou.Tests.Support;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class FullDiskTests
{
    private const long KeepFree = 8 << 20;
    private const int Rows = 120_000;

    [Fact]
    public async Task A_disk_that_fills_up_refuses_in_words_and_the_same_batch_lands_once_there_is_room()
    {
        using var disk = SmallDisk.Make(160);
        await using var city = new RunningCity
        {
            Data = Path.Combine(disk.Path, "data"), Environment = { ["Sources__KeepFree"] = KeepFree.ToString(CultureInfo.InvariantCulture) },
        };
        await city.InitializeAsync();
        var resource = await city.Publish(Item("编号", key: true), Item("名称"));
        Counts(await city.Collect(resource, [("一.csv", Table(0))])).ShouldBe((Rows, Rows, 0, 0, 0));
        var file = Table(Rows);

        // No room for the file.
        disk.Fill(leave: KeepFree + (2 << 20));
        using (var answer = await city.Send(resource, [("二.csv", file)]))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
            (await Refusal(answer)).ShouldBe("COL-005");
        }

        // Room for the file, none for its rows.
        disk.Fill(leave: KeepFree + file.Length + (3 << 20));
        var batch = await city.Collect(resource, [("二.csv", file)]);
        batch.GetProperty("state").GetString().ShouldBe("Refused");
        batch.GetProperty("problem").GetProperty("code").GetString().ShouldBe("LOD-002");
        batch.GetProperty("problem").GetProperty("todo").GetString().ShouldNotBeNullOrEmpty();
        Directory.EnumerateFiles(Path.Combine(city.Data, "work"), "*", SearchOption.AllDirectories).ShouldBeEmpty();

        // No room at all: whatever would be written is refused as such, and what is only read is answered.
        disk.Fill(leave: 0);
        using (var answer = await city.Http.PostAsync($"api/v1/batches/{batch.GetProperty("number")}/retry", null))
        {
            ((int)answer.StatusCode).ShouldBeOneOf(200, 507); // the state may still have room within its own files
        }

        (await city.Http.GetAsync("api/v1/batches")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Room again: the batch goes on, or is tried again, and lands once.
        disk.Empty();
        await city.Http.PostAsync($"api/v1/batches/{batch.GetProperty("number")}/retry", null);
        await Wait.Until(async () => (await city.Ended(batch)).GetProperty("state").GetString() == "Landed", TimeSpan.FromMinutes(4));
        Counts(await city.Ended(batch)).ShouldBe((Rows, Rows, 0, 0, 0));
        Counts(await city.Collect(resource, [("三.csv", [.. Table(0), .. file[Header.Length..]])])).ShouldBe((2 * Rows, 0, 0, 2 * Rows, 0));
        var (code, said, _) = await city.Command("verify", "--json");
        code.ShouldBe(0, said);
    }

    private static readonly byte[] Header = Encoding.UTF8.GetBytes("编号,名称\n");

    private static byte[] Table(int from)
    {
        var random = new Random(from);
        return [.. Header, .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(from, Rows).Select(i => $"{i},{random.NextInt64():x}{random.NextInt64():x}\n")))];
    }

    /// <summary>A disk of its own size in memory.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private string Filler => System.IO.Path.Combine(Path, "filler");

        public string Path { get; } = Directory.CreateTempSubdirectory("lizhou-disk-").FullName;

        public static SmallDisk Make(int megabytes)
        {
            Servers.SkipWhen(System.Environment.UserName != "root", "Mounting a disk needs root.");
            var disk = new SmallDisk();
            if (!Mounts("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path))
            {
                Directory.Delete(disk.Path);
                Servers.SkipWhen(true, "No tmpfs can be mounted here.");
            }

            return disk;
        }

        /// <summary>Fills it until so many bytes are free.</summary>
        public void Fill(long leave)
        {
            Empty();
            using var file = File.Create(Filler);
            var block = new byte[1 << 16];
            try
            {
                for (long left; (left = new DriveInfo(Path).AvailableFreeSpace - leave) > 0;)
                {
                    file.Write(block, 0, (int)Math.Min(block.Length, left));
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // The city wrote meanwhile: it is full, which is what was wanted.
            }
        }

        public void Empty() => File.Delete(Filler);

        public void Dispose()
        {
            Mounts("umount", "-l", Path);
            Directory.Delete(Path);
        }

        private static bool Mounts(string program, params string[] words)
        {
            using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
