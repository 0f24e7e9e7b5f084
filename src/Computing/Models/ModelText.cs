// In: the text of a model's file. Out: its head and its statement, and where in the file a byte of the statement stands. Refuses a head that is none, with line and column.
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Kernel;
using YamlDotNet.Core;

namespace Lizhou.Computing.Models;

/// <param name="Line">Of the statement's first character, 1-based.</param>
internal sealed partial record ModelText(string Text, FrontMatter Head, string Sql, int Line)
{
    private const string Fence = "---";
    private const int Longest = 200_000;

    public string Digest => DigestOf(Text);

    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The text of a file; of one that is far too long only so much that it is refused for it.</summary>
    public static async Task<string> Of(string path, CancellationToken stop)
    {
        using var file = new StreamReader(path, Encoding.UTF8);
        var (read, there) = (new char[Longest + 1], 0);
        for (int more; there < read.Length && (more = await file.ReadAsync(read.AsMemory(there), stop)) > 0;)
        {
            there += more;
        }

        return new(read, 0, there);
    }

    /// <summary>A text that was taken once. What is asked of new ones today need not hold of it.</summary>
    public static ModelText Kept(string text)
    {
        var (lines, end) = Cut(text);
        return new(text, FrontMatter.Read(string.Join('\n', lines[1..end])), Statement(lines, end), end + 2);
    }

    public static Result<ModelText> Read(string text)
    {
        if (text.Length > Longest || Cut(text) is not ({ } lines, > 0 and var end))
        {
            return Problems.NoHead.With(1, 1);
        }

        FrontMatter head;
        try
        {
            var yaml = string.Join('\n', lines[1..end]);
            if (EmptyMembers.In(yaml) is { } empty)
            {
                return Problems.BadHead.With(empty.Line + 1, empty.Column, new Text("值不能为空；不需要的项请整行删去", "a value is missing; leave out what is not meant"));
            }

            head = FrontMatter.Read(yaml);
        }
        catch (YamlException faulty)
        {
            var unknown = Unknown().Match(faulty.Message) is { Success: true } named ? new Text("不认识“{0}”", "there is no “{0}”").With(named.Groups[1].Value) : (Text?)null;
            return Problems.BadHead.With((int)faulty.Start.Line + 1, (int)faulty.Start.Column, unknown ?? new Text("不是可读的 YAML，或值的类型不对", "it is no YAML that can be read, or a value is of another type"));
        }

        if (head.Fault() is var (word, what))
        {
            var line = Array.FindIndex(lines, 1, end - 1, l => l.StartsWith(word + ":", StringComparison.Ordinal));
            return Problems.BadHead.With(line < 0 ? 1 : line + 1, 1, what);
        }

        return head.Survive is not null && Statement(lines, end).Length > 0
            ? Problems.BadHead.With(end + 2, 1, new Text("写了 survive 的模型不再写 SELECT；需要再加工时，另建一个读取它的模型", "a model that says survive has no SELECT of its own; let another model read it"))
            : new ModelText(text, head, Statement(lines, end), end + 2);
    }

    private static (string[] Lines, int End) Cut(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n');
        return (lines, lines[0].TrimEnd() == Fence ? Array.FindIndex(lines, 1, l => l.TrimEnd() == Fence) : -1);
    }

    private static string Statement(string[] lines, int end) => string.Join('\n', lines[(end + 1)..]).TrimEnd().TrimEnd(';');

    /// <summary>Line and column in the file, both 1-based, of a byte of the statement.</summary>
    public (int Line, int Column) Place(long? at)
    {
        if (Head.Survive is not null)
        {
            // The statement is made of the head.
            return (LineOf("survive"), 1);
        }

        var bytes = Encoding.UTF8.GetBytes(Sql);
        var before = Encoding.UTF8.GetString(bytes.AsSpan(0, (int)Math.Clamp(at ?? 0, 0, bytes.Length)));
        var line = before.Count(c => c == '\n');
        return (Line + line, before.Length - (before.LastIndexOf('\n') + 1) + 1);
    }

    [GeneratedRegex("Property '([^']{1,100})' not found", RegexOptions.NonBacktracking)]
    private static partial Regex Unknown();

    /// <summary>The line of the head that says a word; the first when there is none.</summary>
    public int LineOf(string word) => Math.Max(1, Array.FindIndex(Text.ReplaceLineEndings("\n").Split('\n'), l => l.StartsWith(word + ":", StringComparison.Ordinal)) + 1);
}
