// In: a batch, filters, a page. Out: rejected rows as this actor may see them: values of sensitive items masked by the policy, the evidence written first.
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Rejects;

/// <summary>A rejected row as shown.</summary>
/// <param name="Number">Batch number and row: what a clerk quotes and the spreadsheet carries.</param>
/// <param name="Line">Line, or row of the sheet; 0 when unknown.</param>
/// <param name="Cells">By the batch's items.</param>
internal sealed record RejectView(
    long Seq, string Number, string File, long Record, long Line, RejectState State, IReadOnlyList<string?> Cells, IReadOnlyList<FaultView> Faults)
{
    /// <summary>Of each cell, whether it is shown as it is; one that is not cannot be mended on the page.</summary>
    public IReadOnlyList<bool> Clear { get; init; } = [];

    /// <summary>Whether the cell can be mended on the page. In a row that has not one cell an item, none where any is masked: it could not be put back.</summary>
    public bool May(int at, int items) => Cells.Count == items ? Clear[at] : Clear.All(c => c);
}

/// <param name="Item">Name of the item; null when the row as a whole is at fault.</param>
internal sealed record FaultView(string? Item, string Code, string? Value, string Reason, string Hint)
{
    /// <summary>The page on which an exception to the rule can be documented; null where none can lift it, or the actor does not see the value as it is.</summary>
    public string? Exception { get; init; }
}

/// <summary>How many rows one reason stopped at one item.</summary>
/// <param name="At">Index of the item, for the filter; −1 for the row as a whole.</param>
internal sealed record SumView(int At, string? Item, string Code, string Reason, long Rows);

internal sealed record RejectList(
    Batch Batch, IReadOnlyList<string> Items, IReadOnlyList<SumView> Summary, Page<RejectView> Rows)
{
    /// <summary>Without the batch itself.</summary>
    public object Body => new { Rows.Items, Rows.Number, Rows.Size, Rows.Total, Rows.Pages, columns = Items, Summary };
}

internal sealed class ReadRejects(StateStore state, Settings settings, ShowBatch show, ICatalog catalog, IRowGate gate, IExceptions exceptions, ILedger ledger)
{
    internal static async Task<Results<Ok<object>, ProblemHttpResult>> Handle(
        string batch, string? code, int? item, RejectState? state, int? page, int? size, ReadRejects rejects, ClaimsPrincipal who, CancellationToken stop)
    {
        var list = await rejects.Read(batch, new(code, item, state), new(page, size), Actor.From(who)!, stop);
        return list.Refused ? list.Problem!.ToHttp() : TypedResults.Ok(list.Value.Body);
    }

    /// <param name="mostCells">So many cells at most on a page, however many rows are asked for; null for any.</param>
    public async Task<Result<RejectList>> Read(string name, RejectFilter filter, PageAsk ask, Actor actor, CancellationToken stop, int? mostCells = null)
    {
        var found = await show.Find(name, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var batch = found.Value;
        if (batch.RejectDigest is null)
        {
            return Problems.NoRejects.With(batch.Number);
        }

        var path = RejectFile.PathOf(settings, batch.Id);
        var (items, files, states) = await About(batch, path, stop);
        ask = mostCells is { } most ? new(ask.Page, Math.Clamp(most / Math.Max(1, items.Count), 1, ask.Rows)) : ask;
        var (rows, total) = RejectPage.Read(path, filter, states, ask.Skip, ask.Rows);
        await ledger.Append(actor, new("rejects.read", batch.Number, "done", new { rows = rows.Count }), stop);
        var shown = rows.Select(r => Shown(batch, r, items, files, states, actor)).ToList();
        var summary = RejectPage.Summary(path).Select(s => new SumView(s.Item ?? -1, s.Item is { } at ? items[at].Name : null, s.Code, s.Reason.ToString(), s.Rows)).ToList();
        return new RejectList(batch, [.. items.Select(i => i.Name)], summary, new(shown, ask.Number, ask.Rows, total));
    }

    /// <summary>The items a batch's rejects count by, the names of its parts, and what became of each row.</summary>
    public async Task<(IReadOnlyList<ItemCard> Items, IReadOnlyList<string> Files, RejectStates States)> About(Batch batch, string path, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var states = await RejectStates.Load(connection, null, batch.Id, batch.Counts.Rejected, stop);
        var files = await BatchRows.Files(connection, null, batch.Id, stop);
        var card = await catalog.Published(batch.Resource, stop);
        var known = card?.Items.ToDictionary(i => i.Id) ?? [];
        // An item the catalogue no longer has is treated as not classified.
        var items = RejectPage.Items(path).Select(id => known.GetValueOrDefault(id)
            ?? new ItemCard(id, "?", "?", ItemType.Text, null, null, null, false, false, null, CheckCharacter.None, null, null, null)).ToList();
        return (items, [.. files.Select(f => f.Name)], states);
    }

    /// <summary>A cell as this actor may see it. A row that has not one cell an item cannot be told apart, so it is as sensitive as the whole table.</summary>
    public string? Cell(IReadOnlyList<ItemCard> items, int at, int cells, string? value, Actor actor, Guid unit) =>
        gate.Show(cells == items.Count && at >= 0 ? items[at] : items.MaxBy(i => i.Applied)!, value, actor, unit);

    /// <summary>A row as this actor may see it.</summary>
    public RejectView Shown(Batch batch, Reject row, IReadOnlyList<ItemCard> items, IReadOnlyList<string> files, RejectStates states, Actor actor)
    {
        List<string?> cells = [.. row.Cells.Select((c, i) => Cell(items, i, row.Cells.Count, c, actor, batch.Unit))];
        return new(
            row.Seq, $"{batch.Number}#{row.Seq + 1}", files.ElementAtOrDefault(row.Part) ?? "", row.Record, row.Line, states[row.Seq], cells,
            [
                .. row.Faults.Select(f =>
                {
                    var shown = Cell(items, f.Item ?? -1, items.Count, f.Value, actor, batch.Unit);
                    return new FaultView(f.Item is { } at ? items[at].Name : null, f.Code, shown, f.Reason.ToString(), f.Hint.ToString())
                    {
                        Exception = f.Item is { } i && shown == f.Value && Lifted(f.Code) is { } rule ? exceptions.Page(batch.Resource, items[i], rule, Told(items[i], shown)) : null,
                    };
                }),
            ])
        {
            Clear = [.. cells.Zip(row.Cells, (shown, sent) => shown == sent)],
        };
    }

    /// <summary>A value that may stand in the address of a page, which others keep: none of a person's.</summary>
    private static string? Told(ItemCard item, string? value) => item.Applied <= Level.L2 && value?.Length <= 200 ? value.Trim() : null;

    /// <summary>The rule that refuses with this code; null where no exception lifts it.</summary>
    private static ExceptedRule? Lifted(string code) => code switch
    {
        "LOD-110" => ExceptedRule.Format,
        "LOD-111" or "LOD-112" => ExceptedRule.Check,
        "LOD-113" or "LOD-115" or "LOD-116" => ExceptedRule.Codes,
        _ => null,
    };
}
