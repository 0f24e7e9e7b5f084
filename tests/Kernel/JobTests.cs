using System.Collections.Concurrent;
using Lizhou.Kernel;
using Lizhou.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Lizhou.Tests.Support;

namespace Lizhou.Kernel.Tests;

public sealed class JobTests
{
    private static readonly Problem Refusal = new("TST-001", 422, new("不行", "It cannot be"), new("改一改", "Change it"));

    internal sealed record Count(string Name, int FailFirst = 0, bool Refuse = false);

    internal sealed class Counter(Tally tally) : IJob<Count>
    {
        public async Task Run(Count body, JobRun run, CancellationToken stop)
        {
            var attempt = tally.Ran.AddOrUpdate(body.Name, 1, (_, n) => n + 1);
            await run.Show(attempt, 3, "counting");
            if (body.Refuse)
            {
                throw new ProblemException(Refusal);
            }

            if (attempt <= body.FailFirst)
            {
                throw new InvalidOperationException("the disk hiccupped");
            }
        }
    }

    internal sealed class Tally
    {
        public ConcurrentDictionary<string, int> Ran { get; } = new();
    }

    [Fact]
    public async Task A_job_runs_once_and_shows_how_far_it_is()
    {
        await using var kernel = await Start();
        var id = await kernel.Jobs.Add(new Count("once"));
        await End(kernel, id, JobState.Done);
        var seen = (await kernel.Jobs.Find(id))!;
        (seen.Done, seen.Total, seen.Attempts).ShouldBe((1, 3, 1));
    }

    [Fact]
    public async Task A_job_that_failed_is_repeated_until_it_succeeds()
    {
        await using var kernel = await Start();
        var id = await kernel.Jobs.Add(new Count("flaky", FailFirst: 1));
        await End(kernel, id, JobState.Done);
        (await kernel.Jobs.Find(id))!.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_that_was_refused_is_parked_with_the_reason_and_not_repeated()
    {
        await using var kernel = await Start();
        var id = await kernel.Jobs.Add(new Count("refused", Refuse: true));
        await End(kernel, id, JobState.Parked);
        var seen = (await kernel.Jobs.Find(id))!;
        seen.Attempts.ShouldBe(1);
        seen.Note!.ShouldContain("TST-001");
    }

    [Fact]
    public async Task A_job_is_forgotten_a_month_after_it_ended_and_one_that_failed_after_half_a_year()
    {
        await using var kernel = await Start();
        var done = await kernel.Jobs.Add(new Count("done"));
        var refused = await kernel.Jobs.Add(new Count("refused", Refuse: true));
        var cancelled = await kernel.Jobs.Add(new Count("cancelled"), due: DateTimeOffset.UtcNow.AddDays(1));
        var waits = await kernel.Jobs.Add(new Count("waits"), due: DateTimeOffset.UtcNow.AddYears(1));
        await kernel.Jobs.Cancel(cancelled);
        await End(kernel, done, JobState.Done);
        await End(kernel, refused, JobState.Parked);

        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var forget = new ForgetJobs(kernel.State, new JobKeeping(), clock);
        clock.Advance(TimeSpan.FromDays(29));
        (await forget.Look(default)).ShouldBe(0);
        clock.Advance(TimeSpan.FromDays(2));
        (await forget.Look(default)).ShouldBe(2);
        (await kernel.Jobs.Find(done)).ShouldBeNull();
        (await kernel.Jobs.Find(refused))!.Note!.ShouldContain("TST-001");
        clock.Advance(TimeSpan.FromDays(150));
        (await forget.Look(default)).ShouldBe(1);
        (await kernel.Jobs.Find(refused)).ShouldBeNull();
        (await kernel.Jobs.Find(waits))!.State.ShouldBe(JobState.Waiting);
    }

    [Fact]
    public async Task Two_jobs_of_one_key_are_one_job_while_it_waits()
    {
        await using var kernel = await Start();
        var later = DateTimeOffset.UtcNow.AddHours(1);
        var first = await kernel.Jobs.Add(new Count("a"), key: "source-1", due: later);
        var second = await kernel.Jobs.Add(new Count("b"), key: "source-1", due: later);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task A_job_whose_worker_died_is_taken_up_when_its_lease_ends()
    {
        await using var kernel = await Start();
        var id = await kernel.Jobs.Add(new Count("orphan"), due: DateTimeOffset.UtcNow.AddHours(1));
        await using (var connection = await kernel.State.Open())
        {
            // What a killed host leaves behind: running, with a lease in the past.
            await connection.Execute(
                null, $"UPDATE job SET state = 'Running', attempts = 1, lease_until = {DateTimeOffset.UtcNow.AddMinutes(-1).ToStored()} WHERE id = {id.ToString()}");
        }

        await End(kernel, id, JobState.Done);
        (await kernel.Jobs.Find(id))!.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_of_a_dead_host_on_the_same_folder_is_taken_up_at_once_and_that_of_a_living_one_is_left_alone()
    {
        await using var kernel = await Start();
        var here = Path.Combine(kernel.Folder, "hosts");
        var dead = await Held(kernel, "dead", Path.GetFileName(Mark(here, "dead")));
        using var mark = new FileStream(Mark(here, "living"), FileMode.Open, FileAccess.Write, FileShare.None);
        var living = await Held(kernel, "living", Path.GetFileName(mark.Name));
        var elsewhere = await Held(kernel, "elsewhere", "another-machine_1");
        var absent = await Held(kernel, "absent", $"{Environment.MachineName}_absent");

        await End(kernel, dead, JobState.Done);
        await End(kernel, await kernel.Jobs.Add(new Count("after")), JobState.Done);
        foreach (var id in new[] { living, elsewhere, absent })
        {
            (await kernel.Jobs.Find(id))!.Attempts.ShouldBe(1);
        }

        static string Mark(string folder, string name)
        {
            var path = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Environment.MachineName}_{name}");
            File.WriteAllText(path, "");
            return path;
        }
    }

    /// <summary>A job another host runs, with most of its lease to come.</summary>
    private static async Task<Guid> Held(TemporaryState kernel, string name, string holder)
    {
        var id = await kernel.Jobs.Add(new Count(name), due: DateTimeOffset.UtcNow.AddHours(1));
        await using var connection = await kernel.State.Open();
        await connection.Execute(
            null,
            $"UPDATE job SET state = 'Running', attempts = 1, holder = {holder}, lease_until = {DateTimeOffset.UtcNow.AddMinutes(1).ToStored()} WHERE id = {id.ToString()}");
        return id;
    }

    [Fact]
    public async Task A_cancelled_job_that_waits_never_starts()
    {
        await using var kernel = await Start();
        var id = await kernel.Jobs.Add(new Count("never"), due: DateTimeOffset.UtcNow.AddMilliseconds(900));
        await kernel.Jobs.Cancel(id);
        var probe = await kernel.Jobs.Add(new Count("after"), due: DateTimeOffset.UtcNow.AddMilliseconds(1200));
        await End(kernel, probe, JobState.Done);
        (await kernel.Jobs.Find(id))!.Attempts.ShouldBe(0);
    }

    private static Task<TemporaryState> Start() =>
        TemporaryState.Start((services, _) => services.AddSingleton<Tally>().AddJob<Count, Counter>());

    private static Task End(TemporaryState kernel, Guid id, JobState end) =>
        Wait.Until(async () => (await kernel.Jobs.Find(id))!.State == end);
}
