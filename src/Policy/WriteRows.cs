// In: a wish for all rows of a resource in one format. Out: their bytes on a stream, once the evidence with rows, bytes and digest stands. Refuses as the decision does.
// The engine formats into a file of the work folder, so that memory stays bounded and nothing of the answer leaves before it is whole.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class WriteRows(OpenView open, Warehouse lake, Settings settings, PolicyKeys keys, PersonKey person, PeopleTold people, SendAnswer send, ILedger ledger, TimeProvider clock)
{
    public const string Act = "rows.delivered";

    public async Task<Result<RowFile>> Run(RowAsk ask, RowFormat format, Stream to, Actor actor, CancellationToken stop)
    {
        var opened = await open.Run(ask, actor, Act, stop);
        if (opened.Refused)
        {
            return opened.Problem!;
        }

        var made = await open.Told(QueryOf.Of(opened.Value.View, ask, person), ask, actor, Act, stop);
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
            if (ask.Room is { } room && await room(rows) is { } full)
            {
                return full;
            }

            var seq = await ledger.Append(actor, opened.Value.Told(Act, actor, ask.Purpose, file.Items, file.Snapshot, file.Rows, file.Bytes, file.Digest, format), stop);
            await About(seq, opened.Value.View, made.Value, stop);
            return await send.Run(path, to, opened.Value, Act, actor, seq, stop) is { } over ? over : file with { Cursor = ChangeMark.Of(opened.Value)?.Text(keys), Evidence = seq };
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Whom the rows are about, read from the same files once more; also where their number is not shown.</summary>
    private Task About(long entry, View view, Query query, CancellationToken stop) => view.People.Count == 0
        ? Task.CompletedTask
        : lake.Engine.Read(
            session =>
            {
                people.AddAll(entry, add => PersonKey.ReadAll(session, view.PeopleNames.Select(n => $"r.{n}"), query.From, query.With.Values, add));
                return 0;
            },
            stop);
}
