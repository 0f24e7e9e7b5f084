using System.Net.Http.Json;
using Lizhou.Tests;

namespace Lizhou.Identity.Tests;

/// <summary>One sample county for the tests that do not move its clock.</summary>
public sealed class SharedCounty : County, IAsyncLifetime
{
    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await Open();
        using var door = Door();
        await Json(await door.PostAsJsonAsync("/api/v1/units", new { name = "模拟测试局", code = "113307843077566033", kind = "Department" }));
    }

    /// <summary>A new person of the register.</summary>
    public async Task<Guid> Person(string name)
    {
        using var door = Door();
        var unit = (await Json(await door.GetAsync(new Uri("/api/v1/units", UriKind.Relative)))).GetProperty("items")[0].GetProperty("id").GetGuid();
        return (await Json(await door.PostAsJsonAsync("/api/v1/people", new { name, unit }))).GetGuid();
    }
}
