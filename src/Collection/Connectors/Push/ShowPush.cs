// In: the id of a receipt. Out: whether its rows wait, or the batch that has them, how that stands, and why it was refused. Refuses receipts of other units' sources.
using System.Data.Common;
using System.Security.Claims;
using Lizhou.Collection.Batches;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lizhou.Collection.Connectors.Push;

internal static class ShowPush
{
    /// <param name="Batch">Null while the rows wait; then ask <c>/api/v1/batches/{batch}</c> for its counts.</param>
    /// <param name="State">Of the batch; null while the rows wait.</param>
    /// <param name="Problem">Why the batch was refused; null when it was not.</param>
    internal sealed record View(Guid Id, string Source, long Rows, DateTimeOffset ReceivedAt, Guid? Batch, BatchState? State, BatchProblem? Problem);

    internal static async Task<Results<Ok<View>, ProblemHttpResult>> Handle(
        string source, Guid receipt, ClaimsPrincipal who, FindSources find, StateStore state, CancellationToken stop)
    {
        var from = await find.ByCode(source, Actor.From(who)!, stop);
        if (from.Refused || !SourceTokens.May(who, from.Value))
        {
            return (from.Problem ?? SourceProblems.NoSource.With(source)).ToHttp();
        }

        await using var connection = await state.Open(stop);
        if (await Find(connection, receipt, from.Value, stop) is not { } view)
        {
            return SourceProblems.NoUpload.With(receipt).ToHttp();
        }

        return TypedResults.Ok(view.Batch is { } id && await BatchRows.Find(connection, null, id, stop) is { } batch
            ? view with { State = batch.State, Problem = BatchView.Of(batch).Problem }
            : view);
    }

    private static async Task<View?> Find(DbConnection connection, Guid receipt, Source source, CancellationToken stop)
    {
        await foreach (var view in connection.Rows(
            null,
            $"SELECT id, row_count, received_at, batch FROM source_push WHERE id = {receipt.ToString()} AND source = {source.Id.ToString()}",
            r => new View(Guid.Parse(r.GetString(0)), source.Code, r.GetInt64(1), Clock.FromStored(r.GetString(2)), r.IsDBNull(3) ? null : Guid.Parse(r.GetString(3)), null, null), stop))
        {
            return view;
        }

        return null;
    }
}
