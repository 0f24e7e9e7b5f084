// The bounded part of a file that inspection looks at: its head, and pieces from further on where the file can be sought.
using Lizhou.Tabular.Containers;

namespace Lizhou.Tabular;

internal sealed class Sample
{
    /// <summary>A file up to this size is looked at whole.</summary>
    public const int HeadSize = 2 * 1024 * 1024;

    private const int WindowSize = 32 * 1024;
    private const int WindowCount = 8;

    private Sample(byte[] head, bool whole, List<ReadOnlyMemory<byte>> windows)
    {
        Head = head;
        Whole = whole;
        Windows = windows;
    }

    public ReadOnlyMemory<byte> Head { get; }

    public bool Whole { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Windows { get; }

    public static Sample Take(string path, FileShape shape)
    {
        using var stream = Unpacked.Open(path, shape.Container, shape.Entry);
        var head = Unpacked.Head(stream, (int)Math.Min(HeadSize + 1, stream.CanSeek ? stream.Length : long.MaxValue));
        if (head.Length <= HeadSize)
        {
            return new(head, whole: true, []);
        }

        var windows = new List<ReadOnlyMemory<byte>>();
        if (stream.CanSeek)
        {
            for (var i = 1; i <= WindowCount; i++)
            {
                stream.Position = Math.Max(HeadSize, (long)((stream.Length - WindowSize) * (i / (double)WindowCount)));
                windows.Add(Unpacked.Head(stream, WindowSize));
            }
        }

        return new(head[..HeadSize], whole: false, windows);
    }

}
