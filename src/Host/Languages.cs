// Two languages: what ?lang= asks for now and from then on, what the cookie remembers, else simplified Chinese.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace Lizhou.Host;

internal static class Languages
{
    private const string Cookie = "lang";
    private static readonly CultureInfo[] Known = [new("zh-CN"), new("en")];

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
            ],
        });
        return app.Use((context, next) =>
        {
            if (Known.FirstOrDefault(c => c.Name == context.Request.Query["lang"]) is { } asked)
            {
                var remembered = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(asked));
                context.Response.Cookies.Append(Cookie, remembered, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
            }

            return next(context);
        });
    }
}
