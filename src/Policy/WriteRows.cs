// In: a wish for all rows of a resource in one format. Out: their bytes on a stream, once the evidence with rows, bytes and digest stands. Refuses as the decision does.
// The engine formats into a file of the work folder, so that memory stays bounded and nothing of the answer leaves before it is whole.
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class WriteRows(OpenView open, Warehouse lake, Settings settings, PolicyKeys keys, ILedger ledger, TimeProvider clock)
{
    public const string Act = "rows.delivered";

    public async Task<Result<RowFile>> Run(RowAsk ask, RowFormat format, Stream to, Actor actor, CancellationToken stop)
    {
        var opened = await open.Run(ask, actor, Act, stop);
        if (opened.Refused)
        {
            return opened.Problem!;
        }

        var made = QueryOf.Of(opened.Value.View, ask);
        if (made.Refused)
        {
            return made.Problem!;
        }

        var folder = Directory.CreateDirectory(Path.Combine(settings.Work, "answers"));
        var path = Path.Combine(folder.FullName, $"{Guid.CreateVersion7(clock.GetUtcNow()):N}.{format.ToString().ToLowerInvariant()}");
        try
        {
            var rows = await RowFiles.Write(lake.Engine, opened.Value.View, made.Value, ask.OrderBy.Count > 0, format, path, stop);
            var file = new RowFile(format, rows, new FileInfo(path).Length, await Task.Run(() => Durable.Digest(path), stop), opened.Value.Snapshot, made.Value.Items);
            var seq = await ledger.Append(actor, opened.Value.Told(Act, actor, ask.Purpose, file.Items, file.Rows, file.Bytes, file.Digest, format), stop);
            await using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await from.CopyToAsync(to, 1 << 17, stop);
            return file with { Cursor = ChangeMark.Of(opened.Value)?.Text(keys), Evidence = seq };
        }
        finally
        {
            File.Delete(path);
        }
    }
}
