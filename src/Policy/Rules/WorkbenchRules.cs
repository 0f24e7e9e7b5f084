// In: the security administrator. Out: which rules are in force; what was changed past the program is the first thing to do.
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

internal sealed class WorkbenchRules(RuleBook book, IPolicySeals seals) : IWorkbenchCard
{
    private const int MostTold = 10;

    private static readonly Text Room = new("访问策略", "Access policy");

    public async Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => actor.Has(Roles.SecurityAdministrator)
        ? [new(new("策略版本", "Version of the policy"), (await book.Current(stop)) is { Refused: false } current ? current.Value.Version : null, new("现行版本；0 为出厂规则", "In force; 0 are the rules of the house"), ShowRules.Path)]
        : [];

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop) => actor.Has(Roles.SecurityAdministrator)
        ? [.. (await seals.Broken(stop)).Take(MostTold).Select(broken => new WorkbenchTask(broken, Room, new("策略或授权被绕过系统直接改动，须立即处理", "rules or grant were changed past the program: act at once"), ShowRules.Path, null))]
        : [];

    public IReadOnlyList<QuickEntry> Entries(Actor actor) =>
        actor.Has(Roles.SecurityAdministrator) ? [new(Room, ShowRules.Path), new(new("策略试算", "Try a change of the policy"), "/policy/edit")] : [];
}
