// In: a table and a condition. Out: the matching rows withdrawn. Only files whose statistics allow a match are read.
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;

namespace Lizhou.Lake.Writes;

internal static class DeleteRows
{
    public static async Task<Result<Removal>> Prepare(Warehouse lake, long table, Condition condition, long at, CancellationToken stop)
    {
        if (await lake.Plan(table, at, condition, stop) is not { } plan)
        {
            return Problems.NoTable.With(table);
        }

        var arguments = new Arguments();
        var relation = plan.Relation(arguments, provenance: true);
        var where = Compile.Sql(condition, plan.Table, arguments);
        return where.Refused
            ? where.Problem!
            : await lake.Engine.Write(session => Removal.Find(
                session, plan, $"SELECT {Names.File}, {Names.Row}, {Names.RowId} FROM ({relation}) AS r WHERE {where.Value}", arguments.Values,
                () => lake.NewDeleteFile(plan.Table)), stop);
    }

    public static async Task<Result<Write>> Apply(CatalogChange change, long table, Removal removal, CancellationToken stop)
    {
        if (removal.Rows > 0)
        {
            await removal.Apply(change, table, stop);
        }

        return new Write("delete", table, change.Snapshot, 0, removal.Rows);
    }
}
