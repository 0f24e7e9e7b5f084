// In: the security administrator. Out: which rules are in force; one whose seal is broken is the first thing to do.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

internal sealed class WorkbenchRules(RuleBook book) : IWorkbenchCard
{
    private static readonly Text Room = new("访问策略", "Access policy");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => actor.Has(Roles.SecurityAdministrator)
        ? [new(new("策略版本", "Version of the policy"), (await book.Current(stop)) is { Refused: false } current ? current.Value.Version : null, new("现行版本；0 为出厂规则", "In force; 0 are the rules of the house"), ShowRules.Path)]
        : [];

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop) => actor.Has(Roles.SecurityAdministrator) && (await book.Current(stop)).Problem is { } broken
        ? [new(broken.What.ToString(), Room, new("策略被改动，须立即处理", "the policy was tampered with: act at once"), ShowRules.Path, null)]
        : [];

    public IReadOnlyList<QuickEntry> Entries(Actor actor) =>
        actor.Has(Roles.SecurityAdministrator) ? [new(Room, ShowRules.Path), new(new("策略试算", "Try a change of the policy"), "/policy/edit")] : [];
}
