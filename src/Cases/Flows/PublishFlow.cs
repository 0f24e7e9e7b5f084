// In: a flow as YAML and why. Out: its next version, with which new cases begin; cases under way keep theirs. Or a case that is moved to another version, by hand. Refuses what CheckFlow finds, with line and hint.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Finding;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Flows;

/// <summary>A version of the flow as it was published.</summary>
internal sealed record FlowVersion
{
    public int Version { get; init; }

    public string Text { get; init; } = "";

    public string Note { get; init; } = "";

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }
}

internal sealed class PublishFlow(CasesDb db, DeskBook desks, CaseWriter writer, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    internal sealed record Ask(string? Text, string? Note) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Text is not { Length: > 0 and <= FlowText.Longest })
            {
                yield return new("text", new("请填写流程，不超过 10 万字", "has at most 100,000 characters"));
            }

            if (Note?.Trim() is not { Length: > 0 and <= 200 })
            {
                yield return new("note", new("请说明修改理由，不超过 200 字", "says why, in at most 200 characters"));
            }
        }
    }

    /// <param name="Text">To look at; nothing is published.</param>
    internal sealed record CheckAsk(string? Text) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Text?.Length > FlowText.Longest)
            {
                yield return new("text", new("不超过 10 万字", "has at most 100,000 characters"));
            }
        }
    }

    /// <param name="Version">To move the case to.</param>
    internal sealed record MoveAsk(int Version);

    /// <summary>Why of versions that the program brought.</summary>
    public const string ShippedNote = "shipped";

    public static string Shipped()
    {
        using var reader = new StreamReader(typeof(PublishFlow).Assembly.GetManifestResourceStream("case-flow")!);
        return reader.ReadToEnd();
    }

    public Task<List<FlowVersion>> All(CancellationToken stop) => db.Flows.AsNoTracking().OrderByDescending(f => f.Version).ToListAsync(stop);

    /// <summary>What is wrong with a text, for who may publish it, or else what to think of before; nothing is published.</summary>
    public async Task<Result<List<FlowFault>>> Check(CheckAsk ask, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            await notes.Note(actor, "case-flow.checked", new("case-flow.checked", "-", Problems.Bureau.Code));
            return Problems.Bureau;
        }

        var (flow, faults) = FlowText.Read(ask.Text ?? "", 0);
        return flow is null ? faults.ToList() : Warnings(flow, await desks.Now(stop)).ToList();
    }

    public async Task<Result<FlowVersion>> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var last = await db.Flows.MaxAsync(f => (int?)f.Version, stop) ?? 0;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadFlow.With(1, fault.What, new Text("请补充。", "Add it."))
            : FlowText.Read(ask.Text!, last + 1).Faults is [var wrong, ..] ? Problems.BadFlow.With(wrong.Line, wrong.What, wrong.Hint) : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"case-flow.published {refused.Code}", new("case-flow.published", $"{last + 1}", refused.Code));
            return refused;
        }

        var made = new FlowVersion { Version = last + 1, Text = ask.Text!, Note = ask.Note!.Trim(), MadeBy = actor.Name, MadeAt = clock.GetUtcNow() };
        db.Add(made);
        var late = await db.Commit(ledger, actor, new("case-flow.published", $"{made.Version}", Evidence.Done, new { made.Note }), stop);
        desks.Forget();
        return late is null ? made : late;
    }

    /// <summary>Classes for whose handling the whole case has too little time, at the line of its limit.</summary>
    private static IEnumerable<FlowFault> Warnings(CaseFlow flow, Desk desk) => WholeLimit.TooShort(flow, desk.Classes.Values, desk.Calendar).Select(s => new FlowFault(
        flow.LimitLine, new Text("整个案卷时限 {0}，而“{1}”（{2}）处置时限 {3}：按时处置也会超时。", "The whole case has {0}, and “{1}” ({2}) is handled within {3}: who is in time is late all the same.").With(flow.Limit.Said, s.Class.Name, CaseWords.Of(s.Grade), s.Handling.Said),
        new Text("写 at-least: stages，或时限不少于 {0}。", "Write at-least: stages, or a limit of at least {0}.").With(s.Needed.Said), Warns: true));

    /// <summary>Moves a case to another version that has its state.</summary>
    public async Task<Result<CaseWhole>> Move(string number, MoveAsk ask, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        return await writer.Run<CaseWhole>(
            async (session, all) =>
            {
                var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau : !desk.Flows.ContainsKey(ask.Version) ? Problems.NoFlow.With(ask.Version) : null;
                if (refused is not null || await session.Whole(number, all) is not { } whole || !FindCases.MaySee(whole, actor, desk))
                {
                    return refused ?? Problems.NoCase.With(number);
                }

                if (whole.File.Flow == ask.Version)
                {
                    return whole; // It is there already: nothing happens to it.
                }

                if (!desk.Flows[ask.Version].States.ContainsKey(whole.File.State))
                {
                    return Problems.NotThere.With(ask.Version, desk.FlowOf(whole.File).TitleOf(whole.File.State));
                }

                var decided = Decide.Told(whole, "migrate", new($"{whole.File.Flow} → {ask.Version}", ""), clock.GetUtcNow(), ask.Version, actor);
                return await session.Write(whole, decided.After, decided.Events, actor, new("case.moved", number, Evidence.Done, new { ask.Version }), all) is { } late ? late : decided.After;
            },
            stop,
            number);
    }
}
