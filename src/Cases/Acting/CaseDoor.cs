// In: a report, an act, a duty, a dispatch table or a step of a consultation of a module below. Out: what people's would be.
using Lizhou.Cases.Centre;
using Lizhou.Cases.Consulting;
using Lizhou.Cases.Dispatching;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Cases;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

internal sealed class CaseDoor(ReportCase report, TakeAct take, TakeConsult consult, SaveDuty duties, PublishTable tables, DeskBook desks) : ICaseDoor
{
    public async Task<Result<string>> Report(CaseReport told, Actor actor, CancellationToken stop)
    {
        if (!Enum.TryParse<CaseSource>(told.Source, out var source))
        {
            return Problems.WrongField.With(new Text("来源", "Source"), new Text("没有这个来源。", "There is no such source.")).At("source");
        }

        var nodes = (await desks.Now(stop)).Nodes;
        var at = told.Spot is { } spot && nodes.Find(told.Place) is { } place ? Sketch.Of(place, nodes)?.At(spot.Around, spot.Out) : null;
        var (x, y) = at is { } seen ? Sketch.Degrees(seen) : ((double?)null, (double?)null);
        var made = await report.Run(new(told.Words, told.Place, source, told.Class, told.Address, x, y, told.Name, told.Phone, told.At, told.Key), actor, stop);
        return made.Problem is { } refused ? refused : made.Value.File.Number;
    }

    public async Task<Problem?> Act(string number, string act, IReadOnlyDictionary<string, string> fields, DateTimeOffset at, string key, Actor actor, CancellationToken stop) =>
        (await take.Run(number, new(act, fields, At: at, Key: key), actor, stop)).Problem;

    public async Task<Problem?> Duty(string node, string duty, Guid unit, DateOnly from, Actor actor, CancellationToken stop) =>
        (await duties.All(stop)).Exists(d => d.Node == node && d.Kind == duty && d.Unit == unit) ? null : (await duties.Run(new(node, duty, unit, from), actor, stop, earliest: from)).Problem;

    public async Task<Problem?> Table(IReadOnlyList<DispatchLine> lines, string note, Actor drafts, Actor publishes, CancellationToken stop)
    {
        var there = await tables.All(stop);
        if (there.Count == 0)
        {
            var text = TableText.Write(lines.Select((l, i) => new DispatchRow(i + 2, l.Class, l.Place, null, l.Lead, [], null, l.Priority)), await desks.Now(stop));
            var made = await tables.Draft(new(text, note), drafts, stop);
            return made.Problem ?? (await tables.Run(made.Value.Version, null, publishes, stop)).Problem;
        }

        // Whoever drafted it was stopped before it was published.
        return there is [{ PublishedBy: null } left] && left.Maker == drafts.Id ? (await tables.Run(left.Version, null, publishes, stop)).Problem : null;
    }

    public async Task<Problem?> Consult(string number, string step, IReadOnlyDictionary<string, string> fields, string key, Actor actor, CancellationToken stop)
    {
        var known = Enum.GetValues<ConsultStep>().Where(s => s is not (ConsultStep.None or ConsultStep.Late)).FirstOrDefault(s => DecideConsult.Act(s) == step);
        IReadOnlyList<Guid> Units(string field) => Filled.Ids(fields.GetValueOrDefault(field)) ?? [];
        var ask = new TakeConsult.Ask(known, fields.GetValueOrDefault("reason"), Units("members"), Tasks: [.. Units("unit").Concat(Units("assists")).Select(u => new TakeConsult.Assignment(u))], Key: key);
        return (await consult.Run(number, ask, null, actor, stop)).Problem;
    }
}
