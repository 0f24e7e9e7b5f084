// In: one change of a table's shape or name. Out: a new schema version; old files stay as they are, because columns are found by field id.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Writes;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Tables;

internal static class AlterTable
{
    public static Task<Result<Write>> AddColumn(CatalogChange change, Table asked, NewColumn column, CancellationToken stop) => Alter(change, asked, async table =>
    {
        if (!Names.AllowedColumn(column.Name))
        {
            return Problems.BadName.With(column.Name);
        }

        if (table.Column(column.Name) is not null)
        {
            return Problems.ColumnExists.With(column.Name);
        }

        var id = (long)(await change.Read.Rows(State, [("table_id", table.Id)], stop))[0][State["next_column_id"]]!;
        await change.Insert(CatalogTables.Column, CreateTable.ColumnRow(change, table.Id, id, id, column.Name, column.Type, column.Nullable, column.Default), stop);
        await change.Update(State, [("next_column_id", id + 1)], [("table_id", table.Id)], stop);
        return null;
    }, stop);

    public static Task<Result<Write>> RenameColumn(CatalogChange change, Table asked, string name, string newName, CancellationToken stop) => Alter(change, asked, async table =>
    {
        if (!Names.AllowedColumn(newName))
        {
            return Problems.BadName.With(newName);
        }

        return table.Column(newName) is { } other && other != table.Column(name)
            ? Problems.ColumnExists.With(newName)
            : await Replace(change, table, name, row => row[CatalogTables.Column["column_name"]] = newName, stop);
    }, stop);

    public static Task<Result<Write>> WidenColumn(CatalogChange change, Table asked, string name, ColumnType type, CancellationToken stop) => Alter(change, asked, async table =>
        table.Column(name) is { } column && !column.Type.WidensTo(type) && !(column.Type.MayWidenTo(type) && await Hold(change, table, column, type, stop))
            ? Problems.BadWidening.With(name, column.Type, type)
            : await Replace(change, table, name, row => row[CatalogTables.Column["column_type"]] = type.Name, stop), stop);

    public static Task<Result<Write>> DropColumn(CatalogChange change, Table asked, string name, CancellationToken stop) => Alter(change, asked, async table =>
        table.Columns.Count == 1 ? Problems.LastColumn.With(table) : await Replace(change, table, name, null, stop), stop);

    public static Task<Result<Write>> Rename(CatalogChange change, Table asked, string newName, CancellationToken stop) => Alter(change, asked, async table =>
    {
        if (!Names.Allowed(newName))
        {
            return Problems.BadName.With(newName);
        }

        if (await change.Read.Find(table.Layer, newName, change.Snapshot - 1, stop) is { } there)
        {
            return Problems.TableExists.With(there);
        }

        var row = await End(change, table, stop);
        (row[CatalogTables.Table["begin_snapshot"]], row[CatalogTables.Table["table_name"]]) = (change.Snapshot, newName);
        await change.Insert(CatalogTables.Table, row, stop);
        return null;
    }, stop, "rename");

    /// <summary>Withdraws the table with its files; older snapshots keep showing it.</summary>
    public static async Task<Result<Write>> Drop(CatalogChange change, Table asked, CancellationToken stop)
    {
        if (await change.Read.Get(asked.Id, change.Snapshot - 1, stop) is not { } table)
        {
            return Problems.NoTable.With(asked);
        }

        await End(change, table, stop);
        foreach (var owned in new[] { CatalogTables.Column, CatalogTables.DataFile, CatalogTables.DeleteFile })
        {
            await change.Update(owned, [("end_snapshot", change.Snapshot)], [("table_id", table.Id), ("end_snapshot", null)], stop);
        }

        await change.Touch(table.Id, stop);
        change.Did($"dropped_table:{table.Id}");
        return new Write("drop", table.Id, change.Snapshot, 0, 0);
    }

    /// <summary>Whether all numbers there are of the type, by the statistics of every file, those of withdrawn ones too: an undo may bring them back.</summary>
    private static async Task<bool> Hold(CatalogChange change, Table table, Column column, ColumnType type, CancellationToken stop)
    {
        var place = table.Columns.TakeWhile(c => c.Id != column.Id).Count();
        var buffered = await Buffers.Rows(change.Read, table, change.Snapshot - 1, stop);
        return buffered.All(r => r.Values[place] is not { } value || type.Holds(value))
            && await change.Read.Stats(table.Id, column.Id, stop).AllAsync((f, _) => new(f.Stats.Fit(type)), stop);
    }

    private static async Task<object?[]> End(CatalogChange change, Table table, CancellationToken stop)
    {
        Where[] current = [("table_id", table.Id), ("end_snapshot", null)];
        var row = (await change.Read.Rows(CatalogTables.Table, current, stop))[0];
        await change.Update(CatalogTables.Table, [("end_snapshot", change.Snapshot)], current, stop);
        return row;
    }

    private static async Task<Problem?> Replace(CatalogChange change, Table table, string name, Action<object?[]>? edit, CancellationToken stop)
    {
        if (table.Column(name) is not { } column)
        {
            return Problems.NoColumn.With(table, name);
        }

        Where[] current = [("table_id", table.Id), ("column_id", column.Id), ("end_snapshot", null)];
        var row = (await change.Read.Rows(CatalogTables.Column, current, stop))[0];
        await change.Update(CatalogTables.Column, [("end_snapshot", change.Snapshot)], current, stop);
        if (edit is not null)
        {
            row[CatalogTables.Column["begin_snapshot"]] = change.Snapshot;
            edit(row);
            await change.Insert(CatalogTables.Column, row, stop);
        }

        return null;
    }

    private static async Task<Result<Write>> Alter(CatalogChange change, Table asked, Func<Table, Task<Problem?>> alter, CancellationToken stop, string kind = "alter")
    {
        if (await change.Read.Get(asked.Id, change.Snapshot - 1, stop) is not { } table)
        {
            return Problems.NoTable.With(asked);
        }

        if (await alter(table) is { } problem)
        {
            return problem;
        }

        await change.NewSchemaVersion(table.Id, stop);
        await change.Touch(table.Id, stop);
        change.Did($"altered_table:{table.Id}");
        return new Write(kind, table.Id, change.Snapshot, 0, 0);
    }
}
