// In: how many cases. Out: a day of so many, reported, dispatched, handled and closed by the usual doors, told by another dispatch table and another duty list; twice, for it must answer the same.
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Dispatching.WhatIf;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Bench;

internal sealed class WhatIfDay(IServiceProvider house, Actor engineer, int many)
{
    private const int Callers = 128;
    private static readonly Guid[] Units = [Guid.Parse("01930000-0000-7000-8000-00000000000a"), Guid.Parse("01930000-0000-7000-8000-00000000000b"), Guid.Parse("01930000-0000-7000-8000-00000000000c")];
    private static readonly string[] Codes = ["11330600MB1573660P", "11332500MB1601924J", "113307843077566033"];
    private static readonly string[] Classes = ["0102", "0103", "0104", "0201", "0301", "0501"];

    public async Task Run()
    {
        await using (var scope = house.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register([.. Units.Select((u, i) => new UnitCard(u, Codes[i], $"单位{i}", null, true))], [], Actor.System, default);
        }

        var day = DateOnly.FromDateTime(DateTimeOffset.UtcNow.AddDays(-5).InCity().DateTime);
        await Parallel.ForEachAsync(Enumerable.Range(0, many), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, stop) => await Live(day, i));
        var lines = string.Join('\n', Classes.SelectMany((c, i) => Enumerable.Range(1, 14).Select(t => $"{c},3307840{(t < 4 ? $"0{t}" : "01")},,单位{(i + t) % 3},,{(t % 2 == 0 ? "4 工作时" : "")},{t},{(t % 3 == 0 ? "是" : "")},")));
        var ask = new WhatIfAsk(day, day, null, $"{TableText.Header}\n{lines}\n,,,单位1,,,-1,,\n", "节点,岗位,单位,生效日期,失效日期\n330784,派遣员,单位2,,\n330784,值班长,主管部门,,\n");
        List<string> digests = [];
        for (var run = 0; run < 3; run++)
        {
            await using var scope = house.CreateAsyncScope();
            var (begun, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var done = await scope.ServiceProvider.GetRequiredService<TryTable>().Run(ask, engineer, default);
            var (wall, cpu) = (Stopwatch.GetElapsedTime(begun), Environment.CpuUsage.TotalTime - before);
            var told = done.Refused ? throw new ProblemException(done.Problem!) : done.Value;
            digests.Add(Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(told)))[..16]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"what-if of {told.Cases:N0} cases, {told.Moved:N0} moved: {wall.TotalSeconds:0.00} s, of the processor {cpu.TotalSeconds:0.00} s, digest {digests[^1]}"));
        }

        Console.WriteLine(digests.Distinct().Count() == 1 ? "the same each time" : "NOT the same each time");
    }

    private async Task Live(DateOnly day, int number)
    {
        await using var scope = house.CreateAsyncScope();
        var (report, take) = (scope.ServiceProvider.GetRequiredService<ReportCase>(), scope.ServiceProvider.GetRequiredService<TakeAct>());
        var at = day.At(new(8, 30)).AddSeconds(number * 30_000L / many);
        var (@class, unit) = (Classes[number % Classes.Length], number * 7 % 3);
        var made = (await report.Run(new("路边有一堆垃圾", $"33078400{1 + (number % 3)}", Class: @class, At: at), engineer, default)).Value.File.Number;
        var clerk = new Actor(Units[unit], "承办人", Units[unit], new HashSet<string>([Roles.Steward], StringComparer.Ordinal));
        foreach (var (act, minutes, who, fields) in new (string, int, Actor, (string, string)[])[]
        {
            ("accept", 5, engineer, [("class", @class)]), ("file", 10, engineer, []), ("dispatch", 15, engineer, [("unit", $"{Units[unit]}")]), ("feedback", 45 + (number * 37 % 600), clerk, [("result", "已清理")]),
            ("verified", 700, engineer, [("result", "已核实")]), ("close", 720, engineer, []),
        })
        {
            var taken = await take.Run(made, new(act, fields.ToDictionary(f => f.Item1, f => f.Item2, StringComparer.Ordinal), At: at.AddMinutes(minutes)), who, default);
            _ = taken.Refused ? throw new ProblemException(taken.Problem!) : 0;
        }
    }
}
