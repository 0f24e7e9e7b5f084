// In: what happened to a case. Out: its move to the version of the flow that its row of the dispatch table names, as a person would move it; null where a person chose another unit, or that version lacks the state the case is in. Pure.
using System.Globalization;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

internal static class FollowRow
{
    public static CaseEvent? Of(CaseWhole before, IReadOnlyList<CaseEvent> events, Desk desk)
    {
        if (events.LastOrDefault(e => e.Detail.Lead is not null) is not { Detail: { Proposed: { Flow: { } version } said, Lead: var lead } } sent || lead != said.Lead)
        {
            return null;
        }

        var file = events.Aggregate(before, Project.After).File;
        if (file.Flow == version || file.Ended || !desk.Flows.TryGetValue(version, out var flow) || !flow.States.ContainsKey(file.State))
        {
            return null;
        }

        var why = new Text("派单目录版本 {0} 第 {1} 行：{2} → {3}", "Dispatch table, version {0}, line {1}: {2} → {3}").With(said.Version, said.Row, file.Flow, version);
        return Decide.Program(file, "migrate", file.Node, file.Loop, why, file.LastAt, sent.KnownAt) with { Flow = version };
    }

    /// <summary>What is wrong with the version a row names; null: nothing, or it names none. New cases begin with the newest version: what a dispatch leads to there has to be known to the one named.</summary>
    public static Text? Wrong(string cell, Desk desk)
    {
        if (cell.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || !desk.Flows.TryGetValue(version, out var flow))
        {
            return new Text("没有流程版本“{0}”。", "There is no version “{0}” of the flow.").With(cell);
        }

        return desk.Flow.Acts.Values.Where(a => a.Has("assign") && a.To is not null).Select(a => a.To!).FirstOrDefault(s => !flow.States.ContainsKey(s)) is { } state
            ? new Text("流程版本 {0} 没有状态“{1}”，派遣后的事件不能按它办理。", "Version {0} of the flow has no state “{1}”: a case that was dispatched cannot go on under it.").With(version, desk.Flow.TitleOf(state)) : null;
    }
}
