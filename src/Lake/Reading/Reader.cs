// In: a plan and what the policy made of it. Out: typed rows as the engine yields them, never all in memory.
using System.Data.Common;

namespace Lizhou.Lake.Reading;

internal static class Reader
{
    /// <summary>All rows of a query over a plan's relation, read into memory; for pages and checks.</summary>
    /// <param name="query">Makes the statement; <c>{0}</c>-like holes are not needed: it is given the relation's text.</param>
    public static Task<IReadOnlyList<T>> Rows<T>(
        this Engine engine, ReadPlan plan, Func<string, Arguments, string> query, Func<DbDataReader, T> read, bool provenance = false, CancellationToken stop = default)
    {
        var arguments = new Arguments();
        var sql = query($"({plan.Relation(arguments, provenance)})", arguments);
        return engine.Read(session => session.Rows(sql, read, arguments.Values), stop);
    }

    /// <summary>Walks the rows while they are produced; for exports.</summary>
    public static Task Stream(
        this Engine engine, ReadPlan plan, Func<string, Arguments, string> query, Action<DbDataReader> each, bool provenance = false, CancellationToken stop = default)
    {
        var arguments = new Arguments();
        var sql = query($"({plan.Relation(arguments, provenance)})", arguments);
        return engine.Read(session =>
        {
            session.Stream(sql, each, arguments.Values);
            return 0;
        }, stop);
    }
}
