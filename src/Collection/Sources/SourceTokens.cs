// In: a source, and who wants a token for it. Out: a token by which a program sends to this source alone; its secret is shown once.
// Refuses other units' sources; a token of one source is of no use for another.
using System.Security.Claims;
using Lizhou.Contracts.Identity;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal sealed class SourceTokens(IApiTokens tokens, FindSources find, TimeProvider clock)
{
    private const int MostDays = 3650;

    /// <summary>People may use every source of their unit; a token only the one it was made for.</summary>
    public static bool May(ClaimsPrincipal who, Source source) => who.FindFirstValue(IApiTokens.SubjectClaim) is not { } subject || subject == Subject(source);

    /// <param name="days">How long it counts; null for no end.</param>
    public async Task<Result<IssuedToken>> Issue(string code, string name, int? days, Actor actor, CancellationToken stop)
    {
        var source = await find.ByCode(code, actor, stop);
        if (source.Refused)
        {
            return source.Problem!;
        }

        if (name.Trim().Length is 0 or > 100 || days is < 1 or > MostDays)
        {
            return SourceProblems.Invalid.With($"1–100 / 1–{MostDays}");
        }

        return await tokens.Issue(Subject(source.Value), name.Trim(), source.Value.Unit, days is { } count ? clock.GetUtcNow().AddDays(count) : null, actor, stop);
    }

    public async Task<Result<bool>> Revoke(string code, Guid token, Actor actor, CancellationToken stop)
    {
        var source = await find.ByCode(code, actor, stop);
        return source.Refused ? source.Problem! : await tokens.Revoke(token, Subject(source.Value), actor, stop);
    }

    public Task<IReadOnlyList<TokenCard>> Of(Source source, CancellationToken stop) => tokens.Of(Subject(source), stop);

    private static string Subject(Source source) => $"source:{source.Id:D}";
}
