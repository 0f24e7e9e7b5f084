// A JSON text of any size, token by token, with bounded depth and bounded memory; strict as RFC 8259 is.
using System.Text.Json;
using Lizhou.Tabular.Encodings;

namespace Lizhou.Tabular.Json;

internal sealed class JsonPull(Utf8Feed feed, string name) : IDisposable
{
    public const int MostDepth = 256;

    private const int LongestToken = 16 * 1024 * 1024;

    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = MostDepth });
    private long line = 1;

    public JsonTokenType Token { get; private set; }

    /// <summary>Property name, string, or the number as it is written; null for other tokens.</summary>
    public string? Text { get; private set; }

    /// <summary>Line where the last token ends.</summary>
    public long Line => line;

    public int Depth { get; private set; }

    /// <summary>The next token; false at the end of the document.</summary>
    /// <exception cref="ProblemException">The text is no JSON, or nested too deep.</exception>
    public bool Read()
    {
        while (true)
        {
            var window = feed.Window;
            var reader = new Utf8JsonReader(window, feed.Ended, state);
            try
            {
                if (reader.Read())
                {
                    Take(ref reader, window);
                    return true;
                }
            }
            catch (JsonException e)
            {
                throw Refusal(e);
            }
            catch (InvalidOperationException e)
            {
                // A lone surrogate written as \uD800: no character, so no text.
                throw new ProblemException(Problems.BadJson.With(line, feed.Position, Faults.Why(e)), e);
            }

            if (feed.Ended)
            {
                Check(window.Length);
                return false;
            }

            if (window.Length > LongestToken)
            {
                throw new ProblemException(Problems.LineTooLong.With(name, LongestToken, line));
            }

            feed.Fill();
        }
    }

    public void Dispose() => feed.Dispose();

    private void Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> window)
    {
        Token = reader.TokenType;
        Depth = reader.CurrentDepth;
        Text = Token switch
        {
            JsonTokenType.PropertyName or JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        state = reader.CurrentState;
        var used = (int)reader.BytesConsumed;
        Check(used);
        line += window[..used].Count((byte)'\n');
        feed.Consume(used);
    }

    private void Check(int length)
    {
        if (feed.BadWithin(length) is { } bad)
        {
            throw new ProblemException(Problems.BadBytes.With(bad.Offset, feed.Encoding));
        }
    }

    private ProblemException Refusal(JsonException e) => e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
        ? new(Problems.TooDeep.With(name, MostDepth), e)
        : new(Problems.BadJson.With(line + (e.LineNumber ?? 0), feed.Position + (e.BytePositionInLine ?? 0), Faults.Why(e)), e);
}
