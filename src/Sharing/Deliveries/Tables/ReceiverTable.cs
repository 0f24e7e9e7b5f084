// In: a connection to the receiver's database. Out: its table and lizhou_delivery, made where they are not; changes applied in one transaction with the place.
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

    public TableDialect Dialect => dialect;

    private string Table => Named(target.Table);

    private string Places => Named("lizhou_delivery");

    public static async Task Run(DbConnection connection, DbTransaction? transaction, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        await command.ExecuteNonQueryAsync(stop);
    }

    public Task MakePlace(CancellationToken stop) => Run(
        connection, null,
        $"""
         CREATE TABLE IF NOT EXISTS {Places} (delivery varchar(40) NOT NULL PRIMARY KEY, place {dialect.LongText} NOT NULL, run varchar(36) NOT NULL, snapshot bigint NOT NULL,
         inserted bigint NOT NULL, changed bigint NOT NULL, withdrawn bigint NOT NULL, bytes bigint NOT NULL)
         """,
        stop);

    public async Task<TableState?> State(CancellationToken stop, DbTransaction? transaction = null)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT place, run, snapshot, inserted, changed, withdrawn, bytes FROM {Places} WHERE delivery = @delivery{(transaction is null ? "" : " FOR UPDATE")}";
        Add(command, "@delivery", delivery);
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAsync(stop)
            ? new(reader.GetString(0), Guid.Parse(reader.GetString(1)), reader.GetInt64(2), new(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)), reader.GetInt64(6))
            : null;
    }

    /// <summary>The receiver's table, with a column for each item; one that is there already keeps its further columns.</summary>
    public async Task MakeTable(IReadOnlyList<TableColumn> columns, CancellationToken stop)
    {
        await Run(
            connection, null, $"CREATE TABLE IF NOT EXISTS {Table} ({Id.Name} {Id.Type} NOT NULL PRIMARY KEY{string.Concat(columns.Select(c => $", {dialect.Quote(c.Name)} {c.Type}"))})", stop);
        var there = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT * FROM {Table} WHERE 1 = 0";
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, stop);
            there.UnionWith(Enumerable.Range(0, reader.FieldCount).Select(reader.GetName));
        }

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
        command.CommandText = $"DELETE FROM {Places} WHERE delivery = @delivery";
        Add(command, "@delivery", delivery);
        await command.ExecuteNonQueryAsync(stop);
        command.CommandText = $"INSERT INTO {Places} (delivery, place, run, snapshot, inserted, changed, withdrawn, bytes) VALUES (@delivery, @place, @run, @snapshot, @inserted, @changed, @withdrawn, @bytes)";
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
