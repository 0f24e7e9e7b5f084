using System.Net;
using System.Net.Http.Json;
using Lizhou.Kernel;
using Lizhou.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Tests.County;

namespace Lizhou.Identity.Tests;

/// <summary>三员分立: four wrong pairs, on each of the four ways in. All sixteen are refused.</summary>
public sealed class ThreeAdministratorsTests(SharedCounty county) : IClassFixture<SharedCounty>
{
    public static TheoryData<string, string> Pairs() => new()
    {
        { Roles.SystemAdministrator, Roles.SecurityAdministrator }, { Roles.SystemAdministrator, Roles.AuditAdministrator },
        { Roles.SecurityAdministrator, Roles.AuditAdministrator }, { Roles.AuditAdministrator, Roles.Steward },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Form_refuses(string one, string two)
    {
        using var keeper = await county.As(Roles.SecurityAdministrator);
        var page = await keeper.GetStringAsync(new Uri("/accounts/new", UriKind.Relative));
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var login = $"form-{one[..3]}-{two[..3]}";
        using var form = new FormUrlEncodedContent([new("_handler", "account"), new("__RequestVerificationToken", token), new("Login", login), new("Name", "兼任"), new("Chosen", one), new("Chosen", two)]);
        (await (await keeper.PostAsync(new Uri("/accounts/new", UriKind.Relative), form)).Content.ReadAsStringAsync()).ShouldContain("IDN-004");
        await Nobody(login);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Call_refuses_a_new_account_and_a_change(string one, string two)
    {
        using var keeper = await county.As(Roles.SecurityAdministrator);
        var login = $"call-{one[..3]}-{two[..3]}";
        var unit = Guid.NewGuid();
        (await Refusal(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, name = "兼任", unit, roles = new[] { one, two } }))).ShouldBe("IDN-004");
        await Nobody(login);
        var made = await Json(await keeper.PostAsJsonAsync("/api/v1/accounts", new { login, name = "单任", roles = new[] { Roles.AuditAdministrator } }));
        var id = made.GetProperty("account").GetProperty("id").GetGuid();
        (await Refusal(await keeper.PutAsJsonAsync($"/api/v1/accounts/{id}", new { login, name = "单任", unit, roles = new[] { one, two } }))).ShouldBe("IDN-004");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Seed_past_the_program_is_refused_by_the_database(string one, string two)
    {
        await using var scope = county.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        db.Accounts.Add(Account.New($"seed-{one[..3]}-{two[..3]}", "兼任", null, [one, two], "-", DateTimeOffset.UtcNow));
        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync())).InnerException!.Message.ShouldContain("IDN-004");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Change_past_the_program_is_refused_by_the_database(string one, string two)
    {
        await using var connection = await county.Services.GetRequiredService<StateStore>().Open();
        var both = $"{one},{two}";
        (await Should.ThrowAsync<System.Data.Common.DbException>(() => connection.Execute(null, $"UPDATE identity_account SET roles = {both} WHERE login = 'demo-audit'"))).Message.ShouldContain("IDN-004");
    }

    [Theory]
    [InlineData(Roles.SystemAdministrator)]
    [InlineData(Roles.SecurityAdministrator)]
    [InlineData(Roles.AuditAdministrator)]
    public async Task Administrator_reads_no_business_data(string role)
    {
        using var administrator = await county.As(role);
        foreach (var path in new[] { "/api/v1/batches", "/api/v1/sources", "/sources", "/batches" })
        {
            var answer = await administrator.GetAsync(new Uri(path, UriKind.Relative));
            answer.StatusCode.ShouldNotBe(HttpStatusCode.OK, path);
        }
    }

    private async Task Nobody(string login)
    {
        await using var scope = county.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<IdentityDb>().Accounts.AnyAsync(a => a.Login == login)).ShouldBeFalse();
    }
}
