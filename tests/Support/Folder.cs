// A folder that is gone after the test.
namespace Lizhou.Tests.Support;

public sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lizhou-test-").FullName;

    public string File(string name, string text) => File(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string File(string name, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
