// What stands open to the outside: every route asks who is there or is on the published list; pages stay within the browser floor; no machine's paths.
using System.Text.RegularExpressions;
using Lizhou.Host;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Architecture.Tests;

public sealed partial class SurfaceTests
{
    [Fact]
    public async Task Every_route_asks_who_is_there_or_is_on_the_published_list()
    {
        var published = House.Read("SECURITY.md").Split('\n').Select(l => AnonymousLine().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("lizhou-routes-").FullName;
        try
        {
            await using var city = await City.Build(new Settings(folder), urls: null, quiet: true, CancellationToken.None);
            var routes = ((IEndpointRouteBuilder)city).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
                .Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null).ToList();
            var open = routes.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null || e.Metadata.GetMetadata<IAuthorizeData>() is null)
                .Select(e => "/" + e.RoutePattern.RawText!.TrimStart('/')).Distinct().Order(StringComparer.Ordinal).ToList();

            routes.Count.ShouldBeGreaterThan(10);
            open.Except(published).ShouldBeEmpty("authorise it, or add it to the list in SECURITY.md with its reason");
            published.Except(open).ShouldBeEmpty("SECURITY.md names routes that are not open");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Styles_stay_within_the_browser_floor()
    {
        var offenders = House.Files("src", ".css").SelectMany(f => Lines(f, Comment().Replace(House.Read(f), ""))).Where(l => TooNewCss().IsMatch(l.Text));

        offenders.Select(l => l.ToString()).ShouldBeEmpty("Chromium 90: no :has, container queries, nesting, @layer, color-mix, dvh …");
    }

    [Fact]
    public void Scripts_stay_within_the_browser_floor_and_load_nothing_from_elsewhere()
    {
        var offenders = House.Files("src", ".js").Where(f => !f.EndsWith(".min.js", StringComparison.Ordinal)).SelectMany(f => Lines(f, House.Read(f)))
            .Where(l => TooNewScript().IsMatch(l.Text) || Elsewhere().IsMatch(l.Text));

        offenders.Select(l => l.ToString()).ShouldBeEmpty("ES2020, nothing from another host");
    }

    [Fact]
    public void Pages_load_nothing_from_elsewhere()
    {
        var offenders = House.Files("src", ".razor", ".css").SelectMany(f => Lines(f, House.Read(f))).Where(l => Elsewhere().IsMatch(l.Text));

        offenders.Select(l => l.ToString()).ShouldBeEmpty();
    }

    [Fact]
    public void No_file_knows_a_machines_paths()
    {
        string[] kinds = [".cs", ".razor", ".md", ".csproj", ".props", ".targets", ".json", ".yaml", ".yml", ".sql", ".js", ".css", ".sh", ""];
        var files = new[] { "src", "tests", "docs", "sample", "bench", ".ci", "apps" }.SelectMany(f => House.Files(f, kinds))
            .Concat(Directory.EnumerateFiles(House.Root).Select(f => Path.GetFileName(f)!).Where(f => kinds.Contains(Path.GetExtension(f)) && f != ".git"));
        var offenders = files.Where(f => f != "tests/Architecture/SurfaceTests.cs").SelectMany(f => Lines(f, House.Read(f))).Where(l => MachinePath().IsMatch(l.Text));

        offenders.Select(l => l.ToString()).ShouldBeEmpty();
    }

    private sealed record Place(string File, int Line, string Text)
    {
        public override string ToString() => $"{File}:{Line} {Text.Trim()}";
    }

    private static IEnumerable<Place> Lines(string file, string text) => text.Split('\n').Select((l, i) => new Place(file, i + 1, l));

    [GeneratedRegex(@"^\| `(/[^`]*)` \|")]
    private static partial Regex AnonymousLine();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@":has\(|@container|@layer|@scope|@starting-style|^\s*&|color-mix\(|oklch\(|oklab\(|\b\d+(d|s|l)v[hw]\b|\bsubgrid\b|\binset-area\b|:popover-open|anchor-name")]
    private static partial Regex TooNewCss();

    [GeneratedRegex(@"\.at\(-?\d|\?\?=|\|\|=|&&=|structuredClone|\.replaceAll\(|\.findLast|Object\.hasOwn|\bstatic \{|^\s*#\w+|\.showPopover|\.toSorted\(|Array\.fromAsync|\btop-level await")]
    private static partial Regex TooNewScript();

    [GeneratedRegex(@"(src|href|url|import|from)\s*[=(]?\s*[""'(]?(https?:)?//[a-z0-9]")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"(?<![\w.])/(work|home|root|Users)/[A-Za-z]|[A-Z]:\\\\?[A-Za-z]+\\")]
    private static partial Regex MachinePath();
}
