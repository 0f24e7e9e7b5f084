// In: a connection to the receiver's database. Out: its table and lizhou_delivery, made where they are not; changes applied in one transaction with the place.
// Refuses, before anything of it is touched, a table that another delivery keeps, or that holds rows of somebody else.
using System.Data;
using System.Data.Common;
using System.Globalization;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Deliveries.Tables;

internal sealed class ReceiverTable(TableDialect dialect, DbConnection connection, TableTarget target, string delivery)
{
    private const string Fresh = "lizhou_new";
    private static readonly TableColumn Op = new("lizhou_op", "varchar(12)");
    private static readonly TableColumn Id = new("lizhou_id", "varchar(32)");
    private const string Kept = "kept_table";
    private static readonly Text NoId = new("它没有 lizhou_id 列，不是平台建的表", "it has no column lizhou_id and was not made by the platform");
    private static readonly Text Unknown = new("其中已有行，lizhou_delivery 没有记录由哪个交付任务保管", "it holds rows, and lizhou_delivery does not say whose");
    private string? before;
    private static readonly Text Another = new("它由交付任务 {0} 保管", "delivery {0} keeps it");

    public TableDialect Dialect => dialect;

    private string Table => Named(target.Table);

    private string Places => Named("lizhou_delivery");

    /// <summary>As lizhou_delivery names it, which stands in the same schema: some servers do not tell cases apart.</summary>
    private string Name => target.Table.ToLowerInvariant();

    public static async Task Run(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Whether the table is there.</summary>
    public bool There { get; private set; }

    /// <summary>Null when the table may be this delivery's, or why it cannot be. Its name is not taken yet (<see cref="Keep"/>): a delivery that has no rows to write keeps nobody from it.</summary>
    /// <param name="inherits">Whether this delivery takes the table over from the one of this number.</param>
    /// <param name="over">Whether the delivery of this number has ended.</param>
    public async Task<Problem?> Claim(Func<string, Task<bool>> inherits, Func<string, Task<bool>> over, CancellationToken stop)
    {
        var there = await Columns(Table, stop);
        if (there is not null && !there.Contains(Id.Name))
        {
            return Problems.TableTaken.With(target.Table, delivery, NoId);
        }

        var known = await Keepers(stop);
        if (known.Find(k => k.Table == Name && k.Delivery != delivery) is { Delivery: { } other } keeper)
        {
            // A name without a table is kept by nobody who never wrote it, or is over.
            var free = there is null && (!keeper.Wrote || await over(other));
            if (!free && !await inherits(other))
            {
                return Problems.TableTaken.With(target.Table, delivery, Another.With(other));
            }

            before = other;
        }
        else if (there is not null && !known.Exists(k => k.Delivery == delivery) && await HasRows(stop))
        {
            return Problems.TableTaken.With(target.Table, delivery, Unknown);
        }

        There = there is not null;
        await MakePlace(stop);
        return null;
    }

    /// <summary>Its name is this delivery's from now on: there are rows to write.</summary>
    private async Task Keep(CancellationToken stop)
    {
        if (before is not null)
        {
            await Tell($"DELETE FROM {Places} WHERE delivery = @other", stop, ("@other", before));
        }

        await Tell(
            await State(stop) is not null
                ? $"UPDATE {Places} SET {Kept} = @table WHERE delivery = @delivery"
                : $"INSERT INTO {Places} (delivery, place, run, snapshot, inserted, changed, withdrawn, bytes, {Kept}) VALUES (@delivery, '', '{Guid.Empty:D}', 0, 0, 0, 0, 0, @table)",
            stop, ("@delivery", delivery), ("@table", Name));
    }

    private async Task MakePlace(CancellationToken stop)
    {
        await Run(
            connection, null,
            $"""
             CREATE TABLE IF NOT EXISTS {Places} (delivery varchar(40) NOT NULL PRIMARY KEY, place {dialect.LongText} NOT NULL, run varchar(36) NOT NULL, snapshot bigint NOT NULL,
             inserted bigint NOT NULL, changed bigint NOT NULL, withdrawn bigint NOT NULL, bytes bigint NOT NULL, {Kept} varchar(64) UNIQUE){dialect.Made}
             """,
            stop);
        if (!(await Columns(Places, stop))!.Contains(Kept))
        {
            // Made before it was written down which table is whose.
            await Run(connection, null, $"ALTER TABLE {Places} ADD COLUMN {Kept} varchar(64) UNIQUE", stop);
        }
    }

    /// <summary>The deliveries that write into this schema, the table each keeps (null where that was not written down yet), and whether it ever wrote it.</summary>
    private async Task<List<(string Delivery, string? Table, bool Wrote)>> Keepers(CancellationToken stop)
    {
        var known = new List<(string, string?, bool)>();
        if (await Columns(Places, stop) is { } columns)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT delivery, {(columns.Contains(Kept) ? Kept : "NULL")}, place FROM {Places}";
            await using var reader = await command.ExecuteReaderAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                known.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2).Length > 0));
            }
        }

        return known;
    }

    /// <summary>Null where there is no such table.</summary>
    private async Task<HashSet<string>?> Columns(string table, CancellationToken stop)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table} WHERE 1 = 0";
            await using var reader = await command.ExecuteReaderAsync(stop);
            return new(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName), StringComparer.OrdinalIgnoreCase);
        }
        catch (DbException none) when (none.SqlState is "42P01" or "42S02")
        {
            return null;
        }
    }

    private async Task<bool> HasRows(CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 FROM {Table} LIMIT 1";
        return await command.ExecuteScalarAsync(stop) is not null;
    }

    private async Task Tell(string sql, CancellationToken stop, params (string Name, object Value)[] with)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in with)
        {
            Add(command, name, value);
        }

        await command.ExecuteNonQueryAsync(stop);
    }

    public async Task<TableState?> State(CancellationToken stop, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT place, run, snapshot, inserted, changed, withdrawn, bytes FROM {Places} WHERE delivery = @delivery{(transaction is null ? "" : " FOR UPDATE")}";
        Add(command, "@delivery", delivery);
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop)
            ? new(reader.GetString(0) is { Length: > 0 } place ? place : null, Guid.Parse(reader.GetString(1)), reader.GetInt64(2), new(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)), reader.GetInt64(6))
            : null;
    }

    /// <summary>The receiver's table, with a column for each item; one that is there already keeps its further columns.</summary>
    public async Task MakeTable(IReadOnlyList<TableColumn> columns, CancellationToken stop)
    {
        await Keep(stop);
        await Run(
            connection, null, $"CREATE TABLE IF NOT EXISTS {Table} ({Id.Name} {Id.Type} NOT NULL PRIMARY KEY{string.Concat(columns.Select(c => $", {dialect.Quote(c.Name)} {c.Type}"))}){dialect.Made}", stop);
        var there = (await Columns(Table, stop))!;
        foreach (var column in columns.Where(c => !there.Contains(c.Name)))
        {
            await Run(connection, null, $"ALTER TABLE {Table} ADD COLUMN {dialect.Quote(column.Name)} {column.Type}", stop);
        }
    }

    /// <summary>Rows and place in one transaction.</summary>
    /// <param name="anew">The table's rows are replaced.</param>
    /// <param name="from">The place the changes begin at.</param>
    /// <returns>Null; or that somebody else moved the place meanwhile, and nothing was written.</returns>
    public async Task<Problem?> Apply(string path, IReadOnlyList<TableColumn> columns, bool anew, string? from, ChangeFile file, Guid run, CancellationToken stop)
    {
        List<TableColumn> own = [Id, .. columns];
        var names = string.Join(", ", own.Select(c => dialect.Quote(c.Name)));
        if (!anew)
        {
            // Before the transaction: a temporary table belongs to the session, which ends with the attempt.
            await Run(connection, null, $"CREATE TEMPORARY TABLE {Fresh} AS SELECT lizhou_id AS {Op.Name}, {names} FROM {Table} WHERE 1 = 0", stop);
        }

        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
        if ((await State(stop, transaction))?.Cursor != from)
        {
            return Problems.PushRaced.With(target.Table);
        }

        if (anew)
        {
            await Run(connection, transaction, $"DELETE FROM {Table}", stop);
            await dialect.Load(connection, transaction, Table, own, ChangeLines.Read(path, ["_id", .. columns.Select(c => c.Name)], stop), stop);
        }
        else
        {
            await dialect.Load(connection, transaction, Fresh, [Op, .. own], ChangeLines.Read(path, ["_op", "_id", .. columns.Select(c => c.Name)], stop), stop);
            await Run(connection, transaction, dialect.DeleteCame(Table), stop);
            await Run(connection, transaction, $"INSERT INTO {Table} ({names}) SELECT {names} FROM {Fresh} WHERE {Op.Name} <> '{ChangeKind.Withdrawn}'", stop);
        }

        await Move(transaction, file, run, stop);
        await transaction.CommitAsync(stop);
        return null;
    }

    private async Task Move(DbTransaction transaction, ChangeFile file, Guid run, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            $"UPDATE {Places} SET place = @place, run = @run, snapshot = @snapshot, inserted = @inserted, changed = @changed, withdrawn = @withdrawn, bytes = @bytes WHERE delivery = @delivery";
        Add(command, "@delivery", delivery);
        Add(command, "@place", file.Cursor);
        Add(command, "@run", run.ToString("D", CultureInfo.InvariantCulture));
        Add(command, "@snapshot", file.To);
        Add(command, "@inserted", file.Counts.Inserted);
        Add(command, "@changed", file.Counts.Changed);
        Add(command, "@withdrawn", file.Counts.Withdrawn);
        Add(command, "@bytes", file.Bytes);
        await command.ExecuteNonQueryAsync(stop);
    }

    private string Named(string table) => target.Schema is null ? dialect.Quote(table) : $"{dialect.Quote(target.Schema)}.{dialect.Quote(table)}";

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
