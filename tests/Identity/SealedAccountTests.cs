// A row of the table of accounts, edited in the database past the program: whatever was changed, nobody comes in or acts by it, and it is told.
using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

public sealed class SealedAccountTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    private const string Accounts = "/api/v1/accounts";
    private const string Own = "Own-choice-2027";
    private static readonly Uri Session = new("/api/v1/session", UriKind.Relative);

    [Theory]
    [InlineData("roles = 'system-administrator'")]
    [InlineData("roles = 'engineer,steward'")]
    [InlineData("unit = '01930000-0000-7000-8000-000000000001'")]
    [InlineData("unit = 'nobody'")]
    [InlineData("unit = NULL")]
    [InlineData("label = 4")]
    [InlineData("password = (SELECT password FROM identity_account WHERE login = 'demo-system')")]
    [InlineData("password = '-'")]
    [InlineData("password_at = '2099-01-01T00:00:00.0000000Z'")]
    [InlineData("must_change = 1")]
    [InlineData("person = NULL")]
    [InlineData("person = '01930000-0000-7000-8000-000000000002'")]
    [InlineData("login = login || '-2'")]
    [InlineData("name = '模拟他人'")]
    [InlineData("demo = 1")]
    [InlineData("second_half = 'x'")]
    [InlineData("seal = NULL")]
    [InlineData("seal = ''")]
    [InlineData("seal = (SELECT seal FROM identity_account WHERE login = 'demo-system')")]
    public async Task By_an_account_edited_in_the_database_nobody_comes_in_or_acts_and_it_is_told(string edit)
    {
        var (id, client) = await Newcomer();
        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Edit(edit, id);
        var login = await Login(id);

        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.GetAsync(new Uri("/api/v1/units", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Refusal(await county.Visitor().PostAsJsonAsync(Session, new { login, password = Own }))).ShouldBe("IDN-080");
        (await county.Services.GetRequiredService<AccountSeals>().Broken(default)).ShouldBe([login]);
        using var security = await county.As(Roles.SecurityAdministrator);
        var workbench = await security.GetStringAsync(new Uri("/", UriKind.Relative));
        workbench.ShouldContain(login);
        workbench.ShouldContain("封签不符");
        (await security.GetStringAsync(new Uri($"{Accounts[7..]}?q={login}", UriKind.Relative))).ShouldContain("封签不符");
        await using (var state = await county.Services.GetRequiredService<StateStore>().Open())
        {
            Convert.ToInt64(await state.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = 'account.broken' AND subject = {id.ToString()}"), null).ShouldBe(1);
        }

        var emptied = await Json(await security.PostAsync(new Uri($"{Accounts}/{id}/disable", UriKind.Relative), null));
        (emptied.GetProperty("active").GetBoolean(), emptied.GetProperty("roles").GetArrayLength()).ShouldBe((false, 0));
        (await county.Services.GetRequiredService<AccountSeals>().Broken(default)).ShouldBeEmpty();
        (await Refusal(await county.Visitor().PostAsJsonAsync(Session, new { login, password = Own }))).ShouldBe("IDN-001");
    }

    [Fact]
    public async Task A_session_written_or_given_to_another_in_the_database_is_none()
    {
        var ((id, client), (_, stays)) = (await Newcomer(), await Newcomer());
        await using (var state = await county.Services.GetRequiredService<StateStore>().Open())
        {
            (await state.Execute(null, $"UPDATE identity_session SET factors = 2, account = (SELECT id FROM identity_account WHERE login = 'demo-security') WHERE account = {id.ToString()}")).ShouldBeGreaterThan(0);
            await state.Execute(null, $"INSERT INTO identity_session (id, account, opened_at, seen_at, address, factors) SELECT {Secret.Hash("made-up-token")}, id, {DateTimeOffset.UtcNow.ToStored()}, {DateTimeOffset.UtcNow.ToStored()}, '127.0.0.1', 2 FROM identity_account WHERE login = 'demo-security'");
        }

        (await client.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var thief = county.Visitor();
        thief.DefaultRequestHeaders.Add("Cookie", "lizhou=made-up-token");
        (await thief.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stays.GetAsync(Session)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var ledger = await county.Services.GetRequiredService<StateStore>().Open();
        Convert.ToInt64(await ledger.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry WHERE act = 'session.broken'"), null).ShouldBe(1);
    }

    [Fact]
    public async Task An_account_opened_again_in_the_database_stays_shut()
    {
        var (id, _) = await Newcomer();
        using var system = await county.As(Roles.SystemAdministrator);
        (await system.PostAsync(new Uri($"{Accounts}/{id}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await Edit("active = 1", id);
        (await Refusal(await county.Visitor().PostAsJsonAsync(Session, new { login = await Login(id), password = Own }))).ShouldBe("IDN-080");
        await Empty(id);
    }

    [Fact]
    public async Task No_act_of_a_keeper_seals_what_was_edited_and_the_check_of_the_city_tells_it()
    {
        var (id, _) = await Newcomer();
        var login = await Login(id);
        await Edit("roles = 'engineer,unit-administrator'", id);
        using var system = await county.As(Roles.SystemAdministrator);
        using var security = await county.As(Roles.SecurityAdministrator);
        (await Refusal(await system.PutAsJsonAsync($"{Accounts}/{id}", new { login, person = await county.Person("模拟改动"), roles = new[] { Roles.Steward } }))).ShouldBe("IDN-080");
        (await Refusal(await security.PutAsJsonAsync($"{Accounts}/{id}/label", new { level = 2 }))).ShouldBe("IDN-080");
        (await Refusal(await system.PostAsync(new Uri($"{Accounts}/{id}/reset", UriKind.Relative), null))).ShouldBe("IDN-080");
        (await Refusal(await system.PostAsync(new Uri($"{Accounts}/{id}/enable", UriKind.Relative), null))).ShouldBe("IDN-080");
        (await Refusal(await system.PostAsync(new Uri($"{Accounts}/{id}/disable", UriKind.Relative), null))).ShouldBe("IDN-080", "what it says of itself is not believed");

        (await Told()).ShouldContain($"account {login}");
        await Empty(id);
        (await Told()).ShouldNotContain($"account {login}");

        // And it can be given anew, as any account.
        var person = await county.Person("模拟重开");
        var given = await Json(await system.PutAsJsonAsync($"{Accounts}/{id}", new { login, person, roles = new[] { Roles.Steward } }));
        given.GetProperty("roles")[0].GetString().ShouldBe(Roles.Steward);
        (await system.PostAsync(new Uri($"{Accounts}/{id}/enable", UriKind.Relative), null)).EnsureSuccessStatusCode();

        async Task<IEnumerable<string?>> Told()
        {
            using var door = county.Door();
            return [.. (await Json(await door.PostAsync(new Uri("/api/v1/keeping/verify", UriKind.Relative), null))).GetProperty("damage").EnumerateArray().Select(d => d.GetProperty("where").GetString())];
        }
    }

    [Fact]
    public async Task Accounts_of_before_are_sealed_at_the_first_start_and_a_seal_taken_away_later_is_not_given_back()
    {
        await using var city = new SharedCounty();
        await ((IAsyncLifetime)city).InitializeAsync();
        using var engineer = await city.As(Roles.Engineer);
        var note = Path.Combine(city.Data, "keys", "identity-accounts.txt");
        await Unseal();
        File.Delete(note);
        await Restart();
        (await city.As(Roles.Engineer)).Dispose();

        await Unseal();
        await Restart();
        (await Should.ThrowAsync<HttpRequestException>(() => city.As(Roles.Engineer))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // Where all keys were lost, seals cannot be checked; the city is not lost with them.
        File.Delete(note);
        File.Delete(Path.Combine(city.Data, "keys", "accounts"));
        await Restart();
        (await city.As(Roles.Engineer)).Dispose();

        async Task Restart()
        {
            await city.Close();
            await city.Open();
        }

        async Task Unseal()
        {
            await using var state = await city.Services.GetRequiredService<StateStore>().Open();
            await state.Execute(null, $"UPDATE identity_account SET seal = NULL");
        }
    }

    private async Task<(Guid Id, HttpClient Client)> Newcomer()
    {
        var login = $"sealed-{Guid.NewGuid().ToString()[..8]}";
        var (id, first) = await county.Account(login, "模拟封签", Roles.Steward);
        using (var once = await county.SignedIn(login, first))
        {
            (await once.PostAsJsonAsync("/api/v1/password", new { old = first, @new = Own })).EnsureSuccessStatusCode();
        }

        return (id, await county.SignedIn(login, Own));
    }

    private async Task Empty(Guid id)
    {
        using var security = await county.As(Roles.SecurityAdministrator);
        (await security.PostAsync(new Uri($"{Accounts}/{id}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
    }

    private async Task<string> Login(Guid id)
    {
        await using var state = await county.Services.GetRequiredService<StateStore>().Open();
        return (string)(await state.Scalar(null, $"SELECT login FROM identity_account WHERE id = {id.ToString()}"))!;
    }

    /// <summary>As somebody with the database open would.</summary>
    private async Task Edit(string set, Guid id)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        await using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE identity_account SET {set} WHERE id = '{id:D}'";
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }
}
