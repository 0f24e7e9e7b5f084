// Why an attempt failed, kept in both languages and told in the reader's. Notes of before are plain texts and stay so.
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Deliveries;

internal static class RunNote
{
    public static string Of(Text text) => JsonSerializer.Serialize(text);

    public static string Of(Problem problem) => Of(new Text($"{problem.Code} {problem.What.Zh} {problem.Todo.Zh}", $"{problem.Code} {problem.What.En} {problem.Todo.En}"));

    /// <summary>Null for none.</summary>
    public static string? Shown(string? kept) => kept is ['{', ..] ? JsonSerializer.Deserialize<Text>(kept).ToString() : kept;
}
