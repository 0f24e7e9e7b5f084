// Collects the values of a statement; what stands in the text is <c>$1</c>, <c>$2</c> … or, for a text that travels to another process, the value as a literal.
namespace Lizhou.Lake.Reading;

/// <param name="inline">Whether values become quoted literals; only texts are taken then.</param>
internal sealed class Arguments(bool inline = false)
{
    private readonly List<object?> values = [];

    public string Add(object? value)
    {
        if (inline)
        {
            return value is null ? "NULL" : SqlText.Literal((string)value);
        }

        values.Add(value);
        return $"${values.Count}";
    }

    public object?[] Values => [.. values];

    /// <summary>Stands for the value added last.</summary>
    public string Last => $"${values.Count}";
}
