// A folder that is gone after the test.
namespace Lizhou.Host.Tests;

internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lizhou-scratch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
