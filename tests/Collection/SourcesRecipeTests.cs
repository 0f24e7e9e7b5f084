using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Lizhou.Collection.Connectors.Push;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Collection.Tests;

public sealed partial class SourcesRecipeTests
{
    [Fact]
    public async Task The_recipe_for_a_new_source_works_as_it_stands()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var house = await SourceHouse.Open(clock: clock);
        var requests = Request().Matches(await File.ReadAllTextAsync(Recipe())).ToList();
        requests.Count.ShouldBe(5);
        foreach (var request in requests)
        {
            var content = new StringContent(request.Groups["body"].Value.Replace("$RESOURCE", SourceHouse.Resource), Encoding.UTF8, "application/json");
            if (request.Groups["key"] is { Success: true, Value: var key })
            {
                content.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            }

            var answer = await house.Client.PostAsync(request.Groups["path"].Value, content);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.Accepted);
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        (await house.Services.GetRequiredService<GroupPushes>().Look(default)).ShouldBe(1);
        (await house.Scalar<long>($"SELECT COUNT(*) FROM source")).ShouldBe(3);
    }

    private static string Recipe()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "docs", "cookbook", "add-a-source.md") is var path && File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/cookbook/add-a-source.md");
    }

    [GeneratedRegex(@"```http\nPOST (?<path>\S+)\n(Content-Type: \S+\n)?(Idempotency-Key: (?<key>\S+)\n)?(\n(?<body>.*?)\n)?```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Request();
}
