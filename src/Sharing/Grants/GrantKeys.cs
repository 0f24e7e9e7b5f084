// In: a grant and a name. Out: a key by which a program takes data under this grant alone; shown once. Refuses everybody but the holding unit's steward.
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Grants;

internal sealed class GrantKeys(IApiTokens tokens, FindGrants find, TurnAway turn)
{
    private static readonly Text NoControls = new("name 不能含换行等控制字符", "name must hold no line breaks or other control characters");

    internal sealed record Ask(string Name);

    /// <summary>People of the holding unit may try the grant out; a key only the one it was made for; an application those its token names.</summary>
    public static bool Fits(ClaimsPrincipal who, SharedGrant grant) =>
        who.FindFirstValue(IApiTokens.SubjectClaim) is not { } subject || subject == Subject(grant) || who.HasClaim(IApplications.ScopeClaim, grant.Number);

    /// <summary>The key has no end of its own: when the grant ends, the call is refused with that reason.</summary>
    public async Task<Result<IssuedToken>> Issue(string number, Ask ask, Actor actor, CancellationToken stop)
    {
        var grant = await find.Held(number, actor, stop);
        if (grant.Refused)
        {
            return grant.Problem!;
        }

        if (ask.Name is null || ask.Name.Trim().Length is 0 or > 100)
        {
            return Problems.Faulty.With("name: 1–100");
        }

        if (ask.Name.Any(char.IsControl))
        {
            return Problems.Faulty.With(NoControls);
        }

        return grant.Value.State == GrantState.Revoked
            ? Problems.Ended.With(number)
            : await tokens.Issue(Subject(grant.Value), ask.Name.Trim(), grant.Value.Unit, null, actor, stop);
    }

    public async Task<Result<bool>> Revoke(string number, Guid key, Actor actor, CancellationToken stop)
    {
        var grant = await find.Held(number, actor, stop);
        return grant.Refused ? grant.Problem!
            : await tokens.Revoke(key, Subject(grant.Value), actor, stop) ? true : await turn.Run(actor, FindGrants.Refused, number, Problems.NoKey.With(number));
    }

    public Task<IReadOnlyList<TokenCard>> Of(SharedGrant grant, CancellationToken stop) => tokens.Of(Subject(grant), stop);

    private static string Subject(SharedGrant grant) => $"{IApiTokens.OfGrant}{grant.Id:D}";
}
