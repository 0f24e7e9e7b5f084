using Lizhou.Kernel.Data;
using Lizhou.Tests.Support;

namespace Lizhou.Kernel.Tests;

public sealed class OwnerFileTests
{
    [Fact]
    public async Task A_key_is_made_once_whole_and_for_its_owner_alone_however_many_come_at_the_same_time()
    {
        using Folder folder = new();
        var path = Path.Combine(folder.Path, "keys", "one");
        var seen = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Convert.ToHexString(OwnerFile.Key(path)))));
        seen.Distinct().Single().Length.ShouldBe(64);
        File.GetUnixFileMode(path).ShouldBe(OwnerFile.Rights);
        File.GetUnixFileMode(Path.GetDirectoryName(path)!).ShouldBe(OwnerFile.FolderRights);
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path], "nothing half written is left");
    }

    [Fact]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        using Folder folder = new();
        var path = Path.Combine(folder.Path, "one");
        OwnerFile.Write(path, "first");
        OwnerFile.Write(path, "second");
        File.ReadAllText(path).ShouldBe("second");
        Directory.CreateDirectory(Path.Combine(folder.Path, "two"));
        Should.Throw<Exception>(() => OwnerFile.Write(Path.Combine(folder.Path, "two"), "never"));
        Directory.GetFileSystemEntries(folder.Path).Length.ShouldBe(2);
    }
}
