// Collects the values of a statement; what stands in the text is <c>$1</c>, <c>$2</c> …
namespace Lizhou.Lake.Reading;

internal sealed class Arguments
{
    private readonly List<object?> values = [];

    public string Add(object? value)
    {
        values.Add(value);
        return $"${values.Count}";
    }

    public object?[] Values => [.. values];
}
