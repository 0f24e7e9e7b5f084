// In: the columns of a model as they are to be, and as they were. Out: the same with their identities. A column keeps its own while it comes from the same and is as sensitive; else it is another one, so that
// no grant of the one hands out the other, and no older snapshot shows the one's values as the other's.
using Lizhou.Contracts.Catalog;

namespace Lizhou.Computing.Models;

internal static class ColumnIdentity
{
    /// <param name="before">Null for a new model.</param>
    /// <param name="card">The entry in force; null for none.</param>
    public static Found Of(Found found, Found? before, ResourceCard? card, Func<Guid> newId) => found with
    {
        Columns =
        [
            .. found.Columns.Select(c => c with
            {
                Id = before?.Columns.FirstOrDefault(o => o.Name == c.Name) is { } old && Same(old, before, c, found) ? Known(old, card) ?? newId() : newId(),
            }),
        ],
    };

    private static Guid? Known(ModelColumn old, ResourceCard? card) => old.Id != Guid.Empty ? old.Id : card?.Items.FirstOrDefault(i => i.Column == old.Name)?.Id;

    private static bool Same(ModelColumn old, Found before, ModelColumn now, Found found) => old.Level == now.Level && Sources(old, before).SetEquals(Sources(now, found));

    private static HashSet<(Guid, string, Lineage.FlowKind)> Sources(ModelColumn column, Found found) =>
        [.. column.From.Select(f => (found.Inputs.FirstOrDefault(i => i.Key == f.Table)?.Set ?? Guid.Empty, f.Column, f.Kind))];
}
