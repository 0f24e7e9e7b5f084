// In: a layer, a name, columns. Out: an empty table with stable field ids. Refuses names that are taken or unfit.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Tables;

internal static class CreateTable
{
    public static Problem? Check(string layer, string name, IReadOnlyList<NewColumn> columns)
    {
        if (!Names.AllowedLayer(layer))
        {
            return Problems.BadName.With(layer);
        }

        if (!Names.Allowed(name))
        {
            return Problems.BadName.With(name);
        }

        if (columns.FirstOrDefault(c => !Names.AllowedColumn(c.Name)) is { } bad)
        {
            return Problems.BadName.With(bad.Name);
        }

        var twice = columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is not null ? Problems.ColumnExists.With(twice.Key) : columns.Count == 0 ? Problems.NoColumn.With(name, "1") : null;
    }

    public static async Task<Result<Write>> Apply(CatalogChange change, string layer, string name, IReadOnlyList<NewColumn> columns, TimeProvider clock, CancellationToken stop)
    {
        if (await change.Read.Find(layer, name, change.Snapshot - 1, stop) is { } there)
        {
            return Problems.TableExists.With(there);
        }

        var schema = await Layer(change, layer, clock, stop);
        var id = change.NewCatalogId();
        var uuid = Guid.CreateVersion7(clock.GetUtcNow());
        var path = $"{uuid.ToString("N")[^2..]}/{uuid:D}/"; // two levels, so that 22,261 tables do not share one folder
        await change.Insert(CatalogTables.Table, [id, uuid, change.Snapshot, null, schema, name, path, true], stop);
        await change.InsertMany(CatalogTables.Column, [.. columns.Select((c, i) => ColumnRow(change, id, i + 1, i + 1, c.Name, c.Type, c.Nullable, c.Default))], stop);
        await change.Insert(TableStats, [id, 0L, 0L, 0L], stop);
        await change.Insert(State, [id, change.Snapshot, columns.Count + 1L], stop);
        await change.NewSchemaVersion(id, stop);
        change.Did($"created_table:{SqlText.Name(layer)}.{SqlText.Name(name)}");
        return new Write("create", id, change.Snapshot, 0, 0);
    }

    public static object?[] ColumnRow(CatalogChange change, long table, long id, long order, string name, ColumnType type, bool nullable, string? value) =>
        [id, change.Snapshot, null, table, order, name, type.Name, value, value, nullable, null, value is null ? null : "literal", value is null ? null : "duckdb"];

    private static async Task<long> Layer(CatalogChange change, string layer, TimeProvider clock, CancellationToken stop)
    {
        var found = await change.Read.Rows(CatalogTables.Schema, [("schema_name", layer), ("end_snapshot", null)], stop);
        if (found.Count > 0)
        {
            return (long)found[0][0]!;
        }

        var id = change.NewCatalogId();
        await change.Insert(CatalogTables.Schema, [id, Guid.CreateVersion7(clock.GetUtcNow()), change.Snapshot, null, layer, $"{layer}/", true], stop);
        change.Did($"created_schema:{SqlText.Name(layer)}");
        return id;
    }
}
