// In: a user's SELECT from a page. Out: its refusal, or its id as soon as it has ended or a moment has passed; it then runs on, and the page looks again.
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lizhou.Policy.UserSql;

internal sealed class StartQuery(IServiceScopeFactory scopes, IHostApplicationLifetime host, ILogger<StartQuery> log, TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    public async Task<Result<Guid>> Run(SqlAsk ask, Actor actor)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var work = Work(id, ask, actor);
        try
        {
            var done = await work.WaitAsync(Moment, host.ApplicationStopping);
            return done.Refused ? done.Problem! : id;
        }
        catch (TimeoutException)
        {
            return id;
        }
    }

    /// <summary>Its own scope and its own end: who has asked may be gone long before.</summary>
    private async Task<Result<QueryRow>> Work(Guid id, SqlAsk ask, Actor actor)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<SqlDesk>().Run(ask, actor, host.ApplicationStopping, id);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogError(failure, "The query {Query} failed.", id);
            throw;
        }
    }
}
