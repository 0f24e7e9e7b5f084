// In: a model and a name it reads that nothing in force answers to. Out: the way over files of the folder back to the model; null when there is none. Files that name one another are all refused, and only their texts tell why.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class FindCircle(IStatements statements, Settings settings)
{
    /// <returns>The names on the way, the model's own first and last.</returns>
    public async Task<IReadOnlyList<string>?> Run(string model, string reads, CancellationToken stop)
    {
        var folder = SaveModel.Folder(settings);
        var texts = new Dictionary<string, ModelText>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (await Text(path, stop) is { } text)
            {
                texts.TryAdd(text.Head.Name, text);
            }
        }

        var ways = new Queue<IReadOnlyList<string>>([[model, reads]]);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (ways.TryDequeue(out var way))
        {
            if (string.Equals(way[^1], model, StringComparison.OrdinalIgnoreCase))
            {
                return way;
            }

            if (seen.Add(way[^1]) && texts.TryGetValue(way[^1], out var next))
            {
                foreach (var table in (await statements.Parse(next.Sql, stop)).Tables)
                {
                    ways.Enqueue([.. way, table.Name]);
                }
            }
        }

        return null;
    }

    private static async Task<ModelText?> Text(string path, CancellationToken stop)
    {
        try
        {
            return ModelText.Read(await ModelText.Of(path, stop)) is { Refused: false } read ? read.Value : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
