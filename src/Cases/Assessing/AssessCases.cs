// In: a period, as of when, by what. Out: figures and scores of each subject, counted again from the events known by then; the cases behind a figure; the same as a file.
// The bureau sees all; a unit its own line, of the cases it leads. Refuses a unit anything else.
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Assessing;

[JsonConverter(typeof(JsonStringEnumConverter<AssessBy>))]
internal enum AssessBy
{
    Unit,
    Post,

    /// <summary>Towns and zones.</summary>
    Area,
    Class,

    /// <summary>事件 and 部件: matters and components.</summary>
    Kind,
}

/// <param name="From">First day of the period; null: thirty days up to the last.</param>
/// <param name="AsOf">Only what was known by then counts; null: now.</param>
/// <param name="Scheme">Name of a scheme, where areas are not judged each by that of its class (area, area-2).</param>
/// <param name="Unit">Only cases it leads.</param>
/// <param name="Node">Only cases reported from it or below.</param>
/// <param name="Component">True: only 部件; false: only 事件; null: both, and cases without a class.</param>
internal sealed record AssessFilter(
    DateOnly? From = null, DateOnly? To = null, DateTimeOffset? AsOf = null, AssessBy? By = null, string? Scheme = null, Guid? Unit = null, string? Node = null, string? Class = null, bool? Component = null);

internal sealed record MetricValue(string Name, string Title, string Formula, string Unit, decimal Top, long? Bottom, decimal? Value);

/// <param name="Key">Id of a unit, duty and unit, code of a node or class, event or component; "" for all cases together.</param>
/// <param name="Scheme">Title of the scheme it is scored by; null: it is not.</param>
internal sealed record Subject(string Key, string Name, int Cases, IReadOnlyList<MetricValue> Metrics, Scored? Scored, string? Scheme = null);

/// <param name="Scheme">Version of the schemes in force then; 0: the shipped ones.</param>
/// <param name="Checks">Whether the subjects add up to all cases; where not, cases have no subject or more than one.</param>
internal sealed record Assessment(DateOnly From, DateOnly To, DateTimeOffset AsOf, AssessBy By, int Scheme, Subject All, IReadOnlyList<Subject> Subjects, IReadOnlyList<Reconciled> Checks);

internal sealed class AssessCases(CasesDb db, DeskBook desks, PublishScheme schemes, ILedger ledger, TimeProvider clock)
{
    private static readonly IReadOnlyDictionary<string, Text> Kinds = new Dictionary<string, Text> { ["event"] = new("事件", "Matters"), ["component"] = new("部件", "Components") };
    private static readonly string[] Checked = ["accepted", "filed", "due", "due closed"];

    public async Task<Result<Assessment>> Run(AssessFilter filter, Actor actor, CancellationToken stop)
    {
        if (Refused(filter, actor, await desks.Now(stop)) is { } refused)
        {
            return refused;
        }

        var (desk, kind, period, asOf) = (await desks.Now(stop), filter.By ?? AssessBy.Unit, Period.Of(filter.From, filter.To, clock), filter.AsOf ?? clock.GetUtcNow());
        var (all, groups, scheme) = (new Tally(), new SortedDictionary<string, Tally>(StringComparer.Ordinal), await schemes.At(asOf, stop));
        await foreach (var one in Cases(filter, actor, desk, stop))
        {
            all.Add(one);
            foreach (var key in Keys(one, kind, desk))
            {
                (groups.TryGetValue(key, out var own) ? own : groups[key] = new()).Add(one);
            }
        }

        return new Assessment(period.First, period.Last, asOf, kind, scheme.Version, new("", new Text("合计", "All").ToString(), all.Cases, Values(all), null), [.. groups.Select(g => One(g.Key, g.Value))], [.. (kind == AssessBy.Post ? [] : Checked).Select(Sum)]);

        Subject One(string key, Tally own)
        {
            var by = Scheme(key) is { } name ? scheme.Schemes[name] : null;
            return new(key, NameOf(key, kind, desk), own.Cases, Values(own), by?.Score(own, metric => Most(metric, key)), by?.Title.ToString());
        }

        string? Scheme(string key) => kind switch
        {
            AssessBy.Unit => "unit",
            AssessBy.Post => key.Split(':')[0],
            AssessBy.Area => filter.Scheme is { Length: > 0 } other ? other : scheme.Schemes["area-2"].Judges(desk.Nodes.ByCode[key]) ? "area-2" : "area",
            _ => null,
        };

        decimal Most(string metric, string key) => groups.Where(g => kind != AssessBy.Post || Scheme(g.Key) == Scheme(key)).Max(g => Metrics.Named[metric].Of(g.Value).Value ?? 0);

        Reconciled Sum(string set) => Reconcile(set, groups.Values.Select(g => g.Many(set)), all.Many(set));
    }

    /// <summary>Parts and the total that is told of them.</summary>
    public static Reconciled Reconcile(string what, IEnumerable<long> parts, long told)
    {
        var sum = parts.Sum();
        return new(what, Math.Max(sum, told), sum, told, Math.Abs(sum - told));
    }

    /// <summary>Numbers of the cases behind a figure, newest first.</summary>
    /// <param name="subject">Its key; empty for all.</param>
    /// <param name="top">Above the line; else below it.</param>
    public async Task<Result<IReadOnlyList<string>>> Behind(AssessFilter filter, string? subject, string metric, bool top, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var refused = Refused(filter, actor, desk);
        if (refused is not null || !Metrics.Named.TryGetValue(metric, out var known))
        {
            return refused ?? Problems.NoMetric.With(metric);
        }

        var (set, numbers) = (top || known.Bottom.Length == 0 ? known.Top : known.Bottom, new List<string>());
        await foreach (var one in Cases(filter, actor, desk, stop))
        {
            if (CaseSet.Holds(set, one.Marks) && (string.IsNullOrEmpty(subject) || Keys(one, filter.By ?? AssessBy.Unit, desk).Contains(subject)))
            {
                numbers.Add(one.Number);
            }
        }

        numbers.Sort((a, b) => string.CompareOrdinal(b, a));
        return numbers;
    }

    public async Task<Result<ListFile>> Export(AssessFilter filter, string? format, Actor actor, CancellationToken stop)
    {
        if (format is not (null or "" or "csv" or "xlsx"))
        {
            return Problems.WrongField.With("format", new Text("为 csv 或 xlsx。", "It is csv or xlsx.")).At("format");
        }

        var done = await Run(filter, actor, stop);
        if (done.Problem is { } refused)
        {
            return refused;
        }

        var told = done.Value;
        await ledger.Append(actor, new("cases.exported", "assessment", Evidence.Done, new { told.From, told.To, told.AsOf, told.By, rows = told.Subjects.Count }), stop);
        (string, double)[] heads = [(new Text("对象", "Subject").ToString(), 28), (new Text("得分", "Score").ToString(), 12), (new Text("已评分值", "Judged").ToString(), 12), .. Metrics.All.SelectMany(m => new[] { ($"{m.Title}", 14d), ($"{m.Title} ↑", 10), ($"{m.Title} ↓", 10) })];
        return ListFile.Of(format, new Text("综合评价", "Assessment").ToString(), heads, told.Subjects.Append(told.All).Select(s => (string?[])
            [s.Name, Shown(s.Scored?.Points), Shown(s.Scored?.Judged), .. s.Metrics.SelectMany(m => new[] { Shown(m.Value), Shown(m.Top), m.Bottom?.ToString(CultureInfo.InvariantCulture) })]));
    }

    public static string? Shown(decimal? value) => value?.ToString("0.##", CultureInfo.InvariantCulture);

    private Problem? Refused(AssessFilter filter, Actor actor, Desk desk) =>
        filter.AsOf > clock.GetUtcNow() ? Problems.WrongField.With(new Text("统计时点", "As of"), new Text("不能晚于现在。", "It does not lie ahead.")).At("asOf")
        : !actor.Has(Roles.Engineer) && ((filter.By ?? AssessBy.Unit) != AssessBy.Unit || actor.Unit is null) ? Problems.OwnLine : filter.Scheme is { Length: > 0 } name and not ("area" or "area-2") ? Problems.NoMetric.With(name)
        : filter.Node is { Length: > 0 } node && desk.Nodes.Find(node) is null ? Problems.WrongField.With("node", new Text("没有这个地点。", "There is no such place.")).At("node")
        : CaseWords.Unclassed(filter.Class, desk) ?? CaseWords.Backward(filter.From, filter.To);

    private static IReadOnlyList<MetricValue> Values(Tally cases) =>
        [.. Metrics.All.Select(m => (Metric: m, Figure: m.Of(cases))).Select(m => new MetricValue(m.Metric.Name, m.Metric.Title.ToString(), m.Metric.Formula.ToString(), m.Metric.Unit, m.Figure.Top, m.Figure.Bottom, m.Figure.Value))];

    private static IEnumerable<string> Keys(CaseFacts c, AssessBy by, Desk desk) => by switch
    {
        AssessBy.Unit => c.Unit is { } unit ? [$"{unit:D}"] : [],
        AssessBy.Post => c.Holders.Select(h => $"{h.Key}:{h.Value:D}"),
        AssessBy.Class => c.Class is { } code ? [code] : [],
        AssessBy.Kind => Kinds.Keys.Where(c.Marks.Contains),
        _ => desk.Nodes.Up(c.Place).Where(n => n.Loop == Loop.Small).Take(1).Select(n => n.Code),
    };

    private static string NameOf(string key, AssessBy by, Desk desk) => by switch
    {
        AssessBy.Unit => desk.UnitName(Guid.Parse(key)),
        AssessBy.Post => $"{Flows.FlowWords.Duties[key.Split(':')[0]]} · {(Guid.Parse(key.Split(':')[1]) is var unit && unit == Guid.Empty ? new Text("主管部门", "the bureau").ToString() : desk.UnitName(unit))}",
        AssessBy.Class => desk.ClassName(key),
        AssessBy.Kind => Kinds[key].ToString(),
        _ => desk.Nodes.Name(key),
    };

    /// <summary>Cases that may count in the period, each as it was known; what an accepted appeal left out is not there. One after the other: never all at once in memory.</summary>
    private async IAsyncEnumerable<CaseFacts> Cases(AssessFilter filter, Actor actor, Desk desk, [EnumeratorCancellation] CancellationToken stop)
    {
        var (period, asOf) = (Period.Of(filter.From, filter.To, clock), filter.AsOf ?? clock.GetUtcNow());
        var (known, from, last) = (asOf.ToStored(), period.First.Midnight().ToStored(), period.Last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        var appeals = (await db.Appeals.Join(db.AppealDecisions.FromSql($"SELECT * FROM case_appeal_decision WHERE accepted = 1 AND made_at <= {known}"), a => a.Id, d => d.Appeal, (a, d) => new { a.CaseId, a.Asks }).ToListAsync(stop)).ToLookup(a => a.CaseId, a => a.Asks);
        // In two parts, each by its index: what ended before the period is not looked at.
        var told = db.Events.FromSql(
            $"""
             SELECT * FROM case_event WHERE known_at <= {known} AND case_id IN (
               SELECT id FROM case_file WHERE ended = 1 AND last_at >= {from} AND day <= {last} UNION ALL SELECT id FROM case_file WHERE ended = 0 AND day <= {last})
             """).AsNoTracking().OrderBy(e => e.CaseId).ThenBy(e => e.Seq).AsAsyncEnumerable();
        List<CaseEvent> events = [];
        await foreach (var e in told.WithCancellation(stop))
        {
            if (events.Count > 0 && events[0].CaseId != e.CaseId)
            {
                if (Counted() is { } one)
                {
                    yield return one;
                }

                events = [];
            }

            events.Add(e);
        }

        if (events.Count > 0 && Counted() is { } rest)
        {
            yield return rest;
        }

        CaseFacts? Counted() => appeals[events[0].CaseId].Aggregate((CaseFacts?)ReadCase.Of(events, desk.Flows, period, asOf, code => desk.Known.GetValueOrDefault(code)?.Component), (before, asks) => before is null ? null : Appeal.Counted(before, asks)) is { } facts
            && Wanted(facts, filter, actor, desk) ? facts : null;
    }

    private static bool Wanted(CaseFacts c, AssessFilter filter, Actor actor, Desk desk) =>
        (actor.Has(Roles.Engineer) || c.Unit == actor.Unit) && (filter.Unit is null || c.Unit == filter.Unit) && (filter.Node is not { Length: > 0 } node || desk.Nodes.Holds(node, c.Place))
        && (filter.Class is not { Length: > 0 } code || c.Class == code) && (filter.Component is not { } component || c.Marks.Contains(component ? "component" : "event"));
}
