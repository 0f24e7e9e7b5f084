// In: a city that was built. Out: docs/generated/exits.md: every way in, and everybody who holds rows, with the reason.
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Host.Exits;

internal static class ExitPage
{
    public static string Of(IEndpointRouteBuilder city, IReadOnlyList<Assembly> houses, string note)
    {
        var ways = new Ways(CallGraph.Of(houses));
        var page = new StringBuilder($"""
            # Ways in, and how rows leave 出口清单

            {note}
            Read from the compiled program: which method may call which. A way *comes to rows* when it may reach one of those who hold them, listed below; a test fails when
            somebody else does, when a way open to everybody does, or when an unsafe call could be made by another site. By **policy**: rows of the lake, as the policy decided.
            By **sent**: files and rejected rows of those who sent them, each value as the policy shows it. **Writes** and **keeps** hand no rows out.

            ## Routes and pages
            | way | who may | proof that an unsafe call was meant | comes to rows by |
            |---|---|---|---|

            """);
        foreach (var way in ways.Into(city))
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{way.Name}` | {way.Who ?? "**everybody**"} | {way.Meant ?? "–"} | {Words(way)} |\n");
        }

        page.Append("\n## Inside\n| way | for | comes to rows by |\n|---|---|---|\n");
        foreach (var way in ways.Inside(houses))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {way.Name} | {way.Who} | {Words(way)} |\n");
        }

        page.Append("\n## Who holds rows\n| type or namespace | by | why |\n|---|---|---|\n");
        foreach (var holder in RowSources.Holders)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{holder.Name}` | {Word(holder.Hold)} | {holder.Why} |\n");
        }

        return page.ToString();
    }

    private static string Words(Way way) => way.Holds.Count == 0 ? "–" : string.Join(", ", way.Holds.Select(Word));

    private static string Word(Hold hold) => hold.ToString().ToLowerInvariant();
}
