// The bytes of a small text file in; the text, in whatever encoding its department's spreadsheet wrote it (UTF-8, GBK, …), out.
using System.Text;

namespace Lizhou.Tabular.Encodings;

public static class WholeText
{
    /// <summary>Of a file that is small enough to be held. Its encoding is found as that of any delivery; what is no character of it stands as \xNN.</summary>
    public static string Read(ReadOnlyMemory<byte> bytes)
    {
        using var feed = new Utf8Feed(new MemoryStream(bytes.ToArray(), writable: false), EncodingGuess.Of(bytes, [], whole: true).Name);
        while (feed.Fill())
        {
        }

        return Encoding.UTF8.GetString(feed.Window);
    }
}
