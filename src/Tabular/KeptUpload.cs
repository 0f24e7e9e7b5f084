// An upload as a file of its own in the work folder (swept at start), between the look at it and its taking. In: a noun and bytes, or the name given out then. Out: its path.
namespace Lizhou.Tabular;

public static class KeptUpload
{
    /// <param name="noun">What its name begins with: pages of one noun never take the files of another.</param>
    public static async Task<string> Keep(string noun, Stream body, Settings settings, CancellationToken stop) => (await Keep(noun, body, settings, long.MaxValue, stop))!;

    /// <param name="most">Bytes that are taken.</param>
    /// <returns>Null when there were more; then nothing is kept.</returns>
    public static async Task<string?> Keep(string noun, Stream body, Settings settings, long most, CancellationToken stop)
    {
        Directory.CreateDirectory(settings.Work);
        var path = Path.Combine(settings.Work, $"{noun}-{Path.GetRandomFileName()}");
        await using var to = File.Create(path);
        var buffer = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(buffer, stop)) > 0;)
        {
            if (to.Position + read > most)
            {
                File.Delete(path);
                return null;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), stop);
        }

        return path;
    }

    /// <summary>Only the bare name of a file kept under the noun is good: what is a path names nothing, wherever it leads. Null when there is none such.</summary>
    public static string? Find(string noun, string? name, Settings settings) =>
        name is not null && name == Path.GetFileName(name) && name.StartsWith(noun + "-", StringComparison.Ordinal) && Path.Combine(settings.Work, name) is var path && File.Exists(path) ? path : null;
}
