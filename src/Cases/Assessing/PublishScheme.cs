// In: schemes as YAML and why. Out: a draft, which another person of the bureau publishes: from then on it counts. Refuses what SchemeText finds, with line and hint: the last good version stays in force. Before any is published the shipped ones hold.
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Assessing;

internal sealed class PublishScheme(CasesDb db, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    internal sealed record Ask(string? Text, string? Note) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            foreach (var fault in new CheckAsk(Text).Check())
            {
                yield return fault;
            }

            if (Note?.Trim() is not { Length: > 0 and <= 200 })
            {
                yield return new("note", new("请说明修改理由，不超过 200 字", "says why, in at most 200 characters"));
            }
        }
    }

    /// <param name="Text">To look at; nothing is kept.</param>
    internal sealed record CheckAsk(string? Text) : IChecked
    {
        public IEnumerable<Fault> Check() => Text is { Length: > 0 and <= SchemeText.Longest } ? [] : [new("text", new("请填写方案，不超过 10 万字", "has at most 100,000 characters"))];
    }

    /// <summary>Newest first; the shipped one is version 0.</summary>
    public async Task<IReadOnlyList<SchemeVersion>> All(CancellationToken stop) =>
        [.. await db.Schemes.AsNoTracking().OrderByDescending(s => s.Version).ToListAsync(stop), Shipped()];

    /// <summary>In force at a moment: the newest published one that this program can read.</summary>
    public async Task<(int Version, IReadOnlyDictionary<string, Scheme> Schemes)> At(DateTimeOffset asOf, CancellationToken stop) =>
        (await All(stop)).Where(s => s.PublishedAt <= asOf).Select(s => (s.Version, SchemeText.Read(s.Text).Schemes)).First(s => s.Schemes is not null)!;

    /// <summary>What is wrong with a text, for who may make a draft of it; null: nothing.</summary>
    public async Task<Result<FlowFault?>> Check(CheckAsk ask, Actor actor)
    {
        if (!actor.Has(Roles.Engineer))
        {
            return await Refused(actor, "case-scheme.checked", "-", Problems.Bureau);
        }

        return ask.Check().FirstOrDefault() is { } fault ? Problems.BadScheme.With(1, fault.What, new Text("请补充。", "Add it.")) : SchemeText.Read(ask.Text!).Fault;
    }

    public async Task<Result<SchemeVersion>> Draft(Ask ask, Actor actor, CancellationToken stop)
    {
        var next = (await db.Schemes.MaxAsync(s => (int?)s.Version, stop) ?? 0) + 1;
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadScheme.With(1, fault.What, new Text("请补充。", "Add it."))
            : Wrong(ask.Text!);
        if (refused is not null)
        {
            return await Refused(actor, "case-scheme.drafted", $"{next}", refused);
        }

        var made = new SchemeVersion { Version = next, Text = ask.Text!, Note = ask.Note!.Trim(), MadeBy = actor.Name, Maker = actor.Id, MadeAt = clock.GetUtcNow() };
        db.Add(made);
        return await db.Commit(ledger, actor, new("case-scheme.drafted", $"{next}", Evidence.Done, new { made.Note }), stop) is { } late ? late : made;
    }

    /// <summary>Puts a draft in force. Read again: the figures there are may have changed since.</summary>
    public async Task<Result<SchemeVersion>> Run(int version, Actor actor, CancellationToken stop)
    {
        var found = await db.Schemes.AsNoTracking().FirstOrDefaultAsync(s => s.Version == version, stop);
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : found is null ? Problems.NoSchemes.With(version)
            : await db.Schemes.AnyAsync(s => s.PublishedBy != null && s.Version >= version, stop) ? Problems.OldSchemes.With(version)
            : found.Maker == actor.Id ? Problems.OwnScheme.With(version)
            : Wrong(found.Text);
        if (refused is not null)
        {
            return await Refused(actor, "case-scheme.published", $"{version}", refused);
        }

        var made = found! with { PublishedBy = actor.Name, PublishedAt = clock.GetUtcNow() };
        db.Update(made);
        return await db.Commit(ledger, actor, new("case-scheme.published", $"{version}", Evidence.Done, new { made.Note }), stop) is { } late ? late : made;
    }

    public static SchemeVersion Shipped()
    {
        using var reader = new StreamReader(typeof(PublishScheme).Assembly.GetManifestResourceStream("case-schemes")!);
        return new() { Text = reader.ReadToEnd(), Note = "shipped", MadeBy = Actor.System.Name, PublishedBy = Actor.System.Name, PublishedAt = DateTimeOffset.MinValue };
    }

    private static Problem? Wrong(string text) => SchemeText.Read(text).Fault is { } wrong ? Problems.BadScheme.With(wrong.Line, wrong.What, wrong.Hint) : null;

    private async Task<Problem> Refused(Actor actor, string act, string what, Problem refused)
    {
        await notes.Note(actor, $"{act} {refused.Code}", new(act, what, refused.Code));
        return refused;
    }
}
