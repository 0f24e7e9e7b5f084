// In: a case's number, an act, what was filled in and the photos that come with it, by who is signed in. Out: the case one act on; the same key again gets the case as it is now. Refuses as Decide does, and whoever was slower; refusals are in the evidence too.
using Lizhou.Cases.Finding;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Acting;

internal sealed class TakeAct(CaseWriter writer, DeskBook desks, PersonWords people, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Fields">By name, as the act's fields say.</param>
    /// <param name="Revision">The revision seen; null to act on whatever is there.</param>
    /// <param name="Behalf">On whose behalf, e.g. the caller's.</param>
    /// <param name="At">When it happened; null: now.</param>
    /// <param name="Key">Chosen by the sender: the same again is done once.</param>
    internal sealed record Ask(string? Act, IReadOnlyDictionary<string, string>? Fields = null, long? Revision = null, string? Behalf = null, DateTimeOffset? At = null, string? Key = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Act is null or { Length: 0 or > 40 })
            {
                yield return new("act", new("请说明办理动作", "names the act"));
            }

            if (!Legible.Is(Act, Key, Behalf))
            {
                yield return new(Legible.Is(Key) ? Legible.Is(Act) ? "behalf" : "act" : "key", Legible.Fault);
            }

            if (Key?.Length > 100 || Behalf?.Length > 50)
            {
                yield return new("key", new("不超过 100 字，代办人不超过 50 字", "has at most 100 characters, behalf 50"));
            }
        }
    }

    public Task<Result<CaseWhole>> Run(string number, Ask ask, Actor actor, CancellationToken stop) => Run(number, ask, [], actor, stop);

    /// <param name="photos">As <see cref="Intake.Photo"/> made them; kept with the act or not at all.</param>
    public async Task<Result<CaseWhole>> Run(string number, Ask ask, IReadOnlyList<byte[]> photos, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var taken = await writer.Run<CaseWhole>((session, all) => Write(session, number, ask, photos, actor, desk, all), stop, number);
        if (taken.Problem is { } refused && refused.Code != Problems.NoCase.Code)
        {
            await notes.Note(actor, $"case.act {refused.Code}", new("case.act", number, refused.Code, new { ask.Act }));
        }

        return taken;
    }

    private async Task<Result<CaseWhole>> Write(CaseSession session, string number, Ask ask, IReadOnlyList<byte[]> photos, Actor actor, Desk desk, CancellationToken stop)
    {
        if (await session.Whole(number, stop) is not { } whole || !FindCases.MaySee(whole, actor, desk))
        {
            return Problems.NoCase.With(number);
        }

        var (sender, key) = ($"{actor.Id:D}", ask.Key is { Length: > 0 } ? $"{number} {ask.Key}" : null);
        if (key is not null && await session.Key(sender, key, stop) is not null)
        {
            return await session.ActOf(sender, key, stop) is { } before && before != ask.Act ? Problems.OtherAct.With(desk.FlowOf(whole.File).ActTitle(before)).At("key") : whole;
        }

        if (ask.Revision is { } seen && seen != whole.File.Revision)
        {
            return Problems.Stale;
        }

        var fields = ask.Fields ?? new Dictionary<string, string>(StringComparer.Ordinal);
        // A case the actor may not see is none for them here too.
        var parent = fields.GetValueOrDefault("parent")?.Trim() is { Length: > 0 } main && await session.Whole(main, stop) is { } into && FindCases.MaySee(into, actor, desk) ? into.File : null;
        var decided = Decide.Take(whole, new(ask.Act ?? "", fields, people.Seal(ask.Behalf), ask.At, ActPhotos.Digests(photos)), parent, actor, desk, clock.GetUtcNow());
        if ((decided.Problem ?? Unknown(fields)) is { } refused)
        {
            return refused;
        }

        var late = await session.Write(whole, decided.Value.After, decided.Value.Events, actor, new("case.act", number, Evidence.Done, new { ask.Act, decided.Value.After.File.State }), stop);
        if (late is null && decided.Value.Events.FirstOrDefault(e => e.Actor == Actor.System.Id && e.Detail.Proposed is { Auto: true }) is { Detail.Proposed: { } said })
        {
            session.Tell(Actor.System, new("case.dispatched", number, Evidence.Done, new { table = said.Version, line = said.Row, said.Lead }));
        }

        if (late is not null)
        {
            return late;
        }

        ActPhotos.Keep(session, decided.Value.Events[0], photos);
        if (key is not null)
        {
            session.Keep(sender, key, number, ask.Act);
        }

        return decided.Value.After;
    }

    /// <summary>Something filled in that is no field of any act, and would be lost without a word: a slip of the pen. What another act asks for is left aside, whatever version of the flow the case has.</summary>
    private static Problem? Unknown(IReadOnlyDictionary<string, string> fields) =>
        fields.Keys.FirstOrDefault(f => !FlowWords.Fields.ContainsKey(f)) is { } name ? Problems.WrongField.With(name, new Text("没有这一项。", "there is no such field.")).At(name) : null;
}
