// In: a steward's wish about a program of their unit: register it, give it one of the unit's grants, a new secret, the end of one token, its end. Out: the program; its secret is shown once.
// Refuses everybody but the unit's steward, a system or a grant that is not the unit's, and a grant that ended.
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;

namespace Lizhou.Sharing.Applications;

internal sealed class KeepApplications(IApplications applications, FindGrants find, IUnits units, TurnAway turn)
{
    /// <param name="System">An information system of the own unit; null for none.</param>
    internal sealed record Ask(string? Name, Guid? System = null);

    /// <summary>Those of the own unit.</summary>
    public async Task<IReadOnlyList<ApplicationCard>> Own(Actor actor, CancellationToken stop) =>
        UnitOf(actor) is { } unit ? await applications.Of(unit, stop) : [];

    public async Task<Result<ApplicationCard>> One(Guid id, Actor actor, CancellationToken stop) =>
        (await Own(actor, stop)).FirstOrDefault(a => a.Id == id) is { } found ? found : await Refused(id, Problems.NoApplication, actor);

    /// <summary>What an application of the own unit may belong to.</summary>
    public async Task<IReadOnlyList<SystemCard>> Systems(Actor actor, CancellationToken stop) =>
        UnitOf(actor) is { } unit ? [.. (await units.Systems(unit, stop)).Where(s => s.Active)] : [];

    public async Task<Result<IssuedSecret>> Register(Ask ask, Actor actor, CancellationToken stop)
    {
        if (UnitOf(actor) is not { } unit)
        {
            return Problems.NoUnit;
        }

        if (ask.Name is null || ask.Name.Trim().Length is 0 or > 100)
        {
            return Problems.Faulty.With("name: 1–100");
        }

        return ask.System is { } system && (await Systems(actor, stop)).All(s => s.Id != system)
            ? Problems.Faulty.With("system")
            : await applications.Register(ask.Name.Trim(), unit, ask.System, actor, stop);
    }

    public async Task<Result<IssuedSecret>> Renew(Guid id, Actor actor, CancellationToken stop) =>
        UnitOf(actor) is { } unit && await applications.Renew(id, unit, actor, stop) is { } renewed ? renewed : await Refused(id, Problems.NoApplication, actor);

    public async Task<Result<ApplicationCard>> Enable(Guid id, bool active, Actor actor, CancellationToken stop)
    {
        if (UnitOf(actor) is { } unit)
        {
            await applications.Enable(id, unit, active, actor, stop);
        }

        return await One(id, actor, stop);
    }

    public async Task<Result<ApplicationCard>> Allow(Guid id, string number, bool allowed, Actor actor, CancellationToken stop)
    {
        var application = await One(id, actor, stop);
        if (application.Problem is { } none)
        {
            return none;
        }

        // One that is not held any more is taken from it all the same.
        if (allowed && await find.Held(number, actor, stop) is var grant && (grant.Problem ?? (find.Holds(grant.Value) ? null : Problems.Ended.With(number))) is { } refusal)
        {
            return refusal;
        }

        await applications.Allow(id, application.Value.Unit, number, allowed, actor, stop);
        return await One(id, actor, stop);
    }

    public async Task<Result<IReadOnlyList<ApplicationToken>>> Tokens(Guid id, Actor actor, CancellationToken stop)
    {
        var application = await One(id, actor, stop);
        return application.Refused ? application.Problem! : (await applications.Tokens(id, application.Value.Unit, stop)).ToList();
    }

    /// <summary>One token and no other: a program that lost it, or ran where it should not, is refused at its next call.</summary>
    public async Task<Result<bool>> EndToken(Guid id, Guid token, Actor actor, CancellationToken stop)
    {
        var application = await One(id, actor, stop);
        return application.Refused ? application.Problem!
            : await applications.EndToken(id, application.Value.Unit, token, actor, stop) ? true : await Refused(id, Problems.NoToken, actor);
    }

    private Task<Problem> Refused(Guid id, Problem refusal, Actor actor) => turn.Run(actor, "application.refused", id.ToString(), refusal);

    private static Guid? UnitOf(Actor actor) => actor.Has(Roles.Steward) ? actor.Unit : null;
}
