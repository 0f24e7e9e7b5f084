// In: a case's number, the key its report was sent with, and what its reporter thinks of what was done. Out: that as an event of the case; a poor word does not reopen it by itself: who accepts decides.
// Who reported a case that was merged rates the one that was worked on for it, each reporter once; a good word does not take back another's poor one.
// Refuses whoever has not the key, a case that is not settled, a second word on the same end, and a poor word without a reason.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Intake.Citizen;

internal sealed class RateCase(CaseWriter writer, TimeProvider clock)
{
    public const string Told = "rated";

    /// <summary>Field of the event: number of the merged report it is the word of.</summary>
    private const string Report = "report";

    /// <summary>Effect of a good word where another's poor one stands.</summary>
    private const string GoodToo = "satisfied-too";

    /// <summary>As the page calls the field.</summary>
    private static readonly Text Words = new("评价内容", "In words");

    /// <param name="Key">That the report was sent with: nobody else has it.</param>
    /// <param name="Good">Null: not said.</param>
    /// <param name="Words">Needed where it is not good.</param>
    internal sealed record Ask(string? Number, string? Key, bool? Good, string? Words);

    public async Task<Result<CaseWhole>> Run(Ask ask, CancellationToken stop)
    {
        var (number, words) = (ask.Number?.Trim().ToUpperInvariant() ?? "", ask.Words?.Trim() ?? "");
        var refused = ask.Good is null ? Problems.Missing.With(FlowWords.Program[Told], new Text("满意或不满意", "satisfied or not")).At("good")
            : ask.Good == false && words.Length == 0 ? Problems.Missing.With(FlowWords.Program[Told], Words).At("words")
            : words.Length > Filled.MostWords ? Problems.WrongField.With(Words, new Text("不超过 1000 字。", "At most 1,000 characters.")).At("words")
            : !Legible.Is(words) ? Problems.WrongField.With(Words, Legible.Fault).At("words")
            : null;
        return refused is not null ? refused : await writer.Run<CaseWhole>((session, all) => Write(session, number, ask, words, all), stop, number);
    }

    /// <summary>Whether who reported a case may rate it: settled by work, and not rated by them since.</summary>
    /// <param name="main">The case that was worked on for it: see <see cref="Merged"/>.</param>
    public static async Task<bool> IsOpen(CasesDb db, CaseFile file, CaseFile main, CancellationToken stop) => IsOpen(file, main, await Ratings(db, main, stop));

    /// <summary>Words on the last end of a case, in order; none while it is open.</summary>
    public static async Task<IReadOnlyList<CaseEvent>> Ratings(CasesDb db, CaseFile main, CancellationToken stop) =>
        main.ClosedAt is not { } closed ? [] : [.. (await db.Events.AsNoTracking().Where(e => e.CaseId == main.Id && e.Act == Told).OrderBy(e => e.Seq).ToListAsync(stop)).Where(e => e.At >= closed)];

    public static bool IsOf(CaseEvent rated, CaseFile file, CaseFile main) => rated.Detail.Fields.GetValueOrDefault(Report) == (file.Id == main.Id ? null : file.Number);

    /// <summary>Null: nothing.</summary>
    public static bool? Said(CaseEvent? rated) => rated is null ? null : !rated.Detail.Effects.Contains("poor");

    private static bool IsOpen(CaseFile file, CaseFile main, IReadOnlyList<CaseEvent> ratings) =>
        main is { Ended: true, Outcome: Outcome.Normal or Outcome.Late or Outcome.Faulty or Outcome.Special } && !ratings.Any(r => IsOf(r, file, main));

    private async Task<Result<CaseWhole>> Write(CaseSession session, string number, Ask ask, string words, CancellationToken stop)
    {
        if (ask.Key is not { Length: > 0 } key || await session.Key($"{PublicDoor.Public.Id:D}", key, stop) != number || await session.Whole(number, stop) is not { } whole)
        {
            return Problems.NotTheReporter;
        }

        await session.Flush(stop);
        var (file, main) = (whole.File, (await session.Whole((await session.Db.Main(whole.File, stop)).Number, stop))!);
        var ratings = await Ratings(session.Db, main.File, stop);
        if (!IsOpen(file, main.File, ratings))
        {
            return Problems.NotToRate;
        }

        var told = Decide.Told(main, Told, new(words, words), clock.GetUtcNow(), actor: PublicDoor.Public).Events[0];
        var fields = file.Id == main.File.Id ? told.Detail.Fields : new Dictionary<string, string>(StringComparer.Ordinal) { [Report] = number };
        var effect = ask.Good == false ? "poor" : ratings.Any(r => Said(r) == false) ? GoodToo : "satisfied";
        var happened = told with { Detail = told.Detail with { Fields = fields, Effects = [effect] } };
        var after = Project.After(main, happened);
        return await session.Write(main, after, [happened], PublicDoor.Public, new("case.rated", main.File.Number, Evidence.Done, new { ask.Good, report = number }), stop) is { } late ? late : after;
    }
}
