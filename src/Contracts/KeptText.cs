// A sentence kept for who reads it later: written in both languages, told in the reader's.
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Contracts;

/// <summary>A sentence in one column of text, in both languages of the product.</summary>
public static class KeptText
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As it is kept.</summary>
    public static string Of(Text text) => JsonSerializer.Serialize(text, Json);

    /// <summary>What happened and what to do, behind the code.</summary>
    public static string Of(Problem problem) => Of(new Text($"{problem.Code} {problem.What.Zh} {problem.Todo.Zh}", $"{problem.Code} {problem.What.En} {problem.Todo.En}"));

    /// <summary>In the language of the current request.</summary>
    /// <param name="kept">Null: nothing is kept. What <see cref="Of(Text)"/> did not write, e.g. the words of another program, is told as it is.</param>
    public static string? Shown(string? kept)
    {
        if (kept is not ['{', ..])
        {
            return kept;
        }

        try
        {
            return JsonSerializer.Deserialize<Text>(kept, Json) is { Zh: not null, En: not null } text ? text.ToString() : kept;
        }
        catch (JsonException)
        {
            return kept;
        }
    }
}
