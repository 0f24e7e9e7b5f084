// In: a request whose body is text. Out: the same, read by the charset it names; nothing is taken in damaged.
// Refuses a charset that is not known, JSON in any but UTF-8, and bytes that are no characters of the charset, by the field they came in.
using System.Text;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Lizhou.Host;

internal static class Charsets
{
    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // Of the parts of a multipart form, which the framework decodes.

    public static IApplicationBuilder UseCharsets(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var told = context.Features.Get<IExceptionHandlerFeature>() is not null; // The page of a refusal reads nothing.
        if (!told && MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
        {
            if (IsJson(type) && type.Charset.HasValue && !Name(type).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                throw new ProblemException(Problems.NoCharset.With(Name(type)));
            }

            var features = context.Features;
            features.Set<IFormFeature>(new WholeForm(context.Request, type, features.Get<IFormFeature>() ?? new FormFeature(context.Request, context.RequestServices.GetRequiredService<IOptions<FormOptions>>().Value)));
        }

        return next(context);
    });

    public static string Name(MediaTypeHeaderValue type) => HeaderUtilities.RemoveQuotes(type.Charset).ToString();

    /// <summary>Fails at what is no character; null: not known, or none of forms, whose bytes are those of ASCII with more.</summary>
    public static Encoding? Of(MediaTypeHeaderValue type)
    {
        try
        {
            return Name(type).ToUpperInvariant() switch
            {
                "" or "UTF-8" or "UTF8" => Strict("utf-8"),
                "GBK" or "GB2312" or "GB18030" or "CP936" => Strict("GB18030"), // It holds the others.
                "UTF-7" => null,
                var name => Strict(name) is var known && known.GetBytes("a") is [(byte)'a'] ? known : null,
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Encoding Strict(string name) => Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);
}
