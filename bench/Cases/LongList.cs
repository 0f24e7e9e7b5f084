// In: how many cases. Out: the list of that many – five years of them, nine of ten ended – filtered in every way, by words too, for the bureau, a unit with many, one with few, and somebody with none.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Bench;

internal sealed class LongList(IServiceProvider house, Actor engineer, int many)
{
    private const int Units = 50;

    /// <summary>What cases tell of, beside heaps of rubbish: a fifth, 2 % and 0.4 % of them, whatever else they are.</summary>
    private static readonly (int Below, string Words)[] Told = [(199, "路灯不亮，夜间出行不便"), (219, "井盖破损"), (223, "水管爆裂，路面积水")];
    private readonly StateStore state = house.GetRequiredService<StateStore>();

    public async Task Run()
    {
        await Fill();
        await ReadTexts();
        await Vacuum();
        await using var scope = house.CreateAsyncScope();
        var find = scope.ServiceProvider.GetRequiredService<FindCases>();
        CaseFilter all = new();
        foreach (var (name, filter) in new (string, CaseFilter)[]
        {
            ("all", all), ("state", new("handling")), ("class + state", new("handling", Class: "0103")), ("place", new(Node: "330784003")), ("red light", new(Light: Light.Red)), ("a day", new(From: new(2024, 5, 1), To: new(2024, 5, 1))),
            ("deep in the list", new(After: "SJ20240301-000001")), ("number", new(Q: "SJ20240501-00001")), ("mine", new(Mine: true)),
        })
        {
            await Measure(find, name, filter, engineer);
        }

        foreach (var (name, actor) in new[] { ("a unit with 2 %", Steward(Unit(8))), ("a unit with 20", Steward(Unit(Units))), ("a unit with none", Steward(Guid.NewGuid())) })
        {
            await Measure(find, name, all, actor);
            await Measure(find, name + ", mine", new(Mine: true), actor);
            await Measure(find, name + ", class + state", new("handling", Class: "0103"), actor);
        }

        await ByWords(find);
        var map = scope.ServiceProvider.GetRequiredService<DrawMap>();
        foreach (var (name, filter, actor) in new (string, CaseFilter, Actor)[]
        {
            ("all", all, engineer), ("state", new("handling"), engineer), ("closed", new("closed"), engineer), ("class", new(Class: "0103"), engineer), ("place", new(Node: "330784003"), engineer), ("red light", new(Light: Light.Red), engineer),
            ("a day", new(From: new(2024, 5, 1), To: new(2024, 5, 1)), engineer), ("mine", new(Mine: true), engineer), ("a unit with 2 %", all, Steward(Unit(8))), ("a unit with 20", all, Steward(Unit(Units))),
            ("a unit with 2 %, mine", new(Mine: true), Steward(Unit(8))), ("a unit with 2 %, closed", new("closed"), Steward(Unit(8))),
            ("10 with the words", new(Q: "油罐车"), engineer), ("0.4 % with them", new(Q: "水管爆裂"), engineer), ("2 % with them", new(Q: "井盖"), engineer), ("20 % with them", new(Q: "路灯"), engineer), ("20 % with them, closed", new("closed", Q: "路灯"), engineer),
            ("20 % with them, a unit with 2 %", new(Q: "路灯"), Steward(Unit(8))),
        })
        {
            await Measure("map: " + name, async () => (await map.Run(filter, actor, default)).Dots.Sum(d => d.Many));
        }

        var counted = Stopwatch.GetTimestamp();
        await scope.ServiceProvider.GetRequiredService<CasesDb>().Files.AsNoTracking().OrderByDescending(f => f.Number).Skip(many - 1_000).Take(20).ToListAsync();
        Console.WriteLine($"the last pages, rows counted off (comparator) {Stopwatch.GetElapsedTime(counted).TotalMilliseconds:N0} ms");
    }

    private async Task ByWords(FindCases find)
    {
        foreach (var (name, q) in new[] { ("in 10", "油罐车"), ("in 0.4 %", "水管爆裂"), ("in 2 %", "井盖"), ("in a fifth", "路灯"), ("in a fifth, and a street", "路灯 望春"), ("in most", "垃圾"), ("in none, of common pairs", "路灯望春路"), ("one character in a fifth", "灯"), ("beginning of a number", "12") })
        {
            foreach (var (with, filter, actor) in new (string, CaseFilter, Actor)[] { ("", new(), engineer), (" + state", new("handling"), engineer), (" + unit", new(Unit: Unit(8)), engineer), (", for a unit with 2 %", new(), Steward(Unit(8))), (", mine", new(Mine: true), Steward(Unit(8))) })
            {
                await Measure(find, $"words {name}{with}", filter with { Q = q }, actor);
            }
        }
    }

    /// <summary>By the way in which cases of before come to be found by words.</summary>
    private async Task ReadTexts()
    {
        await using (var connection = await state.Open())
        {
            await connection.Execute(null, $"DELETE FROM case_text");
            if (state.Kind == StateKind.Sqlite)
            {
                await connection.Execute(null, $"INSERT INTO case_gram (case_gram) VALUES ('delete-all')");
            }

            await connection.Execute(null, $"INSERT INTO case_text_due (below) VALUES ('SJ99999999')");
        }

        var begun = Stopwatch.GetTimestamp();
        var read = await ActivatorUtilities.CreateInstance<ReadOldTexts>(house).Look(default);
        Console.WriteLine($"{read:N0} cases of before read for their words in {Stopwatch.GetElapsedTime(begun).TotalSeconds:N1} s");
    }

    private static Guid Unit(int number) => Guid.Parse($"01930000-0000-7000-8000-0000000000{number:x2}");

    private static Actor Steward(Guid unit) => new(Guid.NewGuid(), "测试", unit, new HashSet<string>([Roles.Steward], StringComparer.Ordinal));

    private Task Measure(FindCases find, string name, CaseFilter filter, Actor actor) => Measure(name, async () => (await find.List(filter, actor, default)).Total);

    private async Task Measure(string name, Func<Task<long>> act)
    {
        await act();
        var times = new List<double>();
        var (total, cpu) = (0L, Process.GetCurrentProcess().TotalProcessorTime);
        for (var i = 0; i < 9; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            total = await act();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        Console.WriteLine($"list of {many:N0}: {name,-34} median {times.Order().ElementAt(4),8:N1} ms, worst {times.Max():N1} ms, {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds / times.Count,6:N1} ms of the processor, {total} found");
    }

    /// <summary>Rows as the ledger would have left them.</summary>
    public async Task Fill()
    {
        var lite = state.Kind == StateKind.Sqlite;
        string Hex(string value, int width) => lite ? $"printf('%0{width}x', {value})" : $"lpad(to_hex(({value})::integer), {width}, '0')";
        string Padded(string value, int width) => lite ? $"printf('%0{width}d', {value})" : $"lpad(({value})::text, {width}, '0')";
        var day = lite ? $"strftime('%Y%m%d', '2021-01-01', '+' || (i * 1800 / {many}) || ' days')" : $"to_char(date '2021-01-01' + (i * 1800 / {many})::integer, 'YYYYMMDD')";
        var sql = $"""
            WITH RECURSIVE n(i) AS (SELECT CAST(0 AS {(lite ? "INTEGER" : "BIGINT")}) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {many})
            INSERT INTO case_file (id, number, revision, flow, state, ended, loop, node, place, unit, class, grade, source, words, address, has_reporter, reported_at, reported_by, day, stage_at, last_at, due_at, warn_at, late, handlers,
                asked_hours, reworks, returns, shirks, delays, holds, supervised, loop_at, led)
            SELECT '01930000-0000-7000-8000-' || {Hex("i", 12)}, 'SJ' || {day} || '-' || {Padded("i % 1000000", 6)}, 5, 1,
                CASE WHEN i % 10 > 0 THEN 'closed' WHEN i % 40 = 0 THEN 'handling' WHEN i % 40 = 10 THEN 'verifying' ELSE 'reported' END, CASE WHEN i % 10 > 0 THEN 1 ELSE 0 END, 'Small',
                '33078400' || (1 + i % 3), '33078400' || (1 + i % 3), CASE WHEN i % 10 > 0 THEN NULL ELSE '01930000-0000-7000-8000-0000000000' || {Hex($"i / 10 % {Units}", 2)} END,
                '01' || {Padded("1 + i % 18", 2)}, 'Ordinary', 'Hotline', CASE {string.Join(' ', Told.Select(t => $"WHEN i % 99991 % 997 < {t.Below} THEN '{t.Words}'"))} WHEN i % 99991 = 99990 THEN '油罐车侧翻' ELSE '路边有一堆垃圾' END,
                CASE i % 11 WHEN 0 THEN '望春' WHEN 1 THEN '解放' WHEN 2 THEN '人民' ELSE '工业' END || '路' || (i % 300) || '号', 0, '2024-01-01T00:00:00.0000000Z', '00000000-0000-0000-0000-000000000000', '2024-01-01', '2024-01-01T00:00:00.0000000Z', '2024-01-01T00:00:00.0000000Z',
                CASE WHEN i % 10 > 0 THEN NULL WHEN i % 100 = 0 THEN '2024-01-01T00:00:00.0000000Z' ELSE '2090-01-01T00:00:00.0000000Z' END, CASE WHEN i % 10 > 0 THEN NULL ELSE '2080-01-01T00:00:00.0000000Z' END, 1, '[]', 0, 0, 0, 0, 0, 0, 0, '2024-01-01T00:00:00.0000000Z', '01930000-0000-7000-8000-0000000000' || {Hex($"i / 10 % {Units}", 2)}
            FROM n
            """;
        await using var connection = await state.Open();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.Execute(transaction, $"DELETE FROM case_file");
            await connection.Execute(transaction, $"DELETE FROM case_part");
            await connection.Execute(transaction, FormattableStringFactory.Create(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)));
            var unit = $"'01930000-0000-7000-8000-0000000000' || {Hex($"row_number() OVER (ORDER BY number) / 10 % {Units}", 2)}";
            await connection.Execute(transaction, FormattableStringFactory.Create($"INSERT INTO case_part (who, number) SELECT {unit}, number FROM case_file"));
            await connection.Execute(transaction, $"INSERT INTO case_part (who, number) SELECT {Unit(Units).ToString("D")}, number FROM case_file ORDER BY number LIMIT 20");
            await transaction.CommitAsync();
        }

        await Vacuum();
    }

    private async Task Vacuum()
    {
        if (state.Kind == StateKind.PostgreSql) // By itself PostgreSQL would do it a minute later, in the middle of what is measured. SQLite is never told how its rows lie, here as in a city.
        {
            await using var connection = await state.Open();
            await using var vacuum = connection.CreateCommand();
            (vacuum.CommandText, vacuum.CommandTimeout) = ("VACUUM ANALYZE", 0);
            await vacuum.ExecuteNonQueryAsync();
        }
    }
}
