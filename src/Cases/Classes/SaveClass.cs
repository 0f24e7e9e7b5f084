// In: a class as it is to be from a day on, or that it ends. Out: a line of the register; the one before ends the day before, one announced for later stands unless the class ends. Refuses others than the bureau, days gone by, and what is missing. Cases under way keep the deadlines they have.
using System.Text.RegularExpressions;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Classes;

internal sealed partial class SaveClass(CasesDb db, DeskBook desks, ILedger ledger, IRefusalNotes notes, TimeProvider clock)
{
    /// <param name="Code">Four digits: family and class.</param>
    /// <param name="Limits">By grade; the ordinary one at least.</param>
    /// <param name="From">First day; null: today.</param>
    /// <param name="Ends">True: the class ends that day.</param>
    /// <param name="Component">Of 部件; else of 事件.</param>
    internal sealed record Ask(
        string? Code, string? Family, string? Name, string? Filing, string? Closing, Guid? Unit, IReadOnlyDictionary<Grade, TimeLimit>? Limits, DateOnly? From = null, bool Ends = false, bool Component = false) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Code is null || !FourDigits().IsMatch(Code))
            {
                yield return new("code", new("编码为 4 位数字：大类 2 位、小类 2 位", "is four digits: two of the family, two of the class"));
            }

            if (Ends)
            {
                yield break;
            }

            if (Family?.Trim() is not { Length: > 0 and <= 30 } || Name?.Trim() is not { Length: > 0 and <= 30 })
            {
                yield return new("name", new("请填写大类和小类名称，不超过 30 字", "needs the names of family and class, of at most 30 characters"));
            }

            if (Filing?.Length > 500 || Closing?.Length > 500)
            {
                yield return new("filing", new("立案、结案条件不超过 500 字", "has at most 500 characters, as has closing"));
            }

            if (Limits is null || !Limits.ContainsKey(Grade.Ordinary) || Limits.Any(l => l.Value is null || !Enum.IsDefined(l.Key) || !Enum.IsDefined(l.Value.Unit) || l.Value.Amount is < 1 or > 1_000))
            {
                yield return new("limits", new("至少填写一般级别的时限，数量为 1 到 1000", "has at least that of the ordinary grade, of 1 to 1,000"));
            }
        }
    }

    /// <summary>Every line, by code, the newest first.</summary>
    public Task<List<CaseClass>> All(CancellationToken stop) => db.Classes.AsNoTracking().OrderBy(c => c.Code).ThenByDescending(c => c.ValidFrom).ToListAsync(stop);

    public async Task<Problem?> Run(Ask ask, Actor actor, CancellationToken stop)
    {
        var from = ask.From ?? clock.Today();
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Check().FirstOrDefault() is { } fault ? Problems.BadClass.With(fault.What)
            : from < clock.Today() ? Problems.BadClass.With(new Text("生效日期不能早于今天", "it cannot begin before today"))
            : ask.Unit is { } unit && !(await desks.Now(stop)).Units.ContainsKey(unit) ? Problems.BadClass.With(new Text("没有这个单位", "there is no such unit"))
            : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"case-class.save {refused.Code}", new("case-class.save", ask.Code is { } code && FourDigits().IsMatch(code) ? code : "-", refused.Code));
            return refused;
        }

        var lines = await db.Classes.AsNoTracking().Where(c => c.Code == ask.Code).ToListAsync(stop);
        var held = ask.Ends ? new Validity(from, null) : Validity.Begin(from, lines.Select(c => c.ValidFrom));
        foreach (var line in lines)
        {
            // One that has held for some hours of today is closed and kept: cases have it.
            var left = ask.Ends && line.ValidFrom == clock.Today() && from == line.ValidFrom ? [new(from, from)] : new Validity(line.ValidFrom, line.ValidUntil).Without(held);
            _ = left is [var rest, ..] ? db.Update(line with { ValidFrom = rest.From, ValidUntil = rest.Until }) : db.Remove(line);
        }

        if (!ask.Ends)
        {
            var now = clock.GetUtcNow();
            db.Add(new CaseClass
            {
                Id = Guid.CreateVersion7(now), Code = ask.Code!, Family = ask.Family!.Trim(), Name = ask.Name!.Trim(), Filing = ask.Filing?.Trim() ?? "", Closing = ask.Closing?.Trim() ?? "", Unit = ask.Unit, Limits = ask.Limits!, Component = ask.Component,
                ValidFrom = from, ValidUntil = held.Until, MadeBy = actor.Name, MadeAt = now,
            });
        }

        var late = await db.Commit(ledger, actor, new("case-class.save", ask.Code!, Evidence.Done, new { ask.Limits, ask.Unit, from, ask.Ends }), stop);
        desks.Forget();
        return late;
    }

    [GeneratedRegex("^[0-9]{4}$", RegexOptions.None, 1000)]
    private static partial Regex FourDigits();
}
