// The doors of models, runs and lineage. For the bureau's engineers alone.
using System.Security.Claims;
using Lizhou.Computing.Lineage;
using Lizhou.Computing.Models;
using Lizhou.Computing.Runs;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Lizhou.Computing;

internal static class ModelRoutes
{
    /// <param name="Text">The file as it is: head and statement.</param>
    internal sealed record Upload(string Text) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Text))
            {
                yield return new("text", new("不能为空", "must not be empty"));
            }
        }
    }

    internal sealed record TestAnswer(string Model, IReadOnlyList<TestLine> Tests);

    /// <param name="Faults">Rows at fault; where their number is not told, 1 stands for at least one.</param>
    /// <param name="Shown">The same as it is shown: <c>0</c>, <c>3</c>, <c>≥ 1</c>.</param>
    internal sealed record TestLine(string Test, long Faults, string Shown);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/api/v1/models").RequireAuthorization(p => p.RequireRole(Roles.Engineer)).WithChecks().WithTags("models");
        models.MapGet("/", List);
        models.MapPost("/", Save);
        models.MapPost("/check", Check);
        models.MapGet("/{name}", Show);
        models.MapPost("/{name}/test", Test);
        models.MapGet("/{name}/row", Row);
        var runs = routes.MapGroup("/api/v1/model-runs").RequireAuthorization(p => p.RequireRole(Roles.Engineer)).WithChecks().WithTags("models");
        runs.MapPost("/", Start);
        runs.MapGet("/{number}", ShowRun);
        runs.MapGet("/{number}/openlineage", Events);
        runs.MapPost("/{number}/undo", Undo);
        var lineage = routes.MapGroup("/api/v1/lineage").RequireAuthorization(p => p.RequireRole(Roles.Engineer)).WithChecks().WithTags("lineage");
        lineage.MapGet("/", Lineage);
        lineage.MapPost("/events", TakeEvent.Handle);
    }

    private static async Task<Ok<IReadOnlyList<ModelLine>>> List(ListModels list, CancellationToken stop) => TypedResults.Ok(await list.Run(stop));

    private static async Task<Results<Ok<ModelView>, ProblemHttpResult>> Save(Upload sent, SaveModel save, ClaimsPrincipal who, CancellationToken stop)
    {
        var saved = await save.Upload(sent.Text, Actor.From(who)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Ok(ModelView.Of(saved.Value));
    }

    private static async Task<Results<Ok<IReadOnlyList<ModelColumn>>, ProblemHttpResult>> Check(Upload sent, CheckModel check, CancellationToken stop)
    {
        var looked = await check.Run(sent.Text, stop);
        return looked.Refused ? looked.Problem!.ToHttp() : TypedResults.Ok(looked.Value.Found.Columns);
    }

    private static async Task<Results<Ok<ModelView>, ProblemHttpResult>> Show(string name, ModelShelf shelf, CancellationToken stop) =>
        await shelf.Find(name, stop) is { } model ? TypedResults.Ok(ModelView.Of(model)) : Problems.NoModel.With(name).ToHttp();

    private static async Task<Results<Ok<TestAnswer>, ProblemHttpResult>> Test(string name, TestModel test, ClaimsPrincipal who, CancellationToken stop)
    {
        var tested = await test.Run(name, Actor.From(who)!, stop);
        return tested.Refused ? tested.Problem!.ToHttp() : TypedResults.Ok(new TestAnswer(name, [.. tested.Value.Select(t => new TestLine(RunWords.Of(t.Check).ToString(), t.Faults, RunWords.Faults(t)))]));
    }

    private static async Task<Results<Ok<Traced>, ProblemHttpResult>> Row(string name, HttpRequest asked, TraceRow trace, ClaimsPrincipal who, CancellationToken stop)
    {
        var traced = await trace.Run(name, asked.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal), Actor.From(who)!, stop);
        return traced.Refused ? traced.Problem!.ToHttp() : TypedResults.Ok(traced.Value);
    }

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Start(RunAsk ask, StartRun start, RunShelf shelf, ClaimsPrincipal who, CancellationToken stop)
    {
        var run = await start.Run(ask, RunCause.Hand, Actor.From(who)!, stop);
        return run.Refused ? run.Problem!.ToHttp() : TypedResults.Ok(RunView.Of(run.Value, await shelf.Steps(run.Value.Id, stop)));
    }

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> ShowRun(string number, RunShelf shelf, CancellationToken stop) =>
        await shelf.Find(number, stop) is { } run ? TypedResults.Ok(RunView.Of(run, await shelf.Steps(run.Id, stop))) : Problems.NoRun.With(number).ToHttp();

    private static async Task<Results<Ok<IReadOnlyList<System.Text.Json.Nodes.JsonObject>>, ProblemHttpResult>> Events(string number, TellEvents tell, CancellationToken stop)
    {
        var events = await tell.Run(number, stop);
        return events.Refused ? events.Problem!.ToHttp() : TypedResults.Ok(events.Value);
    }

    private static async Task<Results<Ok<RunView>, ProblemHttpResult>> Undo(string number, UndoRun.Request ask, UndoRun undo, RunShelf shelf, ClaimsPrincipal who, CancellationToken stop)
    {
        var undone = await undo.Run(number, ask, Actor.From(who)!, stop);
        return undone.Refused ? undone.Problem!.ToHttp() : TypedResults.Ok(RunView.Of(undone.Value, await shelf.Steps(undone.Value.Id, stop)));
    }

    private static async Task<Results<Ok<Impact>, ProblemHttpResult>> Lineage(string set, string? column, bool? back, ShowImpact show, CancellationToken stop)
    {
        var impact = await show.Run(set, column, back != true, stop);
        return impact.Refused ? impact.Problem!.ToHttp() : TypedResults.Ok(impact.Value);
    }
}
