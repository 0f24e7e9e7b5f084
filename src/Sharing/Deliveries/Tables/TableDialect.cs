// What PostgreSQL and MySQL say differently about a table that is kept for a receiver. In: a target, checked addresses, a password. Out: connections, types, statements.
using System.Data.Common;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;

namespace Lizhou.Sharing.Deliveries.Tables;

/// <summary>A column of the receiver's table.</summary>
/// <param name="Type">In the words of the target's database.</param>
/// <param name="Moment">Holds moments in UTC.</param>
/// <param name="Truth">Holds truth values.</param>
internal sealed record TableColumn(string Name, string Type, bool Moment = false, bool Truth = false);

internal abstract class TableDialect
{
    public static TableDialect Of(TableKind kind) => kind == TableKind.PostgreSql ? new PostgreSqlTable() : new MySqlTable();

    /// <summary>Not yet open; of no pool, so that nothing of it outlives the attempt.</summary>
    /// <param name="host">The address that was checked; the name itself where its certificate is.</param>
    public abstract DbConnection Connection(TableTarget target, string host, string password);

    /// <summary>What a session is told when it opens.</summary>
    public abstract string Session { get; }

    public abstract string Quote(string name);

    public abstract string TypeOf(ItemCard item);

    public abstract string LongText { get; }

    /// <summary>At the end of a table's making; empty for nothing.</summary>
    public virtual string Made => "";

    /// <summary>Names <c>t</c>: the table, and <c>lizhou_new</c>: rows that came. Leaves only rows of the table whose id did not come.</summary>
    public abstract string DeleteCame(string table);

    /// <summary>Fills the columns of a table with rows, each a text per column or null.</summary>
    public abstract Task Load(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<TableColumn> columns, IAsyncEnumerable<string?[]> rows, CancellationToken stop);

    /// <summary>Without what a row held: the server's code alone.</summary>
    public abstract string? Said(DbException failure);

    public TableColumn Column(ItemDecision decision)
    {
        var plain = decision.Verdict == Verdict.Allow || decision.Mask == MaskKind.Null;
        return plain
            ? new(decision.Item.Column, TypeOf(decision.Item), decision.Item.Type == ItemType.Moment, decision.Item.Type == ItemType.Logical)
            : new(decision.Item.Column, LongText);
    }

    protected static string Decimal(ItemCard item) => $"({item.Precision ?? 18}, {item.Scale ?? (item.Type == ItemType.Money ? 2 : 0)})";
}
