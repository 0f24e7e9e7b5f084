// 一律达标后入库: no model reads rows that the quality gate holds back. In: a model. Out: of each landing table it reads, the batches to leave out now; what a step left out is kept, so that the next run
// knows what has been admitted since, or held back.
using System.Data.Common;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Policy;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;

namespace Lizhou.Computing.Runs;

/// <param name="Set">The input.</param>
/// <param name="Snapshot">Of the lake, in which its rows came; null when it brought none.</param>
internal sealed record LeftOut(Guid Set, Guid Batch, string Number, long? Snapshot);

internal sealed class LeaveOut(StateStore state, IQualityGate gate)
{
    /// <summary>In the order they landed.</summary>
    public async Task<IReadOnlyList<LeftOut>> Of(Model model, CancellationToken stop)
    {
        var found = new List<LeftOut>();
        foreach (var set in model.Found.Inputs.Where(i => !i.IsModel).Select(i => i.Set).Distinct())
        {
            found.AddRange((await gate.Held(set, stop)).Select(h => new LeftOut(set, h.Batch, h.Number, h.Snapshot)));
        }

        return found;
    }

    /// <summary>What a step leaves out, in place of what it left out when it was begun before.</summary>
    public async Task Note(RunStep step, IReadOnlyList<LeftOut> held, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.Execute(transaction, $"DELETE FROM model_step_held WHERE run = {step.Run.ToString("D")} AND model = {step.Model.ToString("D")}", stop);
        foreach (var one in held)
        {
            await connection.Execute(
                transaction,
                $"""
                 INSERT INTO model_step_held (run, model, resource, batch, number, snapshot)
                 VALUES ({step.Run.ToString("D")}, {step.Model.ToString("D")}, {one.Set.ToString("D")}, {one.Batch.ToString("D")}, {one.Number}, {one.Snapshot})
                 """,
                stop);
        }

        await transaction.CommitAsync(stop);
    }

    /// <summary>What a step left out.</summary>
    public async Task<IReadOnlyList<LeftOut>> Before(RunStep step, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null, $"SELECT resource, batch, number, snapshot FROM model_step_held WHERE run = {step.Run.ToString("D")} AND model = {step.Model.ToString("D")} ORDER BY number",
            r => new LeftOut(Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetString(2), r.IsDBNull(3) ? null : r.GetInt64(3)), stop).ToListAsync(stop);
    }

    /// <summary>The numbers of the batches each step of a run left out, by model.</summary>
    public static async Task<ILookup<Guid, string>> Numbers(DbConnection connection, Guid run, CancellationToken stop) =>
        (await connection.Rows(
            null, $"SELECT model, number FROM model_step_held WHERE run = {run.ToString("D")} ORDER BY number", r => (Model: Guid.Parse(r.GetString(0)), Number: r.GetString(1)), stop).ToListAsync(stop))
        .ToLookup(l => l.Model, l => l.Number);

    public static IReadOnlyList<HeldRows> Rows(IReadOnlyList<LeftOut> held, Guid set) => [.. held.Where(h => h.Set == set).Select(h => new HeldRows(h.Batch, h.Snapshot))];
}
