// In: a case before and after an act. Out: its dispatch by the program, where a row of the dispatch table in force says so; null where it waits for a person. Pure.
// Once in a case's life: whatever comes back – returned, sent again, not satisfied – is a person's to send.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

internal static class DispatchAlone
{
    /// <summary>What an automatic dispatch can fill in.</summary>
    private static readonly string[] Known = ["unit", "assists", "reason"];

    public static CaseEvent? Of(CaseWhole before, CaseWhole after, FlowAct did, Desk desk, DateTimeOffset now)
    {
        var file = after.File;
        if (file.State == before.File.State || after.Legs.Count > 0 || did.Has("unsatisfied") || desk.Proposed(file) is not { Auto: true } said)
        {
            return null;
        }

        var act = desk.FlowOf(file).From(file.State).FirstOrDefault(a => a.Has("assign"));
        if (act is null || Decide.Awaits(file, act, desk.FlowOf(file)) || act.Fields.Any(f => f.Required && !Known.Contains(f.Name)) || act.Guards.Any(g => !Decide.Holds(g, after, Actor.System, desk)))
        {
            return null;
        }

        var why = new Text("派单目录版本 {0} 第 {1} 行自动派遣", "Dispatched by itself: dispatch table, version {0}, line {1}").With(said.Version, said.Row);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["unit"] = $"{said.Lead:D}", ["assists"] = string.Join(',', said.Assists), ["reason"] = why.Zh };
        var filled = act.Fields.Where(f => fields.GetValueOrDefault(f.Name) is { Length: > 0 }).ToDictionary(f => f.Name, f => fields[f.Name], StringComparer.Ordinal);
        var sent = Decide.Event(after, act, filled, new(act.Name, filled, desk.Table!.Behalf), null, Actor.System, desk, file.LastAt, now);
        return sent with { Reason = why.Zh, Detail = sent.Detail with { ReasonEn = why.En } };
    }
}
