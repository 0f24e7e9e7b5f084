// Many who write cases at once share a commit: each hears of its own alone, sees what came before it, and leaves the queue as it likes.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Tests;

public sealed class CaseWriterTests(CaseCity city) : CaseWriterPromises(city), IClassFixture<CaseCity>;

public sealed class CaseWriterTestsOnPostgreSql(PostgresCaseCity city) : CaseWriterPromises(city), IClassFixture<PostgresCaseCity>;

public abstract class CaseWriterPromises(CaseCity city)
{
    private CaseWriter Writer => city.Services.GetRequiredService<CaseWriter>();

    [Fact]
    public async Task Whoever_hangs_up_in_the_queue_has_asked_for_nothing_and_what_has_begun_is_done_to_its_end()
    {
        using var gone = new CancellationTokenSource();
        var (held, begun, ran) = (new TaskCompletionSource(), new TaskCompletionSource(), false);
        var first = Writer.Run<bool>(
            async (session, stop) =>
            {
                begun.TrySetResult();
                await held.Task;
                stop.IsCancellationRequested.ShouldBeFalse();
                session.Put($"INSERT INTO case_key (sender, key, number) VALUES ('first', 'x', 'x')");
                return true;
            },
            gone.Token);
        await begun.Task;
        var second = Writer.Run<bool>((_, _) => Task.FromResult<Result<bool>>(ran = true), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        held.SetResult();
        (await Writer.Run<bool>((_, _) => Task.FromResult<Result<bool>>(true), default)).Value.ShouldBeTrue();
        ran.ShouldBeFalse();
        (await city.Services.GetRequiredService<StateStore>().Read($"SELECT number FROM case_key WHERE sender = 'first'", r => r.GetString(0), default)).ShouldBe(["x"]);
    }

    [Fact]
    public async Task Of_those_committed_together_one_that_fails_or_is_overtaken_fails_alone()
    {
        var (one, other) = (await city.Report(), await city.Report());
        using var scope = city.Services.CreateScope();
        var (take, bureau) = (scope.ServiceProvider.GetRequiredService<TakeAct>(), new Actor(Guid.NewGuid(), "测试", null, new HashSet<string>([Roles.Engineer], StringComparer.Ordinal)));
        async Task<Result<CaseWhole>[]> Together(params Func<Task<Result<CaseWhole>>>[] work)
        {
            var (held, begun) = (new TaskCompletionSource(), new TaskCompletionSource());
            var before = Writer.Run<bool>(
                async (_, _) =>
                {
                    begun.TrySetResult();
                    await held.Task;
                    return true;
                },
                default);
            await begun.Task;
            var all = work.Select(w => w()).ToList();
            await Wait.Until(() => Writer.Waiting == all.Count);
            held.SetResult();
            await before;
            return await Task.WhenAll(all);
        }

        TakeAct.Ask Accept(long? revision = null) => new("accept", new Dictionary<string, string> { ["class"] = "0102" }, revision);
        var broken = Together(
            () => take.Run(one, Accept(), bureau, default),
            () => Writer.Run<CaseWhole>(async (session, stop) => (await session.Db.Whole("none", stop)) ?? throw new InvalidDataException(), default),
            () => take.Run(one, new("file"), bureau, default));
        await Should.ThrowAsync<InvalidDataException>(() => broken);
        CaseCity.State(await city.Detail(one)).ShouldBe("dispatching", "each saw what the one before had done");

        // Somebody on another node is faster at one of two: the row is no longer as it was read.
        var ways = await Together(
            () => Writer.Run<CaseWhole>(
                async (session, stop) =>
                {
                    var seen = (await session.Whole(other, stop))!;
                    session.Keep("overtaken", "x", other);
                    var decided = Decide.Take(seen with { File = seen.File with { Revision = seen.File.Revision + 7 } }, new("accept", Accept().Fields!), null, bureau, await city.Services.GetRequiredService<DeskBook>().Now(stop), DateTimeOffset.UtcNow);
                    return await session.Write(seen with { File = seen.File with { Revision = seen.File.Revision + 7 } }, decided.Value.After, decided.Value.Events, bureau, new("case.act", other, "done"), stop) is { } late ? late : decided.Value.After;
                },
                default,
                other),
            () => take.Run(one, new("dispatch", new Dictionary<string, string> { ["unit"] = CaseCity.Cleaning.ToString() }), bureau, default));
        ways[0].Problem?.Code.ShouldBe("CAS-007");
        ways[1].Value.File.State.ShouldBe("handling");
        (await city.Detail(other)).GetProperty("events").GetArrayLength().ShouldBe(1);
        (await city.Services.GetRequiredService<StateStore>().Read($"SELECT number FROM case_key WHERE sender = 'overtaken'", r => r.GetString(0), default)).ShouldBeEmpty();
    }
}
