// A row of what this room keeps of a grant, edited in the database past the program: whatever was changed, the grant gives nothing and the change is told; a lawful change seals anew.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

[Collection(nameof(DataCity))]
public sealed class SharedSealTests(SharedCity city)
{
    [Theory]
    [InlineData("delivery = 'File'", "Api")]
    [InlineData("frequency = NULL", "Api")]
    [InlineData("frequency = 'Daily'", "Api")]
    [InlineData("daily_calls = 2000000000", "Api")]
    [InlineData("daily_rows = 2000000000", "Api")]
    [InlineData("valid_until = '2099-01-01T00:00:00.0000000Z'", "Api")]
    [InlineData("valid_from = '2000-01-01T00:00:00.0000000Z'", "Api")]
    [InlineData("ended_by = '01930000-0000-7000-8000-00000000000c'", "Api")]
    [InlineData("purpose = '别的用途'", "Api")]
    [InlineData("seal = NULL", "Api")]
    [InlineData("seal = ''", "Api")]
    [InlineData("delivery = 'Api'", "File")]
    public async Task A_grant_edited_in_the_database_gives_nothing_by_any_door_and_is_told(string edit, string way)
    {
        var grant = await city.Granted((await city.Resource()).Id, way: way);
        using var program = await city.Program(grant);
        (await Broken()).ShouldNotContain(grant);
        await Edit(grant, edit);

        foreach (var door in new[] { "", "/changes", "/corrections", "/files", "/openapi.json" })
        {
            (await Refusal(await program.GetAsync($"/api/v1/data/{grant}{door}"))).ShouldBe("SHR-025", door);
        }

        foreach (var ask in new object[] { new { grant, name = "试", file = new { format = "Csv" } }, new { grant, name = "试", hook = new { url = "https://127.0.0.1:9/" } } })
        {
            (await Refusal(await city.AskerSteward.PostAsJsonAsync("/api/v1/deliveries", ask))).ShouldBeOneOf("SHR-025", "SHR-043");
        }

        (await Refusal(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 9, dailyRows = 9 }))).ShouldBe("SHR-025", "a change would seal what was edited");
        (await Broken()).ShouldContain(grant);
        (await Json(await city.Engineer.GetAsync($"/api/v1/grants/{grant}"))).GetProperty("state").GetString().ShouldBe("Broken");

        await Json(await city.Engineer.PostAsJsonAsync($"/api/v1/grants/{grant}/revoke", new { reason = "被改动" }));
        (await Broken()).ShouldNotContain(grant);
        (await program.GetAsync($"/api/v1/data/{grant}")).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task A_quota_the_bureau_sets_and_a_renewal_seal_anew()
    {
        var (grant, program, _) = await city.Ready();
        await Json(await city.Engineer.PutAsJsonAsync($"/api/v1/grants/{grant}/quota", new { dailyCalls = 50, dailyRows = 500 }));
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Broken()).ShouldNotContain(grant);
        await Edit(grant, "daily_calls = 60");
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("SHR-025");
        await Edit(grant, "daily_calls = 50");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK, "as it was sealed");
    }

    [Fact]
    public async Task Grants_of_before_there_were_seals_are_sealed_once_and_a_seal_taken_away_later_is_not_given_back()
    {
        var (grant, program, _) = await city.Ready();
        await Edit(grant, "seal = NULL");
        var rows = city.Services.GetRequiredService<Grants.CheckShared>();
        await rows.Begin(default);
        (await Refusal(await program.GetAsync($"/api/v1/data/{grant}"))).ShouldBe("SHR-025");

        File.Delete(Path.Combine(city.Services.GetRequiredService<Settings>().Keys, "sharing-grants.txt"));
        await rows.Begin(default);
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<IReadOnlyList<string>> Broken() => city.Services.GetRequiredService<IPolicySeals>().Broken(default);

    /// <summary>As somebody with the database open would.</summary>
    private async Task Edit(string grant, string set)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open(default);
        await using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE sharing_grant SET {set} WHERE number = '{grant}'";
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
