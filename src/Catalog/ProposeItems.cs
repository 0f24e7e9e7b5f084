// In: columns a batch brought that a resource has no item for. Out: a draft of the resource with an item for each, told where it came from, for its steward
// to review. A column is proposed once. While a version is under review nothing is added to it: the next batch brings the column again.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Catalog;

internal sealed class ProposeItems(Register register) : IHandle<ColumnsProposed>
{
    private const int LongestName = 100;
    private const int Scale = 4;

    public async Task Handle(ColumnsProposed fact, Guid delivery, CancellationToken stop)
    {
        if (await Wanted(fact, stop) is not { Count: > 0 } columns)
        {
            return;
        }

        // A refusal (a unit that was closed, an entry with faults of old) is in the ledger; trying again would not change it.
        await register.Do(Actor.System, "catalog.propose", fact.Resource.ToString(), async work =>
        {
            var entry = (await work.Version(fact.Resource, (await work.Head(fact.Resource))!.Latest))!;
            entry = entry with { Items = [.. entry.Items, .. columns.Select(c => Item(c, fact.Number))] };
            var note = new Text("批次 {0} 带来目录没有的列：{1}。请核对后提交。", "Batch {0} brought columns the catalogue does not have: {1}. Review and submit them.")
                .With(fact.Number, string.Join(", ", columns.Select(c => c.Header))).Zh;
            var drafted = await ChangeResource.In(work, fact.Resource, entry, null, note);
            foreach (var column in drafted.Refused ? [] : columns)
            {
                await work.Execute($"""
                    INSERT INTO resource_proposal (resource, header, type, batch, version, made_at)
                    VALUES ({fact.Resource.ToString()}, {column.Header}, {column.Type}, {fact.Number}, {drafted.Value.Opened}, {work.Now.ToStored()})
                    """);
            }

            return drafted;
        }, stop);
    }

    /// <summary>Those of the columns that have neither an item nor a proposal; none while the resource cannot be changed.</summary>
    private async Task<List<ProposedColumn>?> Wanted(ColumnsProposed fact, CancellationToken stop)
    {
        await using var connection = await register.Open(stop);
        if (await Shelf.Find(connection, null, fact.Resource, stop) is not { Retired: false, OpenState: null or ResourceState.Draft } head)
        {
            return null;
        }

        var proposed = await connection.Rows(null, $"SELECT header FROM resource_proposal WHERE resource = {fact.Resource.ToString()}", r => r.GetString(0), stop).ToListAsync(stop);
        var items = (await Shelf.Version(connection, null, fact.Resource, head.Latest, stop))!.Items.SelectMany(i => new[] { i.Name, i.Column });
        var known = items.Concat(proposed).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. fact.Columns.Where(c => Name(c).Length > 0 && !known.Contains(c.Header) && known.Add(Name(c)))];
    }

    private static string Name(ProposedColumn column) => column.Header.Trim() is var name && name.Length > LongestName ? name[..LongestName] : name;

    private static ItemCard Item(ProposedColumn column, string batch) => ItemCard.Of(
        Name(column), TypeOf(column.Type), scale: column.Type == "Decimal" ? Scale : null, meaning: new Text("由批次 {0} 带来，待核对", "Brought by batch {0}, to be reviewed").With(batch).Zh);

    private static ItemType TypeOf(string seen) => seen switch
    {
        "Integer" => ItemType.Integer,
        "Decimal" => ItemType.Number,
        "Money" => ItemType.Money,
        "Date" => ItemType.Date,
        "DateTime" => ItemType.Moment,
        "Boolean" => ItemType.Logical,
        _ => ItemType.Text,
    };
}
