// A lake's folders in a fresh temporary place, gone when the test ends.
namespace Lizhou.Lake.Tests;

internal sealed class TempLake : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lizhou-lake-").FullName;

    public string Path(params string[] parts) => System.IO.Path.Combine([root, .. parts]);

    public Engine Engine(Func<EngineOptions, EngineOptions>? change = null)
    {
        var options = new EngineOptions([Path("data"), Path("staging")], Path("temp")) { MemoryLimit = 1L << 30 };
        return new Engine(change is null ? options : change(options));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
