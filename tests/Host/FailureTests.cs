// What nobody meant to ask, and what nobody meant to happen.
using System.Net;
using Lizhou.Kernel;

namespace Lizhou.Host.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task The_first_and_last_days_of_the_calendar_are_days_like_others()
    {
        await using var city = await WholeCity.Open();
        using var engineer = await city.As(Roles.Engineer);
        foreach (var (from, to) in new[] { ("0001-01-01", "9999-12-31"), ("9999-12-31", "0001-01-01"), ("9999-12-31", "9999-12-31") })
        {
            foreach (var path in new[] { "/api/v1/ledger/entries", "/api/v1/ledger/export", "/api/v1/batches", "/api/v1/collection/board", "/ledger", "/batches", "/collection/board" })
            {
                (await engineer.GetAsync(new Uri($"{path}?from={from}&to={to}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK, $"{path} {from} {to}");
            }
        }
    }

    [Fact]
    public async Task A_page_far_behind_the_last_is_an_empty_page()
    {
        await using var city = await WholeCity.Open();
        using var engineer = await city.As(Roles.Engineer);
        foreach (var list in new[] { "batches", "catalog", "units", "systems", "ledger", "deliveries", "api/v1/batches", "api/v1/ledger/entries" })
        {
            foreach (var size in new[] { "", "&size=100", "&size=-1", "&size=2147483647" })
            {
                (await engineer.GetAsync(new Uri($"/{list}?page=2147483647{size}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK, $"{list} {size}");
            }
        }
    }

    [Fact]
    public async Task What_cannot_be_read_of_a_request_is_named_with_what_belongs_there_and_no_type()
    {
        await using var city = await WholeCity.Open();
        using var engineer = await city.As(Roles.Engineer);
        foreach (var (body, field, told) in new[]
        {
            ("""{"name":"模拟局","code":"x","kind":"Village"}""", "kind", "must be one of Department"), ("""{"name":5}""", "name", "must be a text"), ("""{"parent":"x"}""", "parent", "must be an id"),
            ("""{"name":x}""", "name", "is no valid JSON"), ("[]", "", "must be an object"),
        })
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await engineer.PostAsync(new Uri("/api/v1/units?lang=en", UriKind.Relative), content);
            var said = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
            said.ShouldContain(told);
            said.ShouldContain($"\"field\":\"{field}\"");
            said.ShouldNotContain("Lizhou.");
            said.ShouldNotContain("System.");
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse("the language of one call is not that of the next");
        }

        var filter = await engineer.GetAsync(new Uri("/api/v1/units?kind=Village", UriKind.Relative));
        filter.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await filter.Content.ReadAsStringAsync()).ShouldContain("\"field\":\"kind\"");
    }

    [Fact]
    public async Task A_program_is_told_of_a_failure_as_a_problem_with_a_tracking_id()
    {
        await using var city = await WholeCity.Open();
        await city.Damage("ALTER TABLE ledger_batch RENAME TO gone");
        using var auditor = await city.As(Roles.AuditAdministrator);
        using var failed = await auditor.GetAsync(new Uri("/api/v1/ledger/state", UriKind.Relative));
        failed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        failed.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var told = await failed.Content.ReadAsStringAsync();
        told.ShouldContain("trackingId");
        told.ShouldNotContain("ledger_batch");
        using var page = await auditor.GetAsync(new Uri("/ledger", UriKind.Relative));
        (page.StatusCode, page.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.InternalServerError, "text/html"));
    }

    [Theory]
    [InlineData("en-GB,en;q=0.9,zh;q=0.1", "en"), InlineData("zh-CN,en;q=0.5", "zh"), InlineData("fr", "zh"), InlineData(null, "zh")]
    public async Task A_program_is_refused_in_the_language_it_prefers(string? prefers, string told)
    {
        await using var city = await Lizhou.Tests.County.Start();
        using var program = city.Visitor();
        program.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", prefers);
        foreach (var token in new[] { null, "Bearer none" })
        {
            program.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token);
            var said = await (await program.GetAsync(new Uri("/api/v1/units", UriKind.Relative))).Content.ReadAsStringAsync();
            said.ShouldContain("\"code\":");
            said.Any(c => c is >= '\u4e00' and <= '\u9fff').ShouldBe(told == "zh", said);
        }
    }
}
