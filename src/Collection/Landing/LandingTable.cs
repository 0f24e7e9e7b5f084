// In: a published resource. Out: its table in the landing layer, made or altered from its items. Fields follow item ids: a renamed item keeps its data,
// an item whose type no longer holds its old values gets a new column and the old one keeps them under another name. Nothing is ever dropped.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Collection.Landing;

internal sealed class LandingTable(Warehouse lake, StateStore state)
{
    internal const string Layer = "landing";

    private static readonly NewColumn[] OriginColumns =
    [
        new(Origin.Batch, ColumnType.Text), new(Origin.File, ColumnType.Int32), new(Origin.Record, ColumnType.Int64), new(Origin.Quality, ColumnType.Int64),
    ];

    /// <summary>The table as the resource's published version wants it.</summary>
    public async Task<Result<Table>> For(ResourceCard resource, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var known = await LandingResources.Fields(connection, resource.Id, stop);
        var table = known is null ? null : await lake.Get(known.Value.Table, stop: stop);
        return table is null ? await Make(resource, stop) : await Alter(table, known!.Value.Fields, resource, stop);
    }

    private async Task<Result<Table>> Make(ResourceCard resource, CancellationToken stop)
    {
        NewColumn[] columns = [.. resource.Items.Select(i => new NewColumn(i.Column, ItemColumns.TypeOf(i))), .. OriginColumns];
        var made = await lake.CreateTable(Layer, resource.Table, columns, Terms(resource, "make"), stop);
        if (made.Refused)
        {
            return made;
        }

        return await Remember(made.Value, resource, resource.Items.ToDictionary(i => i.Id, i => made.Value.Column(i.Column)!.Id), stop);
    }

    private async Task<Result<Table>> Alter(Table table, Dictionary<Guid, long> fields, ResourceCard resource, CancellationToken stop)
    {
        var (was, now) = (table, new Dictionary<Guid, long>(fields));
        foreach (var (step, item) in Steps(table, fields, resource.Items))
        {
            var column = fields.TryGetValue(item.Id, out var id) ? table.Columns.FirstOrDefault(c => c.Id == id) : null;
            var altered = await Take(step, table, column, item, resource, stop);
            if (altered.Refused && step == Step.Widen)
            {
                // Some number there has too many digits for it.
                var aside = await Take(Step.SetAside, table, column, item, resource, stop);
                altered = aside.Refused ? aside : await Take(Step.Add, aside.Value, null, item, resource, stop);
            }

            if (altered.Refused)
            {
                return altered;
            }

            table = altered.Value;
            if (step != Step.SetAside)
            {
                now[item.Id] = table.Column(item.Column)!.Id;
            }
        }

        return ReferenceEquals(was, table) ? table : await Remember(table, resource, now, stop);
    }

    private Task<Result<Table>> Take(Step step, Table table, Column? column, ItemCard item, ResourceCard resource, CancellationToken stop)
    {
        var terms = Terms(resource, $"{step} {item.Id:D}");
        return step switch
        {
            Step.Rename => lake.RenameColumn(table, column!.Name, item.Column, terms, stop),
            Step.Widen => lake.WidenColumn(table, column!.Name, ItemColumns.TypeOf(item), terms, stop),
            Step.SetAside => lake.RenameColumn(table, column!.Name, $"{column.Name}__{column.Id}", terms, stop),
            _ => lake.AddColumn(table, new(item.Column, ItemColumns.TypeOf(item)), terms, stop),
        };
    }

    private enum Step
    {
        Rename,
        Widen,
        SetAside,
        Add,
    }

    /// <summary>What must be done, in an order in which no name is taken twice: names are freed before they are given.</summary>
    private static IEnumerable<(Step Step, ItemCard Item)> Steps(Table table, Dictionary<Guid, long> fields, IReadOnlyList<ItemCard> items)
    {
        var (aside, rename, later) = (new List<(Step, ItemCard)>(), new List<(Step, ItemCard)>(), new List<(Step, ItemCard)>());
        foreach (var item in items)
        {
            var column = fields.TryGetValue(item.Id, out var id) ? table.Columns.FirstOrDefault(c => c.Id == id) : null;
            if (column is null)
            {
                later.Add((Step.Add, item));
            }
            else if (column.Type != ItemColumns.TypeOf(item) && !column.Type.MayWidenTo(ItemColumns.TypeOf(item)))
            {
                aside.Add((Step.SetAside, item));
                later.Add((Step.Add, item));
            }
            else
            {
                if (column.Name != item.Column)
                {
                    rename.Add((Step.Rename, item));
                }

                if (column.Type != ItemColumns.TypeOf(item))
                {
                    later.Add((Step.Widen, item));
                }
            }
        }

        return [.. aside, .. rename, .. later];
    }

    private async Task<Table> Remember(Table table, ResourceCard resource, Dictionary<Guid, long> fields, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await LandingResources.Keep(connection, null, resource, stop);
        await connection.Execute(
            null,
            $"UPDATE landing_resource SET lake_table = {table.Id}, fields = {Batches.Json.Of(fields)} WHERE resource = {resource.Id.ToString()}",
            stop);
        return table;
    }

    /// <summary>The same step of the same version is done once, also when it is tried again after a crash.</summary>
    private static Terms Terms(ResourceCard resource, string step) => new($"landing:{resource.Id:D}:{resource.Version}:{step}", "system", $"{step} {resource.Code}");
}
