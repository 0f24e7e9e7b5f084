// Every page the program has, found in the program itself: none is without this test. Each is visited by somebody entitled to it, wide and narrow, in both languages.
using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Lizhou.Kernel;
using Lizhou.Ui;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Lizhou.Browser.Tests.Window))]

namespace Lizhou.Browser.Tests;

public sealed partial class EveryPageTests(Window window)
{
    private const string SetUp = "/setup";

    /// <summary>Pages whose own answer is not 200.</summary>
    private static readonly Dictionary<string, int> Answers = new(StringComparer.Ordinal) { ["/error"] = 404, ["/error/403"] = 403, ["/error/500"] = 500 };

    /// <summary>Pages that show the most to the steward whose unit asked and holds.</summary>
    private static readonly string[] ForHolders = ["/requests/new", "/grants/{Number}", "/grants/{Number}/deliver", "/deliveries/{Number}", "/tickets/report"];

    private static readonly Dictionary<string, Type> Routes = Directory.EnumerateFiles(AppContext.BaseDirectory, "Lizhou.*.dll").Select(f => Path.GetFileNameWithoutExtension(f)!)
        .Where(n => !n.Contains("Tests", StringComparison.Ordinal)).SelectMany(n => Assembly.Load(n).GetTypes())
        .SelectMany(t => t.GetCustomAttributes<RouteAttribute>(inherit: false).Select(r => (r.Template, t))).ToDictionary(r => r.Template, r => r.t, StringComparer.Ordinal);

    public static TheoryData<string> Pages() => [.. Routes.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void No_page_is_left_out()
    {
        var served = window.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null).Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Distinct();

        served.Order(StringComparer.Ordinal).ShouldBe(Routes.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_quiet_accessible_shows_its_focus_and_fits_desk_and_phone_in_both_languages(string route)
    {
        await using var bare = route == SetUp ? await Lizhou.Tests.County.Start(demo: false) : null;
        var addresses = route == SetUp ? [route] : (await window.Examples).Of(route);
        var page = await window.Page(EntitledTo(route), at: bare?.Address);
        List<string> complaints = [];
        page.Console += (_, message) =>
        {
            // The browser itself reports the status of a page that is meant to be 403, 404 or 500. A breach of the content policy is an error too.
            if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (request.Url.StartsWith("http", StringComparison.Ordinal) && !request.Url.StartsWith((bare?.Address ?? window.Address).ToString(), StringComparison.Ordinal))
            {
                complaints.Add("asks another host: " + request.Url);
            }
        };
        foreach (var address in addresses)
        {
            await Visit(page, address, "zh-CN", 1440);
            await Accessible(page, address);
            (await page.EvaluateAsync<string[]>(UnseenFocus)).ShouldBeEmpty($"{address}: the keyboard's place is not seen");
            (await page.EvaluateAsync<string[]>(EnglishWords)).ShouldBeEmpty($"{address}: English on a Chinese page");
            await Turn(page, address, 390);
            await Visit(page, address, "en", 390);
            if (address == addresses[0])
            {
                await Accessible(page, address);
            }

            await Turn(page, address, 1440);
            complaints.ShouldBeEmpty(address);
        }

        await page.Context.CloseAsync();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_closed_to_whom_it_is_not_for_and_says_so(string route)
    {
        if (Routes[route].GetCustomAttribute<AuthorizeAttribute>() is not { } entry)
        {
            return;
        }

        var address = (await window.Examples).Of(route)[0];
        using var visitor = window.Visitor();
        var turned = await visitor.GetAsync(new Uri(address, UriKind.Relative));
        turned.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        turned.Headers.Location!.ToString().ShouldContain("/sign-in");
        if (entry.Roles is { } roles)
        {
            using var other = await window.As(new[] { Roles.AuditAdministrator, Roles.SystemAdministrator, Roles.Engineer }.First(r => !roles.Split(',').Contains(r)));
            other.DefaultRequestHeaders.Accept.ParseAdd("text/html");
            var refused = await other.GetAsync(new Uri(address, UriKind.Relative));
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("您无权访问此页面");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_of_something_that_is_not_there_says_so(string route)
    {
        if (!route.Contains('{', StringComparison.Ordinal) || route.StartsWith("/error", StringComparison.Ordinal))
        {
            return;
        }

        var address = Parameter().Replace(route, p => p.Value.EndsWith(":guid}", StringComparison.Ordinal) ? Guid.NewGuid().ToString() : p.Value.EndsWith(":long}", StringComparison.Ordinal) ? "999999999" : "no-such-thing");
        using var client = await window.As(EntitledTo(route)!);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        var answer = await client.GetAsync(new Uri(address, UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, address);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("</html>");
    }

    /// <summary>A role that may open the page; null where nobody is asked.</summary>
    private static string? EntitledTo(string route) =>
        Routes[route].GetCustomAttribute<AuthorizeAttribute>() is not { } entry ? null
        : ForHolders.Contains(route) ? Roles.Steward
        : entry.Roles is not { } roles ? Roles.Engineer
        : roles.Split(',', StringSplitOptions.TrimEntries) is var named && named.Contains(Roles.Engineer) ? Roles.Engineer : named[0];

    private static async Task Visit(IPage page, string address, string language, int width)
    {
        await page.SetViewportSizeAsync(width, width > 600 ? 900 : 844);
        var answer = await page.GotoAsync($"{address}{(address.Contains('?', StringComparison.Ordinal) ? "&" : "?")}lang={language}");
        answer!.Status.ShouldBe(Answers.GetValueOrDefault(address, 200), address);
        await page.Locator("html[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Fits(page, $"{address} {width} {language}");
        await Window.Keep(page, $"page{Id().Replace(address, "-").Replace('/', '-').Replace('?', '-')}-{width}-{language}");
    }

    /// <summary>The same page in a window of another width.</summary>
    private static async Task Turn(IPage page, string address, int width)
    {
        await page.SetViewportSizeAsync(width, 844);
        await Fits(page, $"{address} turned to {width}");
    }

    // Charts take their new size a frame or two after the window took its own; what is still too wide after that stays so.
    private static async Task Fits(IPage page, string what) =>
        (await page.EvaluateAsync<int>(
            """
            async () => {
              const over = () => document.documentElement.scrollWidth - innerWidth;
              for (let frame = 0; over() > 0 && frame < 60; frame++) await new Promise(requestAnimationFrame);
              return over(); }
            """)).ShouldBeLessThanOrEqualTo(0, $"{what} is too wide");

    private static async Task Accessible(IPage page, string address) => PageTests.Told(await page.RunAxe()).ShouldBeEmpty(address);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Id();

    // What can take the focus shows it, as after a stroke of Tab: an outline or a shadow that is not there without it.
    private const string UnseenFocus =
        """
        () => { document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }));
          return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
            .filter(e => e.tabIndex >= 0 && !e.disabled && e.offsetParent && e.getBoundingClientRect().width > 1)
            .filter(e => { e.focus({ focusVisible: true, preventScroll: true }); const s = getComputedStyle(e);
              return document.activeElement === e && !(s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) && s.boxShadow === 'none'; })
            .slice(0, 3).map(e => e.outerHTML.slice(0, 160)); }
        """;

    // Three English words in a row are a sentence nobody translated; code and what people wrote themselves aside.
    private const string EnglishWords =
        """
        () => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) { const n = walk.currentNode;
            if (!n.parentElement.closest('code, pre, script, style, noscript, textarea, .lz-language') && /(^|[^\w.\/-])[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/.test(n.data)) found.push(n.data.trim().slice(0, 80)); }
          return found.slice(0, 5); }
        """;
}
