// The rows of the upkeep's table: what is due, wanted, running and how it last ended. Every move is a compare-and-set, so that of two nodes one makes it.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Kernel;

namespace Lizhou.Host.Keeping;

/// <param name="Due">When it comes by itself; null for never.</param>
/// <param name="Wanted">Since when it waits or runs; null when it does neither.</param>
/// <param name="Good">Whether the last run found everything right; null before the first.</param>
internal sealed record UpkeepState(
    UpkeepTask Task, string Cron, DateTimeOffset? Due, DateTimeOffset? Wanted, DateTimeOffset? Started, DateTimeOffset? Ended, bool? Good, Text? Outcome)
{
    public bool Running => Wanted is { } since && Started >= since;
}

internal static class UpkeepTasks
{
    public static async Task<List<UpkeepState>> All(DbConnection connection, CancellationToken stop) =>
        [.. (await connection.Rows(null, $"SELECT task, cron, due_at, wanted_at, started_at, ended_at, good, outcome FROM keeping_task", Read, stop).ToListAsync(stop)).OrderBy(t => t.Task)];

    /// <summary>The row of a task by the settings of today; a changed setting counts at once.</summary>
    public static Task Know(DbConnection connection, UpkeepTask task, string cron, DateTimeOffset? due, CancellationToken stop) => connection.Execute(
        null,
        $"""
         INSERT INTO keeping_task (task, cron, due_at) VALUES ({task.ToString()}, {cron}, {due?.ToStored()})
         ON CONFLICT (task) DO UPDATE SET cron = excluded.cron, due_at = excluded.due_at WHERE keeping_task.cron <> excluded.cron
         """,
        stop);

    /// <summary>Makes a due task wanted; false when another node did.</summary>
    public static async Task<bool> MoveOn(DbConnection connection, UpkeepState task, DateTimeOffset? next, DateTimeOffset now, CancellationToken stop) => await connection.Execute(
        null,
        $"""
         UPDATE keeping_task SET due_at = {next?.ToStored()}, wanted_at = COALESCE(wanted_at, {now.ToStored()})
         WHERE task = {task.Task.ToString()} AND due_at = {task.Due?.ToStored()}
         """,
        stop) == 1;

    /// <summary>Makes a task wanted by hand; one that waits or runs stays as it is.</summary>
    public static Task Want(DbConnection connection, DbTransaction transaction, UpkeepTask task, DateTimeOffset now, CancellationToken stop) => connection.Execute(
        transaction, $"UPDATE keeping_task SET wanted_at = {now.ToStored()} WHERE task = {task.ToString()} AND wanted_at IS NULL", stop);

    public static Task Begin(DbConnection connection, UpkeepTask task, DateTimeOffset now, CancellationToken stop) => connection.Execute(
        null, $"UPDATE keeping_task SET started_at = {now.ToStored()} WHERE task = {task.ToString()}", stop);

    public static Task End(DbConnection connection, DbTransaction transaction, UpkeepTask task, bool good, Text outcome, DateTimeOffset now, CancellationToken stop) => connection.Execute(
        transaction,
        $"""
         UPDATE keeping_task SET ended_at = {now.ToStored()}, wanted_at = NULL, good = {(good ? 1L : 0L)}, outcome = {JsonSerializer.Serialize(outcome)}
         WHERE task = {task.ToString()}
         """,
        stop);

    private static UpkeepState Read(DbDataReader row) => new(
        Enum.Parse<UpkeepTask>(row.GetString(0)), row.GetString(1), Moment(row, 2), Moment(row, 3), Moment(row, 4), Moment(row, 5),
        row.IsDBNull(6) ? null : row.GetInt64(6) == 1, row.IsDBNull(7) ? null : JsonSerializer.Deserialize<Text>(row.GetString(7)));

    private static DateTimeOffset? Moment(DbDataReader row, int column) => row.IsDBNull(column) ? null : Clock.FromStored(row.GetString(column));
}
