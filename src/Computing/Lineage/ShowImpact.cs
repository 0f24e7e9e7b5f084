// In: a resource, model or dataset, and perhaps one of its columns. Out: what it feeds, or what feeds it, set by set with the columns; and who uses what is reached: sources, models, grants.
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lineage;

/// <param name="Direct">Whether its values come from there; else they only decide about it.</param>
internal sealed record ReachedColumn(string Column, string Title, bool Direct);

/// <param name="Set">A resource's id, or the name of another system's dataset.</param>
/// <param name="Steps">How many computations away.</param>
/// <param name="Uses">Who uses it.</param>
/// <param name="Grants">Numbers of grants that hand out one of the columns.</param>
internal sealed record ReachedSet(
    string Set, string Name, string? Code, string? Model, int Steps, bool Whole, IReadOnlyList<ReachedColumn> Columns, IReadOnlyList<string> Uses, IReadOnlyList<string> Grants);

/// <param name="Ms">How long the graph took.</param>
internal sealed record Impact(string Set, string Name, string? Column, bool Ahead, long Total, IReadOnlyList<ReachedSet> Sets, IReadOnlyList<string> Uses, IReadOnlyList<string> Grants, double Ms);

internal sealed class ShowImpact(KeptGraph graph, ModelShelf shelf, ICatalog catalog, IEnumerable<IResourceUse> users, IGrantBook grants)
{
    private const int Most = 200;

    /// <param name="set">Code, table or id of a resource, name of a model, or a dataset of another system.</param>
    /// <param name="column">Null or empty: any.</param>
    /// <param name="ahead">True: what depends on it; false: what it comes from.</param>
    public async Task<Result<Impact>> Run(string set, string? column, bool ahead, CancellationToken stop)
    {
        var (all, models) = (await graph.Now(stop), await shelf.All(stop));
        var card = await Card(set, models, stop);
        var key = card?.Id.ToString("D") ?? set;
        if (card is null && !all.Has(set))
        {
            return Problems.NoSet.With(set);
        }

        column = string.IsNullOrEmpty(column) ? null : column;
        if (column is not null && card?.Items.Any(i => i.Column == column) != true && !all.Has(new ColumnOf(key, column)))
        {
            return Problems.NoColumnOfSet.With(column, card?.Name ?? set, string.Join(", ", card?.Items.Take(20).Select(i => i.Column) ?? ["—"]));
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var reached = all.From(new(key, column ?? ""), ahead).GroupBy(r => r.Column.Set, StringComparer.Ordinal).ToList();
        var ms = watch.Elapsed.TotalMilliseconds;
        var (sets, nearest) = (new List<ReachedSet>(), reached.OrderBy(g => g.Min(r => r.Steps)).Take(Most).ToList());
        var cards = (await catalog.Published([.. nearest.Select(g => Guid.TryParse(g.Key, out var id) ? id : Guid.Empty).Where(i => i != Guid.Empty)], stop)).ToDictionary(c => c.Id);
        foreach (var group in nearest)
        {
            sets.Add(await Told(group.Key, Guid.TryParse(group.Key, out var id) ? cards.GetValueOrDefault(id) : null, [.. group], models, stop));
        }

        return new Impact(
            key, card?.Name ?? set, column, ahead, reached.Count, sets, await Uses(card?.Id, Readers(key, column, ahead ? reached.Select(g => g.Key) : null, all, models), stop), await Granted(card, column is null ? null : [column], stop), ms);
    }

    /// <summary>Of the models those that make the set, or read the column; all where no column is asked for.</summary>
    /// <param name="reached">Sets ahead of the column, where they are known.</param>
    private static IReadOnlyList<Model> Readers(string set, string? column, IEnumerable<string>? reached, LineageGraph graph, IReadOnlyList<Model> models)
    {
        if (column is null)
        {
            return models;
        }

        var fed = (reached ?? graph.From(new(set, column), ahead: true).Select(r => r.Column.Set)).ToHashSet(StringComparer.Ordinal);
        return [.. models.Where(m => m.Id.ToString("D") == set || fed.Contains(m.Id.ToString("D")))];
    }

    /// <summary>Null when it is no resource.</summary>
    public async Task<ResourceCard?> Card(string set, IReadOnlyList<Model> models, CancellationToken stop) =>
        Guid.TryParse(set, out var id) ? await catalog.Published(id, stop)
        : models.FirstOrDefault(m => m.Name == set) is { } model ? await catalog.Published(model.Id, stop)
        : await catalog.Published(set, stop) ?? await catalog.ByTable(set, stop);

    private async Task<ReachedSet> Told(string set, ResourceCard? card, IReadOnlyList<Reached> reached, IReadOnlyList<Model> models, CancellationToken stop)
    {
        var columns = reached.Where(r => r.Column.Column.Length > 0).Select(r => new ReachedColumn(r.Column.Column, card?.Items.FirstOrDefault(i => i.Column == r.Column.Column)?.Name ?? r.Column.Column, r.Direct));
        return new(
            set, card?.Name ?? set, card?.Code, models.FirstOrDefault(m => m.Id.ToString("D") == set)?.Name, reached.Min(r => r.Steps), reached.Any(r => r.Column.Column.Length == 0),
            [.. columns.OrderByDescending(c => c.Direct)], await Uses(card?.Id, models, stop), await Granted(card, [.. reached.Select(r => r.Column.Column)], stop));
    }

    private async Task<IReadOnlyList<string>> Uses(Guid? resource, IReadOnlyList<Model> models, CancellationToken stop)
    {
        // The models are here already: asked for each set anew, all of them would be read two hundred times.
        var uses = resource is { } id ? UsesOfModels.Of(id, models).Select(u => u.ToString()).ToList() : [];
        foreach (var user in resource is null ? [] : users.Where(u => u is not UsesOfModels))
        {
            uses.AddRange((await user.Uses(resource!.Value, stop)).Select(u => u.ToString()));
        }

        return uses;
    }

    private async Task<IReadOnlyList<string>> Granted(ResourceCard? card, IReadOnlyList<string>? columns, CancellationToken stop)
    {
        if (card is null)
        {
            return [];
        }

        var items = card.Items.Where(i => columns is null || columns.Contains(i.Column) || columns.Contains("")).Select(i => i.Id).ToHashSet();
        return [.. (await grants.Of(null, card.Id, 0, 1000, stop)).Where(g => g.State == GrantState.Active && g.Items.Any(i => items.Contains(i.Item))).Select(g => g.Number)];
    }
}
