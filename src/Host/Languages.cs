// Two languages: what ?lang= asks for now and, of a page, from then on; what the cookie remembers; of visitors and of programs, what they prefer; else simplified Chinese.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace Lizhou.Host;

internal static class Languages
{
    private const string Cookie = "lang";
    private static readonly CultureInfo[] Known = [new("zh-CN"), new("en")];

    /// <summary>The language of a command: English where the terminal's locale is (LC_ALL, LC_MESSAGES, LANG: the first that is set), otherwise Chinese.</summary>
    public static void SpeakAsTerminal()
    {
        var locale = new[] { "LC_ALL", "LC_MESSAGES", "LANG" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(l => !string.IsNullOrEmpty(l));
        var language = locale?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? Known[1] : Known[0];
        (CultureInfo.CurrentUICulture, CultureInfo.DefaultThreadCurrentUICulture) = (language, language);
    }

    /// <summary>The header that asks the host for the language of the command.</summary>
    public static string Wish => $"{Cookie}={Uri.EscapeDataString(CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(CultureInfo.CurrentUICulture)))}";

    public static IApplicationBuilder UseLanguages(this IApplicationBuilder app)
    {
        app.UseRequestLocalization(new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture("zh-CN"),
            SupportedCultures = Known,
            SupportedUICultures = Known,
            RequestCultureProviders =
            [
                new QueryStringRequestCultureProvider { QueryStringKey = "lang", UIQueryStringKey = "lang" },
                new CookieRequestCultureProvider { CookieName = Cookie },
                new CustomRequestCultureProvider(context => Task.FromResult(AsksItself(context.Request) && Preferred(context.Request) is { } one ? new ProviderCultureResult(one.Name) : null)),
            ],
        });
        return app.Use((context, next) =>
        {
            // A page goes on in the language it was asked in; a call by a program says its own each time.
            if (!context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && Known.FirstOrDefault(c => c.Name == context.Request.Query["lang"]) is { } asked)
            {
                var remembered = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(asked));
                context.Response.Cookies.Append(Cookie, remembered, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
            }

            return next(context);
        });
    }

    /// <summary>Visitors of the city, and programs, which bring a token or no session. Who works with the city reads Chinese, in which its words are its own, until they choose otherwise: whatever their browser prefers, their pages and what the pages call agree.</summary>
    private static bool AsksItself(HttpRequest request) =>
        request.Path == "/report" || request.Path == "/progress" || request.Headers.ContainsKey("Authorization") || (request.Cookies.Count == 0 && request.Path.StartsWithSegments("/api", StringComparison.Ordinal));

    /// <summary>The first of the browser's languages that is one of ours, in whatever country: a reader of traditional Chinese gets Chinese. Null: none is.</summary>
    private static CultureInfo? Preferred(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => Known.FirstOrDefault(c => Of(c.Name) == Of(l.Value.Value ?? ""))).FirstOrDefault(c => c is not null);

    private static string Of(string tag) => tag.Split('-')[0].ToLowerInvariant();
}
