// In: a rule and, perhaps, a batch. Out: the rows it flags, the first five hundred, and how many there are, through the policy's gate, with the file and line each came from. Refuses a rule that would tell the reader values they do not see in clear.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Rules;
using Lizhou.Tabular.Writers;
using Lizhou.Ui;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <param name="Notes">Of each row, what it is at fault with: whole and parts, the value before; null where the row says it itself.</param>
/// <param name="Total">How many rows the rule flags in all, of the batch where one was asked for; null where that is not counted.</param>
internal sealed record Flagged(RowSet Set, IReadOnlyList<Text?> Notes, long? Total)
{
    /// <summary>Batch, file and line of the rows, by where they came from; empty where they were not looked up.</summary>
    public IReadOnlyDictionary<RowOrigin, RowPlace> Places { get; init; } = new Dictionary<RowOrigin, RowPlace>();

    public RowPlace PlaceOf(RowOrigin row) => Places.GetValueOrDefault(row) ?? new("", "", row.Record, 0);
}

internal sealed class ReadFlagged(KeptDb db, KeptRules kept, SaveRules save, Warehouse lake, IRejects rejects, IRowPlaces places, IRowGate gate, ILedger ledger)
{
    private const int Most = 500;

    private static readonly Text More = new("此处列出 {0} 行，共有问题行 {1} 行：改正并重新报送后再导出其余的行", "{0} of {1} flagged rows are here: correct them, send them again and export what is left");

    /// <param name="batch">Number of a batch; null for all.</param>
    public async Task<Result<Flagged>> Run(Guid resource, string? rule, string? batch, Actor actor, CancellationToken stop)
    {
        var found = await Find(resource, rule, batch, actor, stop);
        return found.Refused ? found : found.Value with { Places = await places.Of(found.Value.Set.Provenance, stop) };
    }

    /// <summary>The rows alone: their files are not looked up.</summary>
    public async Task<Result<Flagged>> Find(Guid resource, string? rule, string? batch, Actor actor, CancellationToken stop)
    {
        var mine = await save.Mine(resource, actor, stop);
        if (mine.Refused)
        {
            return mine.Problem!;
        }

        var scan = await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop);
        if (scan is null || KeptDb.From<List<RuleCount>>(scan.Rules) is not { } counts)
        {
            return Problems.NotScanned.With(mine.Value.Name);
        }

        if (counts.Find(c => c.Rule == rule) is not { } count)
        {
            return Problems.NoRule.With(mine.Value.Name, rule);
        }

        var test = CompileRules.Together(count.Kind) ? await Test(mine.Value, count.Rule, stop) : null;
        if (test is null && !(count.Rows && !CompileRules.Together(count.Kind)))
        {
            return CompileRules.Together(count.Kind) ? Problems.NotScanned.With(mine.Value.Name) : Problems.WholeTable.With(rule);
        }

        // Which rows are flagged tells of values what their masks hide.
        var sight = await Sight.Of(mine.Value, gate, actor, stop);
        if (test is { Rule: var whole } ? sight.HidesRows(whole) : sight.Hides(count.Kind, count.Columns))
        {
            await ledger.Append(actor, new("rows.read", mine.Value.Code, Problems.HiddenRule.Code, new { rule }), stop);
            return Problems.HiddenRule.With(rule);
        }

        var root = string.IsNullOrEmpty(batch) ? null : (await rejects.Named(batch, stop))?.Id;
        if (root is null && !string.IsNullOrEmpty(batch))
        {
            return Problems.NoBatch.With(batch);
        }

        var parts = root is null ? [] : await db.Batches.AsNoTracking().Where(b => b.Resource == resource && b.Root == root && !b.Undone).Select(b => b.Batch).ToListAsync(stop);
        if (test is var (_, table, asked))
        {
            return await Together(resource, table, asked, root is null ? null : parts, root is null ? count.Failed : null, actor, stop);
        }

        var at = counts.Where(c => c.Rows && !CompileRules.Together(c.Kind)).ToList().IndexOf(count);
        var (ids, total) = root is not null && parts.Count == 0 ? ([], 0) : await Ids(resource, scan, root is null ? null : parts, at, stop);
        var found = await gate.Read(new RowAsk(resource, Purposes.Preview, parts is [var only] ? only : null, Take: Most) { RowIds = ids, Count = false }, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        if (parts.Count < 2)
        {
            return new Flagged(found.Value, new Text?[found.Value.Rows.Count], root is null ? count.Failed : total);
        }

        // Mended rows came in batches of their own and stand with the load they mend.
        var own = found.Value.Provenance.Index().Where(p => parts.Contains(p.Item.Batch)).Select(p => p.Index).ToList();
        return new Flagged(found.Value with { Rows = [.. own.Select(i => found.Value.Rows[i])], Provenance = [.. own.Select(i => found.Value.Provenance[i])] }, new Text?[own.Count], total);
    }

    /// <summary>The same as a file; values as the policy shows them.</summary>
    public async Task<Result<FileContentHttpResult>> Export(Guid resource, string? rule, string? batch, string? format, Actor actor, CancellationToken stop)
    {
        var found = await Run(resource, rule, batch, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (card, set) = ((await save.Mine(resource, actor, stop)).Value, found.Value.Set);
        // A row that does not say it itself is at fault by what the rule says; where more are flagged than the file holds, its last line says so.
        var why = (await kept.Of(card, stop)).Rules.FirstOrDefault(r => r.Rule.Name == rule)?.Rule.Reason;
        string?[][] more = found.Value.Total > set.Rows.Count ? [[null, null, null, null, More.With(set.Rows.Count, found.Value.Total).ToString(), .. set.Items.Select(_ => (string?)null)]] : [];
        await ledger.Append(actor, new("rows.exported", card.Code, Evidence.Done, new { rule, batch, rows = set.Rows.Count }), stop);
        (Text Name, double Width)[] columns = [(new("批次", "Batch"), 18), (new("文件", "File"), 24), (new("记录", "Record"), 8), (new("行", "Line"), 8), (new("问题", "What is wrong"), 28), .. set.Items.Select(i => (new Text(i.Item.Name, i.Item.Name), 18d))];
        var file = ListFile.Of(
            format, new Text("问题行", "Flagged rows").ToString(), [.. columns.Select(c => (c.Name.ToString(), c.Width))],
            set.Rows.Zip(set.Provenance, found.Value.Notes).Select(r => (string?[])[.. Place(found.Value.PlaceOf(r.Second)), (r.Third ?? why)?.ToString(), .. r.First.Select(v => v is null ? null : Cells.Shown(v))]).Concat(more));
        return TypedResults.File(file.Content, file.Type, $"{card.Name}_{BoundRules.Called(rule!, card)}{file.Ending}");
    }

    private static IEnumerable<string?> Place(RowPlace place) => [place.Number, place.File, $"{place.Record}", place.Line > 0 ? $"{place.Line}" : null];

    /// <summary>A rule on rows together as it is in force; null when it no longer is.</summary>
    private async Task<(Rule Rule, Table Table, SetTest Test)?> Test(ResourceCard card, string rule, CancellationToken stop)
    {
        if (await lake.Resource(card.Table, stop: stop) is not { } table || await kept.Compile(card, await kept.Of(card, stop), table, null, stop) is not { Refused: false, Value: var compiled })
        {
            return null;
        }

        var set = compiled.Sets.FirstOrDefault(s => s.Rule.Name == rule);
        return set.Rule is null ? null : (set.Rule, table, set.Test);
    }

    /// <param name="parts">The load and what was mended of it; null for all batches.</param>
    private async Task<Result<Flagged>> Together(Guid resource, Table table, SetTest test, List<Guid>? parts, long? total, Actor actor, CancellationToken stop)
    {
        var rows = await lake.AtFault(table, test, parts?.ConvertAll(p => p.ToString("D")), 0, Most, stop);
        if (rows.Refused)
        {
            return rows.Problem!;
        }

        var found = await gate.Read(new RowAsk(resource, Purposes.Preview, Take: Most) { RowIds = [.. rows.Value.Select(r => r.Id)], Count = false }, actor, stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var notes = rows.Value.DistinctBy(r => (r.Batch, r.File, r.Record)).ToDictionary(r => (r.Batch, r.File, r.Record), r => Note(test, r));
        return new Flagged(found.Value, [.. found.Value.Provenance.Select(p => notes.GetValueOrDefault((p.Batch.ToString("D"), p.File, p.Record)))], total);
    }

    private static Text? Note(SetTest test, SetRow row) => test switch
    {
        SetTest.AddsUp => new Text("合计 {0}，各部分之和 {1}", "the whole is {0}, the parts sum to {1}").With(row.Is, row.Other),
        SetTest.NeverFalls => new Text("前一个值是 {0}", "the value before is {0}").With(row.Is),
        _ => null,
    };

    /// <param name="parts">The load and what was mended of it; null for all batches.</param>
    private async Task<(IReadOnlyList<long> Named, long Total)> Ids(Guid resource, Scanned scan, List<Guid>? parts, int at, CancellationToken stop)
    {
        var (named, total) = (new List<long>(), 0L);
        var files = db.Files.AsNoTracking().Where(f => f.Resource == resource);
        files = parts is null ? files : files.Where(f => f.Batch == null || parts.Contains(f.Batch.Value));
        await foreach (var file in files.AsAsyncEnumerable().WithCancellation(stop))
        {
            // How many there are in all is known of the whole table; of some batches it is counted.
            if ((parts is not null || named.Count < Most) && db.Unpack(file.State) is { } state && at < state.Witnesses.Count)
            {
                total += state.Failed[at];
                named.AddRange(state.Witnesses[at]);
            }
        }

        // Rows that still wait in the catalog are in no file.
        if (named.Count < Most && db.Unpack(scan.State) is { } all && at < all.Witnesses.Count)
        {
            named.AddRange(all.Witnesses[at]);
        }

        return ([.. named.Distinct().Take(Most)], total);
    }
}
