// The engine's sessions: what they may not touch, how they are admitted, interrupted and healed.
using DuckDB.NET.Data;

namespace Lizhou.Lake.Tests.EngineSessions;

public sealed class EngineTests : IDisposable
{
    private readonly TempLake lake = new();

    public void Dispose() => lake.Dispose();

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/hostname'")]
    [InlineData("COPY (SELECT 1) TO '../lizhou-outside.csv'")]
    [InlineData("ATTACH '../lizhou-outside.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET allowed_directories = ['/']")]
    [InlineData("SET memory_limit = '900GB'")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("RESET memory_limit")]
    public async Task A_session_reaches_nothing_outside_the_lake_and_changes_no_setting(string sql)
    {
        using var engine = lake.Engine();
        await Should.ThrowAsync<DuckDBException>(() => engine.Read(s => s.Execute(sql)));
        (await engine.Read(s => s.Scalar("SELECT 42"))).ShouldBe(42);
    }

    [Fact]
    public async Task A_session_writes_and_reads_in_the_lakes_own_folders()
    {
        using var engine = lake.Engine();
        var file = SqlText.Literal(lake.Path("data", "a'b.parquet"));
        await engine.Write(s => s.Execute($"COPY (SELECT range AS n FROM range(10)) TO {file}"));
        (await engine.Read(s => s.Scalar($"SELECT sum(n)::BIGINT FROM {file}"))).ShouldBe(45L);
    }

    [Fact]
    public async Task What_was_read_of_a_file_does_not_stay_in_the_engine()
    {
        using var engine = lake.Engine();
        var file = SqlText.Literal(lake.Path("data", "read.parquet"));
        await engine.Write(s => s.Execute($"COPY (SELECT hash(range) AS n FROM range(1_000_000)) TO {file}"));
        (await engine.Read(s => s.Scalar($"SELECT count(DISTINCT n % 7) FROM {file}"))).ShouldBe(7L);
        (await engine.Read(s => s.Scalar("SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory() WHERE tag = 'EXTERNAL_FILE_CACHE'"))).ShouldBe(0L);
    }

    [Fact]
    public async Task Values_are_parameters()
    {
        using var engine = lake.Engine();
        (await engine.Read(s => s.Scalar("SELECT $1 || $2", "a'", "丽州"))).ShouldBe("a'丽州");
        (await engine.Read(s => s.Rows("SELECT x FROM range($1) t(x)", r => r.GetInt64(0), 3))).ShouldBe([0L, 1L, 2L]);
    }

    [Fact]
    public async Task No_more_readers_than_admitted_run_at_once_and_a_waiting_one_can_leave()
    {
        using var engine = lake.Engine(o => o with { Readers = 2 });
        using var gate = new ManualResetEventSlim();
        using var leave = new CancellationTokenSource();
        var running = 0;
        var most = 0;
        var work = Enumerable.Range(0, 6).Select(_ => engine.Read(s =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            gate.Wait(TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref running);
            return 0;
        })).ToList();
        var waiting = engine.Read(_ => 0, leave.Token);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        (await engine.Write(s => s.Scalar("SELECT 1"))).ShouldBe(1); // a writer is not held up by readers
        gate.Set();
        await Task.WhenAll(work);
        most.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_cancelled_statement_stops_and_the_session_lives_on()
    {
        using var engine = lake.Engine(o => o with { Readers = 1 });
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Should.ThrowAsync<OperationCanceledException>(() => engine.Read(
            s => s.Scalar("SELECT count(*) FROM range(100000000000) a(x) WHERE hash(x) = 1"), soon.Token));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await engine.Read(s => s.Scalar("SELECT 7"))).ShouldBe(7);
    }

    [Fact]
    public async Task A_streamed_result_can_be_left_in_the_middle()
    {
        using var engine = lake.Engine(o => o with { Readers = 1 });
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => engine.Read(
            s =>
            {
                var seen = 0;
                s.Stream("SELECT range FROM range(10000000)", _ =>
                {
                    if (++seen == 10)
                    {
                        stop.Cancel();
                    }
                });
                return seen;
            },
            stop.Token));
        (await engine.Read(s => s.Scalar("SELECT 7"))).ShouldBe(7);
    }

    /// <summary>File logging to a folder it may not write is the known way to invalidate an instance; closing that one would abort the process.</summary>
    [Fact]
    public async Task A_fatal_error_reopens_the_engine_by_itself()
    {
        using var engine = lake.Engine();
        await Invalidate(engine);
        (await engine.Read(s => s.Scalar("SELECT lz_uscc_ok('113307843077566033')"))).ShouldBe(true);
        engine.Reopened.ShouldBe(1);
        await Invalidate(engine);
        (await engine.Write(s => s.Scalar("SELECT 43"))).ShouldBe(43);
        await Should.ThrowAsync<DuckDBException>(() => engine.Read(s => s.Execute("SELECT * FROM read_csv('/etc/passwd')")));
    }

    [Fact]
    public async Task Work_in_flight_when_the_engine_dies_is_done_on_the_reopened_one()
    {
        using var engine = lake.Engine();
        var attempts = 0;
        var answer = await engine.Read(s =>
        {
            if (++attempts == 1)
            {
                engine.Read(Poison).GetAwaiter().GetResult();
            }

            return s.Scalar("SELECT 5");
        });
        answer.ShouldBe(5);
        attempts.ShouldBe(2);
    }

    private static async Task Invalidate(Engine engine) => await engine.Read(Poison);

    private static int Poison(Session session)
    {
        Should.Throw<DuckDBException>(() =>
        {
            session.Execute("CALL enable_logging(storage = 'file', storage_path = '/proc/lizhou-nowhere')");
            session.Execute("SELECT 1");
        });
        return 0;
    }
}
