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
}
