// docs/generated is what the program says of itself today.
using Lizhou.Host;

namespace Lizhou.Architecture.Tests;

public sealed class GeneratedDocsTests
{
    [Fact]
    public async Task Generated_pages_are_fresh()
    {
        foreach (var (name, page) in await Docs.Pages(Cli.Root(out _, out _), CancellationToken.None))
        {
            var file = Path.Combine(House.Root, "docs", "generated", name);

            File.Exists(file).ShouldBeTrue($"docs/generated/{name} is missing: run ./lizhou docs");
            (await File.ReadAllTextAsync(file)).ShouldBe(page, $"docs/generated/{name} is stale: run ./lizhou docs");
        }
    }

    [Fact]
    public void Every_refusal_the_tests_see_is_on_the_generated_page() =>
        WordsTests.Problems.Select(p => p.Problem.Code).Except(Docs.AllProblems().Select(p => p.Code)).ShouldBeEmpty();
}
