// In: a unit as it should be, new or changed. Out: its id. Refuses a code that fails its check without a note, a code taken, a circle in the tree, a stale edit.
using System.Security.Claims;
using System.Text;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class SaveUnit
{
    /// <param name="Code">Unified social credit code; case does not matter.</param>
    /// <param name="CodeNote">Why a code whose check character fails is right all the same.</param>
    /// <param name="Parent">The unit above; null at the root.</param>
    /// <param name="Version">The version the editor saw; null for a new unit or to overwrite.</param>
    internal sealed record Request(string? Name, string? Code, UnitKind Kind, Guid? Parent, string? ShortName = null, string? CodeNote = null, int? Version = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Name) || Name.Trim().Length > 100)
            {
                yield return new("name", Faults.Name);
            }

            if (string.IsNullOrWhiteSpace(Code) || Code.Trim().Length != 18)
            {
                yield return new("code", Faults.Code);
            }

            if (!Enum.IsDefined(Kind))
            {
                yield return new("kind", Faults.Kind);
            }
        }
    }

    internal static async Task<Results<Created<UnitView>, ProblemHttpResult>> Add(
        Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await Run(null, ask, db, ledger, clock, Actor.From(user)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Created($"/api/v1/units/{saved.Value.Id}", UnitView.Of(saved.Value));
    }

    internal static async Task<Results<Ok<UnitView>, ProblemHttpResult>> Change(
        Guid id, Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, ClaimsPrincipal user, CancellationToken stop)
    {
        var saved = await Run(id, ask, db, ledger, clock, Actor.From(user)!, stop);
        return saved.Refused ? saved.Problem!.ToHttp() : TypedResults.Ok(UnitView.Of(saved.Value));
    }

    /// <summary>The same for routes, pages and the import.</summary>
    internal static async Task<Result<Unit>> Run(
        Guid? id, Request ask, OrganisationDb db, ILedger ledger, TimeProvider clock, Actor actor, CancellationToken stop)
    {
        var unit = id is null ? new Unit { Id = Guid.CreateVersion7(clock.GetUtcNow()) } : await db.Units.FindAsync([id.Value], stop);
        if (unit is null)
        {
            return Problems.NoSuchUnit;
        }

        if (await Refusal(unit.Id, ask, db, stop) is { } refusal)
        {
            return refusal;
        }

        Fill(unit, ask);
        db.Touch(unit, ask.Version, clock);
        if (id is null)
        {
            db.Units.Add(unit);
        }

        return await db.Commit(ledger, actor, new(id is null ? "unit.added" : "unit.changed", unit.Code, "done", new { unit.Id, unit.Name, unit.Parent }), stop) is { } late
            ? late
            : unit;
    }

    internal static void Fill(Unit unit, Request ask)
    {
        unit.Name = ask.Name!.Trim();
        unit.Code = ask.Code!.Trim().ToUpperInvariant();
        unit.CodeNote = Passes(unit.Code) ? null : ask.CodeNote?.Trim();
        unit.ShortName = string.IsNullOrWhiteSpace(ask.ShortName) ? null : ask.ShortName.Trim();
        unit.Kind = ask.Kind;
        unit.Parent = ask.Parent;
    }

    internal static bool Passes(string code) => Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(code));

    private static async Task<Problem?> Refusal(Guid id, Request ask, OrganisationDb db, CancellationToken stop)
    {
        var code = ask.Code!.Trim().ToUpperInvariant();
        if (!Passes(code) && string.IsNullOrWhiteSpace(ask.CodeNote))
        {
            return Problems.BadCode.With(code);
        }

        if (await db.Units.AsNoTracking().FirstOrDefaultAsync(u => u.Code == code && u.Id != id, stop) is { } holder)
        {
            return Problems.CodeTaken.With(code, holder.Name);
        }

        for (var (above, steps) = (ask.Parent, 0); above is { } parent; steps++)
        {
            if (parent == id || steps > 64)
            {
                return Problems.Circle;
            }

            if (await db.Units.AsNoTracking().FirstOrDefaultAsync(u => u.Id == parent, stop) is not { } found)
            {
                return Problems.NoSuchUnit;
            }

            above = found.Parent;
        }

        return null;
    }
}

/// <summary>What is wrong with an input field, in a sentence.</summary>
internal static class Faults
{
    public static readonly Text Name = new("名称必填，不超过 100 个字。", "is required, at most 100 characters.");
    public static readonly Text Code = new("统一社会信用代码应为 18 位。", "must have 18 characters.");
    public static readonly Text Kind = new("请选择机构类型。", "must be one of the kinds.");
    public static readonly Text Unit = new("请选择所属机构。", "needs a unit.");
}
