// In: a way by which others report, a unit that answers for it and a name. Out: a key by which its program reports and follows what it reported; shown once. Refuses others than the bureau.
using System.Security.Claims;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Intake;

/// <summary>接报渠道: a program that reports cases: an app, a hotline's system, a camera's, a sensor's.</summary>
/// <param name="Source">Of every case it reports.</param>
internal sealed record Channel(Guid Id, string Name, CaseSource Source, Guid Unit, string Prefix, DateTimeOffset Made, DateTimeOffset? Used, DateTimeOffset? Ended);

internal sealed class ChannelKeys(IApiTokens tokens, DeskBook desks, IRefusalNotes notes)
{
    private const string Start = "case-channel:";

    /// <param name="Unit">That answers for the program.</param>
    internal sealed record Ask(string? Name, CaseSource Source, Guid Unit) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Name?.Trim() is not { Length: > 0 and <= 100 })
            {
                yield return new("name", new("请填写名称，不超过 100 字", "has 1 to 100 characters"));
            }

            if (!Sources.Contains(Source))
            {
                yield return new("source", new("渠道不能用这个来源", "is no source of a program"));
            }
        }
    }

    /// <summary>What programs report; the others are people of the bureau, or logs.</summary>
    public static IReadOnlyList<CaseSource> Sources { get; } = [CaseSource.Web, CaseSource.Hotline, CaseSource.Patrol, CaseSource.Video, CaseSource.Recognition, CaseSource.Sensor, CaseSource.Media, CaseSource.Upper];

    /// <summary>Which channel a program comes by; null for people, and for keys that serve something else.</summary>
    public static CaseSource? Of(ClaimsPrincipal who) =>
        who.FindFirstValue(IApiTokens.SubjectClaim) is { } subject && subject.StartsWith(Start, StringComparison.Ordinal) && Enum.TryParse<CaseSource>(subject[Start.Length..], out var source) ? source : null;

    /// <summary>Every channel there ever was, the newest first.</summary>
    public async Task<IReadOnlyList<Channel>> All(CancellationToken stop)
    {
        List<Channel> all = [];
        foreach (var source in Sources)
        {
            all.AddRange((await tokens.Of(Subject(source), stop)).Select(t => new Channel(t.Id, t.Name, source, t.Unit, t.Prefix, t.Made, t.Used, t.Revoked)));
        }

        return [.. all.OrderByDescending(c => c.Made)];
    }

    public async Task<Result<IssuedToken>> Issue(Ask ask, Actor actor, CancellationToken stop)
    {
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadChannel.With(fault.What)
            : !(await desks.Now(stop)).Units.ContainsKey(ask.Unit) ? Problems.BadChannel.With(new Text("没有这个单位", "there is no such unit"))
            : null;
        return refused is null ? await tokens.Issue(Subject(ask.Source), ask.Name!.Trim(), ask.Unit, null, actor, stop) : await Refused(actor, "case-channel.made", ask.Name ?? "", refused);
    }

    /// <summary>At once; what it reported stays.</summary>
    public async Task<Problem?> End(Guid id, Actor actor, CancellationToken stop)
    {
        var known = (await All(stop)).FirstOrDefault(c => c.Id == id && c.Ended is null);
        return !actor.Has(Roles.Engineer) ? await Refused(actor, "case-channel.ended", $"{id}", Problems.Bureau)
            : known is null || !await tokens.Revoke(id, Subject(known.Source), actor, stop) ? Problems.BadChannel.With(new Text("没有这个渠道，或它已停用", "there is no such channel, or it has ended"))
            : null;
    }

    private async Task<Problem> Refused(Actor actor, string act, string subject, Problem refusal)
    {
        var told = subject.Length > 100 ? subject[..100] : subject;
        await notes.Note(actor, $"{act} {actor.Id} {refusal.Code}", new(act, told, refusal.Code));
        return refusal;
    }

    private static string Subject(CaseSource source) => $"{Start}{source}";
}
