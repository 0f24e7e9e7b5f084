// One token of an application ended alone: refused at its next call, the others go on; who may end it, and what is written down.
using System.Net;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Sharing.Tests;

public sealed class TokenEndTests(SharedCity city) : TokenEndPromises(city), IClassFixture<SharedCity>;

public sealed class TokenEndTestsOnPostgreSql(PostgresCity city) : TokenEndPromises(city), IClassFixture<PostgresCity>;

public abstract class TokenEndPromises(SharedCity city)
{
    [Fact]
    public async Task One_token_is_ended_alone_and_refused_at_its_next_call()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        var application = await Application.Registered(city, grant);
        var list = $"/api/v1/applications/{application.Id}/tokens";
        using var first = await application.Program();
        var token = (await Tokens(list)).Single();
        using var second = await application.Program();
        (await first.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Json(await city.AskerSteward.DeleteAsync($"{list}/{token}"));
        (await first.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await second.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var third = await application.Program();
        (await third.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Tokens(list)).Count.ShouldBe(3);
        (await Refusal(await city.AskerSteward.DeleteAsync($"{list}/{token}"))).ShouldBe("SHR-061");

        using var auditor = await city.As(Roles.AuditAdministrator);
        var entries = (await Json(await auditor.GetAsync($"/api/v1/ledger/entries?act=application.token-ended&subject={application.Id}"))).GetProperty("items");
        entries.EnumerateArray().Single().GetProperty("result").GetString().ShouldBe("done");
        (await city.AskerSteward.GetStringAsync($"/applications/{application.Id}")).ShouldContain(token);
    }

    [Fact]
    public async Task Nobody_but_the_units_steward_sees_or_ends_its_tokens_and_none_of_another_application()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        var (application, other) = (await Application.Registered(city, grant), await Application.Registered(city, grant));
        using var program = await application.Program();
        var token = (await Tokens($"/api/v1/applications/{application.Id}/tokens")).Single();
        (await Refusal(await city.StrangerSteward.GetAsync($"/api/v1/applications/{application.Id}/tokens"))).ShouldBe("SHR-060");
        (await Refusal(await city.StrangerSteward.DeleteAsync($"/api/v1/applications/{application.Id}/tokens/{token}"))).ShouldBe("SHR-060");
        (await Refusal(await city.AskerSteward.DeleteAsync($"/api/v1/applications/{other.Id}/tokens/{token}"))).ShouldBe("SHR-061");
        (await program.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_of_a_grant_is_ended_alone_and_refused_at_its_next_call()
    {
        var grant = await city.Granted((await city.Resource()).Id);
        using var first = await city.Program(grant);
        using var second = await city.Program(grant);
        (await first.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var key = await KeyOf(first);
        await Json(await city.AskerSteward.DeleteAsync($"/api/v1/grants/{grant}/keys/{key}"));
        (await first.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await second.GetAsync($"/api/v1/data/{grant}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<List<string>> Tokens(string list) => [.. (await Json(await city.AskerSteward.GetAsync(list))).EnumerateArray().Select(t => t.GetProperty("id").GetString()!)];

    /// <summary>By the prefix that stands in the list of keys.</summary>
    private async Task<string> KeyOf(HttpClient program)
    {
        await using var connection = await city.Services.GetRequiredService<StateStore>().Open();
        return (string)(await connection.Scalar(null, $"SELECT id FROM identity_token WHERE prefix = {program.DefaultRequestHeaders.Authorization!.Parameter![..9]}"))!;
    }
}
