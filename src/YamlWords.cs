// In: what the reader of YAML says is wrong, and the text. Out: where, and the same in a clerk's words, with what stands there. Compiled into each room that tells of such faults, as PlainYaml is.
using Lizhou.Kernel;
using YamlDotNet.Core;

namespace Lizhou;

internal static class YamlWords
{
    /// <param name="fault">A <see cref="YamlException"/>, or the <see cref="InvalidOperationException"/> by which the reader says that a bracket is never closed.</param>
    public static (Mark At, Text What) Of(Exception fault, string yaml) => fault is YamlException told ? Of(told, yaml) : (Mark.Empty, new("括号没有闭合", "a bracket is not closed"));

    private static (Mark At, Text What) Of(YamlException fault, string yaml)
    {
        var inner = fault.InnerException ?? fault;
        var there = Between(inner.Message, "'", "'");
        return inner switch
        {
            FormatException when there is not null => (Back(fault.Start, there, yaml), new Text("“{0}”不是这里要的数字", "“{0}” is not the number asked for here").With(there)),
            FormatException or OverflowException => (fault.Start, new("这里要一个数字", "a number is asked for here")),
            ArgumentException when there is not null => (Back(fault.Start, there, yaml), new Text("这里不能写“{0}”，没有这种取值", "“{0}” cannot stand here; there is no such value").With(there)),
            _ when Between(inner.Message, "Property '", "' not found") is { } key => (fault.Start, new Text("没有“{0}”这个键", "there is no key “{0}”").With(key)),
            _ when inner.Message.Contains("uplicate key", StringComparison.Ordinal) => (fault.Start, new("同一个键写了两次", "a key stands there twice")),
            _ => (fault.Start, new("YAML 写法有误：请检查这里的缩进、冒号、引号和括号", $"it is not YAML: {inner.Message}")),
        };
    }

    /// <summary>The reader has gone on to the next word when it finds that a value cannot be taken; the value stands before.</summary>
    private static Mark Back(Mark next, string value, string yaml)
    {
        var until = (int)Math.Min(next.Index, yaml.Length);
        var at = until == 0 ? -1 : yaml.LastIndexOf(value, until - 1, StringComparison.Ordinal);
        return at < 0 ? next : new Mark(at, yaml.AsSpan(0, at).Count('\n') + 1, at - yaml.LastIndexOf('\n', at));
    }

    private static string? Between(string message, string before, string after)
    {
        var from = message.IndexOf(before, StringComparison.Ordinal);
        var to = from < 0 ? -1 : message.IndexOf(after, from + before.Length, StringComparison.Ordinal);
        return to < 0 ? null : message[(from + before.Length)..to];
    }
}
