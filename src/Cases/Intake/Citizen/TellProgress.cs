// In: a case's number, from anybody; of who reported it also the key it was sent with. Out: how far the case is: its state, outcome, class, unit, times and the states it went through; nothing that tells of a person, a place or what was written.
// Who reported it also reads what was done, once it is settled. A case that was merged tells of the one that is worked on for it, and names it.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Intake.Citizen;

/// <param name="Outcome">Null: it has not ended.</param>
/// <param name="Satisfied">What who reported it said; null: nothing.</param>
/// <param name="Due">Of the whole case; null: it does not run.</param>
/// <param name="Into">Number of the case it was merged into, of which all the rest is told; null: it was not merged.</param>
/// <param name="Mine">Of who asks with the key of the report; null for everybody else.</param>
internal sealed record Progress(
    string Number, Text State, bool Ended, Outcome? Outcome, bool? Satisfied, string Class, string Unit, DateTimeOffset Reported, DateTimeOffset? Due, IReadOnlyList<(DateTimeOffset At, Text State)> Steps, string? Into, OwnProgress? Mine);

/// <param name="Done">In the words of who handled it; null: it is not settled.</param>
/// <param name="MayRate">Whether a word on it is awaited.</param>
internal sealed record OwnProgress(string? Done, bool MayRate);

internal sealed class TellProgress(CasesDb db, StateStore state, DeskBook desks)
{
    private const int LongestNumber = 30;
    private const int LongestKey = 100;

    /// <returns>Null where there is no case of that number.</returns>
    public async Task<Progress?> Run(string? number, string? key, CancellationToken stop)
    {
        var wanted = number?.Trim().ToUpperInvariant();
        if (wanted is not { Length: > 0 and <= LongestNumber } || await db.Files.AsNoTracking().FirstOrDefaultAsync(f => f.Number == wanted, stop) is not { } file)
        {
            return null;
        }

        var (desk, main) = (await desks.Now(stop), await db.Main(file, stop));
        var steps = await Steps(file, desk, stop);
        if (main.Id != file.Id)
        {
            steps = [.. steps, .. (await Steps(main, desk, stop)).Where(s => s.At >= file.ClosedAt)];
        }

        var rated = await RateCase.Ratings(db, main, stop);
        return new(
            file.Number, desk.FlowOf(main).TitleOf(main.State), main.Ended, main.Outcome, RateCase.Said(rated.LastOrDefault(r => RateCase.IsOf(r, file, main))) ?? (main.Id == file.Id && rated.Count == 0 ? file.Satisfied : null), desk.ClassName(main.Class), desk.UnitName(main.Led),
            file.ReportedAt, main.WholeDue, steps, main.Id == file.Id ? null : main.Number, await Mine(file, main, key, stop));
    }

    /// <summary>Only what changed its state: who did what inside is nobody's outside.</summary>
    private async Task<IReadOnlyList<(DateTimeOffset At, Text State)>> Steps(CaseFile file, Desk desk, CancellationToken stop)
    {
        var steps = await db.Events.AsNoTracking().Where(e => e.CaseId == file.Id && e.State != e.OldState).OrderBy(e => e.Seq).Select(e => new { e.At, e.State }).ToListAsync(stop);
        return [.. steps.Select(s => (s.At, desk.FlowOf(file).TitleOf(s.State)))];
    }

    private async Task<OwnProgress?> Mine(CaseFile file, CaseFile main, string? key, CancellationToken stop)
    {
        if (key is not { Length: > 0 and <= LongestKey } || (await state.Read($"SELECT number FROM case_key WHERE sender = {PublicDoor.Public.Id.ToString("D")} AND key = {key}", r => r.GetString(0), stop)).FirstOrDefault() != file.Number)
        {
            return null;
        }

        var handled = main.Ended ? (await db.Events.AsNoTracking().Where(e => e.CaseId == main.Id).OrderByDescending(e => e.Seq).ToListAsync(stop)).Find(e => e.Detail.Effects.Contains("handled")) : null;
        return new(handled?.Detail.Fields.GetValueOrDefault("result"), await RateCase.IsOpen(db, file, main, stop));
    }
}
