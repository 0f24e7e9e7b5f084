// In: a model, its entry and its computed rows. Out: its table in its layer with those rows, under the columns of the version in force. A column that is another one than that whose values lie in the table is made anew.
// All that takes time comes first: new columns are added under names nobody reads, and the file is made for them. What is left are changes of the catalog: until the first of them what was there before is
// in force, untouched. A crash between them leaves columns without values till the next run. Only the table of a model that moves to another layer is dropped before: its snapshots go with the layer.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Computing.Runs;

/// <summary>Rows that wait to become true.</summary>
/// <param name="Table">As it is.</param>
/// <param name="Fresh">Columns made anew, by the names they wait under.</param>
/// <param name="File">Null when there are no rows.</param>
internal sealed record StagedRows(Table Table, IReadOnlyDictionary<string, string> Fresh, StagedFile? File);

internal sealed class ModelTable(Warehouse lake, RunShelf runs)
{
    /// <summary>No column of a result begins so.</summary>
    private const char Waiting = '~';

    private static readonly NewColumn[] Origins =
        [new(Origin.Batch, ColumnType.Text), new(Origin.File, ColumnType.Int32), new(Origin.Record, ColumnType.Int64), new(Origin.Quality, ColumnType.Int64)];

    public async Task<long> Rows(Model model, CancellationToken stop) => await lake.Find(model.Head.Layer, model.Table, stop: stop) is { } table ? await lake.Count(table, stop) : 0;

    /// <summary>Nothing anybody sees has changed afterwards.</summary>
    public async Task<Result<StagedRows>> Stage(Model model, ResourceCard card, Run run, string file, CancellationToken stop)
    {
        var wanted = model.Found.Columns.Select(c => (c.Id, Column: new NewColumn(c.Name, ItemColumns.TypeOf(c.Item, c.Precision, c.Scale)))).ToList();
        var found = await Found(model, card, run, [.. wanted.Select(w => w.Column)], stop);
        if (found.Refused)
        {
            return found.Problem!;
        }

        var (table, stored) = (found.Value, (await runs.Written(model.Id, stop))?.Columns ?? []);
        var fresh = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, column) in wanted.Where(w => table.Column(w.Column.Name) is not { } there || there.Type != w.Column.Type || (stored.FirstOrDefault(s => s.Name == w.Column.Name) is { } old && old.Id != w.Id)))
        {
            var name = $"{Waiting}{fresh.Count}";
            // One that an earlier run left waiting was for another version.
            var left = table.Column(name)?.Id;
            var free = left is null ? table : await lake.DropColumn(table, name, Terms(run, model, $"clear {left}"), stop);
            var added = free.Refused ? free : await lake.AddColumn(free.Value, column with { Name = name }, Terms(run, model, $"add {id:N} after {left}"), stop);
            if (added.Refused)
            {
                return added.Problem!;
            }

            (table, fresh[name]) = (added.Value, column.Name);
        }

        var columns = table.Columns.Where(c => fresh.ContainsKey(c.Name)).Select(c => c with { Name = fresh[c.Name] });
        var kept = table.Columns.Where(c => Origin.Has(c.Name) || (wanted.Any(w => w.Column.Name == c.Name) && !fresh.ContainsValue(c.Name)));
        var staged = await lake.TakeOver(table with { Columns = [.. kept, .. columns] }, file, run.Id, model.Head.Key, stop);
        return staged.Refused ? staged.Problem! : new StagedRows(table, fresh, staged.Value);
    }

    /// <summary>The table under the columns of the version in force; what it no longer has is dropped, and older snapshots keep it.</summary>
    public async Task<Result<Table>> Shape(Model model, Run run, StagedRows staged, CancellationToken stop)
    {
        var table = staged.Table;
        var gone = table.Columns.Where(c => !Origin.Has(c.Name) && !staged.Fresh.ContainsKey(c.Name) && (model.Found.Columns.All(w => w.Name != c.Name) || staged.Fresh.Values.Contains(c.Name))).ToList();
        foreach (var step in gone.Select(c => (c.Id, c.Name, To: (string?)null)).Concat(staged.Fresh.Select(f => (table.Column(f.Key)!.Id, Name: f.Key, To: (string?)f.Value))).ToList())
        {
            var altered = step.To is null
                ? await lake.DropColumn(table, step.Name, Terms(run, model, $"drop {step.Id}"), stop)
                : await lake.RenameColumn(table, step.Name, step.To, Terms(run, model, $"name {step.Id}"), stop);
            if (altered.Refused)
            {
                return altered;
            }

            table = altered.Value;
        }

        return table;
    }

    private async Task<Result<Table>> Found(Model model, ResourceCard card, Run run, IReadOnlyList<NewColumn> wanted, CancellationToken stop)
    {
        if (await lake.Find(model.Head.Layer, card.Table, stop: stop) is { } table)
        {
            return table;
        }

        if (await lake.Resource(card.Table, stop: stop) is { } elsewhere && elsewhere.Layer != "landing" && (await lake.Drop(elsewhere, Terms(run, model, "move"), stop)).Problem is { } kept)
        {
            return kept;
        }

        return await lake.CreateTable(model.Head.Layer, card.Table, [.. wanted, .. Origins], Terms(run, model, "make"), stop);
    }

    private static Terms Terms(Run run, Model model, string step) => new($"model:{run.Id:D}:{model.Id:D}:{step}", run.By, $"{step} {model.Name}");
}
