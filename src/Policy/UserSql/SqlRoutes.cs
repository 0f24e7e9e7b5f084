// The engineer's console as an API: run, history, pages of a result, its file, cancel.
using System.Security.Claims;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Policy.UserSql;

internal static class SqlRoutes
{
    /// <param name="AsOf">All tables as they were then: a moment or the number of a snapshot; null: now.</param>
    internal sealed record Request(string Sql, string Purpose, int? Seconds, string? AsOf = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Sql))
            {
                yield return new("sql", new("不能为空", "is empty"));
            }

            if (string.IsNullOrWhiteSpace(Purpose) || Purpose.Length > 200)
            {
                yield return new("purpose", new("须写明用途，不超过 200 字", "says what for, in at most 200 characters"));
            }

            if (AsOf is { Length: > 40 })
            {
                yield return new("asOf", new("不超过 40 字", "has at most 40 characters"));
            }
        }
    }

    internal sealed record Answer(Guid Id, string State, IReadOnlyList<SqlColumn> Columns, long Total, bool Cut, long Milliseconds, IReadOnlyList<IReadOnlyList<string?>> Rows);

    internal sealed record Line(Guid Id, string Sql, string Purpose, string State, string? Message, long Rows, long Milliseconds, DateTimeOffset At);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var sql = routes.MapGroup("/api/v1/sql").RequireAuthorization(p => p.RequireRole(Roles.Engineer)).WithChecks().WithTags("sql");
        sql.MapPost("/", Run);
        sql.MapGet("/", History);
        sql.MapGet("/{id:guid}", Rows);
        sql.MapGet("/{id:guid}/file", Download);
        sql.MapPost("/{id:guid}/cancel", Cancel);
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Run(Request ask, SqlDesk desk, ReadResult results, ClaimsPrincipal who, CancellationToken stop)
    {
        var actor = Actor.From(who)!;
        var done = await desk.Run(new(ask.Sql, ask.Purpose, ask.Seconds ?? 10, ask.AsOf), actor, stop);
        return done.Refused ? done.Problem!.ToHttp() : await Show(done.Value.Id, new(1, 100), results, actor, stop);
    }

    private static Task<Results<Ok<Answer>, ProblemHttpResult>> Rows(Guid id, int? page, int? size, ReadResult results, ClaimsPrincipal who, CancellationToken stop) =>
        Show(id, new(page, size), results, Actor.From(who)!, stop);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Show(Guid id, PageAsk page, ReadResult results, Actor actor, CancellationToken stop)
    {
        var shown = await results.Page(id, page, actor, stop);
        return shown.Refused
            ? shown.Problem!.ToHttp()
            : TypedResults.Ok(new Answer(id, shown.Value.Query.State, shown.Value.Query.Columns, shown.Value.Rows.Total, shown.Value.Query.Cut, shown.Value.Query.Ms, shown.Value.Rows.Items));
    }

    private static async Task<Ok<List<Line>>> History(int? page, QueryLog log, ClaimsPrincipal who, CancellationToken stop) =>
        TypedResults.Ok((await log.Of(Actor.From(who)!, (Math.Max(1, page ?? 1) - 1) * 50, 50, stop))
            .Select(q => new Line(q.Id, q.Sql, q.Purpose, q.State, q.Message, q.Rows, q.Ms, q.At)).ToList());

    private static async Task<IResult> Download(Guid id, string? format, ReadResult results, ClaimsPrincipal who, HttpContext http, CancellationToken stop)
    {
        if (Format(format) is not { } wished)
        {
            return Problems.NoFormat.With(format, string.Join(", ", Enum.GetNames<RowFormat>().Select(n => n.ToLowerInvariant()))).ToHttp();
        }

        http.Response.ContentType = "application/octet-stream";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"query-{id:N}.{wished.ToString().ToLowerInvariant()}\"";
        var file = await results.Write(id, wished, http.Response.Body, Actor.From(who)!, stop);
        if (!file.Refused)
        {
            return Results.Empty;
        }

        http.Response.Headers.ContentDisposition = default;
        return file.Problem!.ToHttp();
    }

    /// <summary>The format of a name in whatever case, as the data API takes it; CSV when none is named, null for one there is not.</summary>
    internal static RowFormat? Format(string? named) =>
        string.IsNullOrEmpty(named) ? RowFormat.Csv
        : Enum.GetNames<RowFormat>().FirstOrDefault(n => n.Equals(named, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<RowFormat>(name)
        : null;

    private static Results<NoContent, ProblemHttpResult> Cancel(Guid id, SqlRunning running, ClaimsPrincipal who) =>
        running.Cancel(id, Actor.From(who)!) ? TypedResults.NoContent() : Problems.NoResult.ToHttp();
}
