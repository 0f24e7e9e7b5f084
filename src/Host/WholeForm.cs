// In: a form, as its bytes. Out: its fields as they were written. The framework's reader puts signs of its own for bytes it cannot read, and decodes percent signs as UTF-8 whatever charset the form names.
// Refuses, when somebody reads it, what is no character of the charset, by the name of the field.
using System.Text;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Host;

internal sealed class WholeForm(HttpRequest request, MediaTypeHeaderValue type, IFormFeature usual) : IFormFeature
{
    private const string Lost = "\uFFFD";

    public bool HasFormContentType => usual.HasFormContentType;

    public IFormCollection? Form
    {
        get => usual.Form;
        set => usual.Form = value;
    }

    public IFormCollection ReadForm() => ReadFormAsync(CancellationToken.None).GetAwaiter().GetResult();

    public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
    {
        if (usual.Form is { } read)
        {
            return read;
        }

        if (!type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            var parts = await usual.ReadFormAsync(cancellationToken);
            return parts.FirstOrDefault(f => f.Value.Any(v => v?.Contains(Lost, StringComparison.Ordinal) == true)).Key is { } lost ? throw Damaged(lost, "UTF-8") : parts;
        }

        var charset = Charsets.Of(type) ?? throw new ProblemException(Problems.NoCharset.With(Charsets.Name(type)));
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return usual.Form = Fields(body.GetBuffer().AsMemory(0, (int)body.Length), charset);
    }

    private static FormCollection Fields(ReadOnlyMemory<byte> body, Encoding charset)
    {
        var all = new KeyValueAccumulator();
        for (var rest = body; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'&') is >= 0 and var at ? at : rest.Length;
            if (end > 0)
            {
                var field = rest[..end].Span;
                var equals = field.IndexOf((byte)'=') is >= 0 and var sign ? sign : end;
                var name = Decoded(field[..equals], charset) ?? throw Damaged(Encoding.ASCII.GetString(field[..equals]), charset.WebName);
                all.Append(name, Decoded(field[Math.Min(equals + 1, end)..], charset) ?? throw Damaged(name, charset.WebName));
            }

            if (all.ValueCount > FormReader.DefaultValueCountLimit || all.KeyCount > FormReader.DefaultValueCountLimit)
            {
                throw new InvalidDataException($"Form value count limit {FormReader.DefaultValueCountLimit} exceeded.");
            }

            rest = rest[Math.Min(end + 1, rest.Length)..];
        }

        return new(all.GetResults());
    }

    /// <returns>Null where its bytes are no characters.</returns>
    private static string? Decoded(ReadOnlySpan<byte> told, Encoding charset)
    {
        var (bytes, length) = (new byte[told.Length], 0);
        for (var at = 0; at < told.Length; at++)
        {
            if (told[at] == '%' && at + 2 < told.Length && char.IsAsciiHexDigit((char)told[at + 1]) && char.IsAsciiHexDigit((char)told[at + 2]))
            {
                bytes[length++] = (byte)((Nibble(told[at + 1]) << 4) | Nibble(told[at + 2]));
                at += 2;
            }
            else
            {
                bytes[length++] = told[at] == '+' ? (byte)' ' : told[at];
            }
        }

        try
        {
            return charset.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int Nibble(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static ProblemException Damaged(string field, string charset) => new(Problems.Damaged.With(field.Length > 60 ? field[..60] : field, charset) with { Field = field });
}
