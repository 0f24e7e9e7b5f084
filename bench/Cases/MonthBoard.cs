// In: a city with many cases over five years, of which the last weeks have their events. Out: how long the assessment of one month takes by unit, area, post and kind, and the memory it takes.
using System.Diagnostics;
using System.Globalization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Assessing;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Bench;

internal sealed class MonthBoard(IServiceProvider house, Actor engineer)
{
    private const int AtOnce = 5_000;
    private const string First = "2025-10-20";
    private static readonly Guid[] Units = [.. Enumerable.Range(1, 50).Select(i => Guid.Parse($"01930000-0000-7000-8000-0000000000{i:x2}"))];
    private readonly StateStore state = house.GetRequiredService<StateStore>();

    /// <summary>Needs the long list to be filled.</summary>
    public async Task Run()
    {
        Console.WriteLine($"{await Fill():N0} events of the cases since {First}");
        foreach (var by in Enum.GetValues<AssessBy>())
        {
            var filter = new AssessFilter(new(2025, 11, 1), new(2025, 11, 30), By: by);
            for (var round = 0; round < 2; round++)
            {
                GC.Collect();
                var (begun, cpu, bytes) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());
                await using var scope = house.CreateAsyncScope();
                var told = (await scope.ServiceProvider.GetRequiredService<AssessCases>().Run(filter, engineer, default)).Value;
                var (took, used, made) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds, GC.GetTotalAllocatedBytes() - bytes);
                GC.Collect();
                if (round > 0)
                {
                    Console.WriteLine($"board of November 2025 by {by,-6} {told.All.Cases:N0} cases, {told.Subjects.Count} subjects: {took:N1} s, {used:N1} CPU s; {made / 1e6:N0} MB made on the way, process {Process.GetCurrentProcess().WorkingSet64 / 1e6:N0} MB");
                }
            }
        }
    }

    private async Task<long> Fill()
    {
        var desk = (await house.GetRequiredService<DeskBook>().Now(default)) with { Units = Units.ToDictionary(u => u, u => new UnitCard(u, "", "测试", null, true)) };
        await using var connection = await state.Open();
        await connection.Execute(null, $"UPDATE case_file SET day = substr(number, 3, 4) || '-' || substr(number, 7, 2) || '-' || substr(number, 9, 2), ended = 1, state = 'closed', unit = NULL, due_at = NULL, warn_at = NULL");
        await connection.Execute(null, $"UPDATE case_file SET last_at = day || 'T09:00:00.0000000Z'");
        var cases = await state.Read($"SELECT id, number, day, place, class FROM case_file WHERE day >= {First} ORDER BY number", r => (Id: Guid.Parse(r.GetString(0)), Number: r.GetString(1), Day: r.GetString(2), Place: r.GetString(3), Class: r.GetString(4)), default);
        var events = 0L;
        for (var from = 0; from < cases.Count; from += AtOnce)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var (one, i) in cases.Skip(from).Take(AtOnce).Select((c, i) => (c, from + i)))
            {
                var at = DateOnly.ParseExact(one.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture).Midnight().AddHours(8).AddSeconds(i % 20_000);
                var (whole, told) = Lived(one.Id, new(one.Number, one.Place, i % 3 == 0 ? CaseSource.Hotline : CaseSource.Patrol, "路边有一堆垃圾", "", null, null, false), one.Class, Units[i % Units.Length], at, i, desk);
                await connection.Execute(transaction, $"DELETE FROM case_file WHERE id = {one.Id.ToString("D")}");
                await connection.Execute(transaction, CaseRows.Insert(whole.File));
                foreach (var e in told)
                {
                    await connection.Execute(transaction, CaseRows.Insert(e));
                }

                events += told.Count;
            }

            await transaction.CommitAsync();
        }

        await connection.Execute(null, $"ANALYZE");
        return events;
    }

    /// <summary>Nine of ten go to their end within half a day, one of ten waits to be handled.</summary>
    private (CaseWhole Whole, List<CaseEvent> Events) Lived(Guid id, Reported report, string @class, Guid unit, DateTimeOffset at, int i, Desk desk)
    {
        var (verifier, handler) = (engineer with { Id = Guid.NewGuid() }, new Actor(Guid.NewGuid(), "测试", unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal)));
        var made = Decide.Report(id, report, @class, null, engineer, desk, at, at);
        var (whole, events) = (made.After, made.Events.ToList());
        foreach (var (act, who, minutes, field, value) in new (string, Actor, int, string, string)[]
        {
            ("accept", engineer, 20, "class", @class), ("file", engineer, 40, "", ""), ("dispatch", engineer, 60, "unit", $"{unit}"), ("feedback", handler, 300 + (i % 400), "result", "已处置"), ("verified", verifier, 720, "result", "属实"), ("close", verifier, 740, "", ""),
        }.Take(i % 10 == 0 ? 3 : 6))
        {
            var then = at.AddMinutes(minutes);
            var taken = Decide.Take(whole, new(act, field.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { [field] = value }, At: then), null, who, desk, then).Value;
            (whole, events) = (taken.After, [.. events, .. taken.Events]);
        }

        return (whole, events);
    }
}
