// Markup in every value a page takes of its address or its first form, in a real browser: it is a text there, and nothing runs.
using System.Reflection;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;

namespace Lizhou.Browser.Tests;

public sealed class MarkupTests(Window window)
{
    /// <summary>Each would run where a text is written without care: between elements, in an attribute, in a script, in an address.</summary>
    private static readonly string[] Texts =
    [
        "\"'><img src=lzx onerror=alert(1)><svg onload=alert(2)><lzx-mark></lzx-mark>", "</script><script>alert(3)</script><lzx-mark>", "</title></textarea><iframe srcdoc='<script>parent.alert(4)</script>'></iframe><lzx-mark>", "javascript:alert(5)//\" autofocus onfocus=alert(6) x=\"",
    ];

    [Fact]
    public async Task Markup_in_any_value_of_any_page_runs_nothing_in_a_browser()
    {
        var examples = await window.Examples;
        var pages = Directory.EnumerateFiles(AppContext.BaseDirectory, "Lizhou.*.dll").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => !n.Contains("Tests", StringComparison.Ordinal))
            .SelectMany(n => Assembly.Load(n).GetTypes()).SelectMany(t => t.GetCustomAttributes<RouteAttribute>(inherit: false).Select(r => (r.Template, Page: t))).Where(p => p.Template != "/setup").ToList();
        List<string> faults = [];
        var asked = 0;
        foreach (var group in pages.GroupBy(p => Role(p.Page)))
        {
            var page = await window.Page(group.Key);
            page.Dialog += async (_, dialog) =>
            {
                faults.Add($"{page.Url}: a dialog said {dialog.Message}");
                await dialog.DismissAsync();
            };
            page.Console += (_, said) =>
            {
                if (said.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                {
                    faults.Add($"{page.Url}: only the policy stopped it: {said.Text}");
                }
            };
            foreach (var (template, component) in group)
            {
                var values = component.GetProperties().Select(p => (p.Name, Of: p.GetCustomAttribute<SupplyParameterFromQueryAttribute>())).Where(p => p.Of is not null).Select(p => p.Of!.Name ?? p.Name).ToList();
                foreach (var text in values.Count == 0 ? Texts.Take(1) : Texts)
                {
                    var address = examples.Of(template)[0].Split('?')[0];
                    await page.GotoAsync($"{address}?{string.Join('&', values.DefaultIfEmpty("q").Select(v => $"{v}={Uri.EscapeDataString(text)}"))}", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
                    if (await page.EvaluateAsync<int>("document.querySelectorAll('lzx-mark, img[src=lzx], iframe[srcdoc], a[href^=\"javascript:\"], form[action^=\"javascript:\"]').length") > 0)
                    {
                        faults.Add($"{page.Url}: markup became elements");
                    }

                    asked++;
                }
            }

            await page.Context.CloseAsync();
        }

        faults.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(150);
    }

    private static string? Role(Type page) => page.GetCustomAttribute<AuthorizeAttribute>() is not { } entry ? null
        : entry.Roles is not { } roles ? Roles.Engineer
        : roles.Split(',', StringSplitOptions.TrimEntries) is var named && named.Contains(Roles.Engineer) ? Roles.Engineer : named[0];
}
