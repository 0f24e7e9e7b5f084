// In: a write and its terms. Out: its answer, once: a key seen before gets the first answer. Everything, the caller's rows too, becomes true in one transaction.
using System.Data.Common;
using DuckDB.NET.Data;
using Lizhou.Kernel;
using Lizhou.Lake.Catalog;
using Microsoft.Data.Sqlite;
using static Lizhou.Lake.Catalog.CatalogTables;

namespace Lizhou.Lake.Writes;

internal sealed class Writer(Committer committer, StateStore state)
{
    private const int Tries = 8;

    /// <summary>Commits what <paramref name="apply"/> does to the catalog.</summary>
    /// <param name="keyColumns">The columns an upsert replaced by; undo looks at them.</param>
    public Task<Result<Write>> Commit(
        string kind, long? table, Terms terms, Func<CatalogChange, Task<Result<Write>>> apply, CancellationToken stop, IReadOnlyList<long>? keyColumns = null) =>
        Guarded(() => committer.Run<Write>(async change =>
        {
            if (await change.Read.WriteOf(terms.Key, stop) is { } first)
            {
                return Same(first, kind, table) ? first : Problems.KeyReused.With(terms.Key);
            }

            var answer = await apply(change);
            if (answer.Refused)
            {
                return answer;
            }

            var write = answer.Value with { Kind = kind, Snapshot = change.MakesSnapshot ? change.Snapshot : change.Snapshot - 1 };
            await change.WriteSnapshot(terms, stop);
            await change.Insert(
                CatalogTables.Write, [terms.Key, kind, write.Table, write.Snapshot, write.RowsAdded, write.RowsRemoved, string.Join(' ', keyColumns ?? []), null], stop);
            if (terms.Along is { } along)
            {
                await along(change.Connection, change.Transaction, write);
            }

            return write;
        }, stop));

    /// <summary>Commits a write that had to look at the lake first. When the table changed meanwhile it is prepared again, some times.</summary>
    /// <param name="anyChange">Whether any change of the table counts; else <paramref name="apply"/> finds conflicts itself.</param>
    public Task<Result<Write>> Prepared<T>(
        string kind, Table table, Terms terms, Func<long, Task<Result<T>>> prepare, Func<CatalogChange, T, Task<Result<Write>>> apply, CancellationToken stop,
        IReadOnlyList<long>? keyColumns = null, bool anyChange = true) => Guarded(async () =>
        {
            for (var i = 0; i < Tries; i++)
            {
                var (first, seen) = await Look(terms.Key, table.Id, stop);
                if (first is not null)
                {
                    return Same(first, kind, table.Id) ? first : Problems.KeyReused.With(terms.Key);
                }

                if (seen is not { } at)
                {
                    return Problems.NoTable.With(table);
                }

                var plan = await prepare(at.Snapshot);
                if (plan.Refused)
                {
                    return plan.Problem!;
                }

                var answer = await Commit(kind, table.Id, terms, async change =>
                    !anyChange || await change.Read.LastChange(table.Id, stop) == at.LastChange ? await apply(change, plan.Value) : Problems.Conflict.With(table), stop, keyColumns);
                if (answer.Problem?.Code != Problems.Conflict.Code)
                {
                    return answer;
                }
            }

            return Problems.Conflict.With(table);
        });

    /// <summary>Turns a full disk into a refusal wherever it shows.</summary>
    public static async Task<Result<T>> Guarded<T>(Func<Task<Result<T>>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception error) when (IsDiskFull(error))
        {
            return Problems.DiskFull;
        }
        catch (ProblemException refusal)
        {
            return refusal.Problem;
        }
    }

    /// <summary>Whether that is what a failure of the engine, of the state or of a file comes from.</summary>
    internal static bool IsDiskFull(Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == 13,
        DuckDBException duck => duck.Message.Contains("No space left", StringComparison.Ordinal),
        IOException io => io.Message.Contains("No space left", StringComparison.Ordinal),
        DbException other => other.SqlState == "53100",
        _ => error.InnerException is { } inner && IsDiskFull(inner),
    };

    private static bool Same(Write first, string kind, long? table) => first.Kind == kind && (table is null || table == first.Table);

    private async Task<(Write? First, (long Snapshot, long LastChange)? Seen)> Look(string key, long table, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var read = new CatalogRead(connection, null, state.Kind);
        if (await read.WriteOf(key, stop) is { } first)
        {
            return (first, null);
        }

        // Before the head: a change between the two reads then shows as a conflict, never the other way round.
        var last = await read.LastChange(table, stop);
        return (null, last is null ? null : ((await read.Head(stop)).Snapshot, last.Value));
    }
}
