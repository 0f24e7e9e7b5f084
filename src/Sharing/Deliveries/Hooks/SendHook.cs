// In: a subscription. Out: signed messages with what changed since the last one acknowledged, a page each; the place moves with each 2xx, so what follows a failure
// begins there; what the day's quota leaves no room for waits for the next day. What is about to be sent is fixed first, so that after a crash it is sent again as it was, under its id, and a receiver can discard it. Refuses hosts the guard refuses, at the connection itself; follows no redirect.
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Data;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Deliveries.Hooks;

internal sealed class SendHook(StateStore state, IChangeGate gate, IHostGuard guard, Secrets secrets, TimeProvider clock) : IDeliver
{
    private const int RowsInMessage = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly ChangeCounts None = new(0, 0, 0);

    public DeliveryWay Way => DeliveryWay.Subscription;

    public async Task<Result<bool>> Hand(Handover task, CancellationToken stop)
    {
        using var client = new HttpClient(guard.Handler()) { Timeout = Patience };
        var (delivery, grant) = (task.Delivery, task.Grant);
        var ask = new ChangeAsk(grant.Resource, grant.Purpose, grant.Id, delivery.Cursor, RowsInMessage);
        if (ask.Since is null && !delivery.Target.Hook!.All)
        {
            return await Begin(client, task, ask, "delivery.ready", stop);
        }

        for (bool any = false, resumed = false; ;)
        {
            ask = ask with { Take = await task.Aside.Page(RowsInMessage, stop), Room = task.Aside.Room(stop) };
            var found = await gate.Read(ask, task.Actor, stop);
            if (found.Refused)
            {
                return Follow.Anew(found.Problem!) ? await Begin(client, task, ask, "delivery.anew", stop) : found.Problem!;
            }

            var set = found.Value;
            resumed |= set.Again is null && ask.Since == delivery.Cursor;
            if (set.Rows.Count > 0 && set.Again is { } again)
            {
                await Fix(delivery, again, stop);
                ask = ask with { Since = again };
            }

            long Of(ChangeKind kind) => set.Rows.Count(r => r.Kind == kind);
            var counts = new ChangeCounts(Of(ChangeKind.Inserted), Of(ChangeKind.Changed), Of(ChangeKind.Withdrawn));
            if (set.Rows.Count > 0 && await Post(client, task, Id(delivery, $"{ask.Since}:{set.To}"), "rows.changed", ReadChanged.Shape(grant, set), stop) is { Failed: { } failed } post)
            {
                Tell(task.Run, set, counts, post.Arrived);
                return failed;
            }

            await task.Reach(new(counts, set.From, set.To, set.Cursor, set.Bytes, set.Digest, set.Evidence) { Taken = set.Rows.Count > 0 });
            any |= set.Rows.Count > 0;
            if (!set.More && !resumed)
            {
                return any;
            }

            // What an earlier attempt had fixed is out; more may have come since.
            resumed &= set.More;
            ask = ask with { Since = set.Cursor };
        }
    }

    /// <summary>Rows that were sent and not acknowledged are told with their evidence; they are sent again, and count with their acknowledgement.</summary>
    private static void Tell(Run run, ChangeSet set, ChangeCounts counts, bool arrived)
    {
        run.Evidence = set.Evidence;
        if (arrived)
        {
            (run.Inserted, run.Changed, run.Withdrawn, run.Bytes) = (run.Inserted + counts.Inserted, run.Changed + counts.Changed, run.Withdrawn + counts.Withdrawn, run.Bytes + set.Bytes);
        }
    }

    private async Task Fix(Delivery delivery, string place, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(null, $"UPDATE sharing_delivery SET cursor = {place} WHERE id = {delivery.Id.ToString("D")}", stop);
    }

    /// <summary>Says where messages begin, without rows: at the first time, and when the grant's view has changed so that everything is to be taken anew.</summary>
    private async Task<Result<bool>> Begin(HttpClient client, Handover task, ChangeAsk ask, string type, CancellationToken stop)
    {
        var now = await gate.Now(ask, task.Actor, stop);
        if (now.Refused)
        {
            return now.Problem!;
        }

        var body = new { grant = task.Grant.Number, purpose = task.Grant.Purpose, resource = task.Grant.ResourceCode, to = now.Value.At, cursor = now.Value.Cursor };
        if ((await Post(client, task, Id(task.Delivery, $"{type}:{ask.Since}:{now.Value.At}"), type, body, stop)).Failed is { } failed)
        {
            return failed;
        }

        await task.Reach(new(None, now.Value.At, now.Value.At, now.Value.Cursor, 0, null, null) { Taken = false });
        return true;
    }

    /// <param name="Failed">Null when it was acknowledged.</param>
    /// <param name="Arrived">Whether the receiver has it, for all one can know: it answered something, or took it and said nothing.</param>
    private readonly record struct Posted(Problem? Failed, bool Arrived);

    private async Task<Posted> Post(HttpClient client, Handover task, string id, string type, object data, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type, timestamp = now, delivery = task.Delivery.Number, data }, ReadGranted.Json);
        using var message = new HttpRequestMessage(HttpMethod.Post, task.Delivery.Target.Hook!.Url) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.UserAgent.ParseAdd("Lizhou/0.1");
        foreach (var (name, value) in HookSignature.Headers(secrets.Open(task.Delivery), id, now, body))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
            return new(answer.IsSuccessStatusCode ? null : Problems.HookFailed.With($"HTTP {(int)answer.StatusCode}"), true);
        }
        catch (Exception outage) when (outage is HttpRequestException or IOException || (outage is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return outage.GetBaseException() is ProblemException refused ? new(Problems.BadAddress.With(refused.Problem.What), false)
                : outage is OperationCanceledException ? new(Problems.HookFailed.With($"> {Patience.TotalSeconds:0} s"), true)
                : new(Problems.HookFailed.With(Said((outage as HttpRequestException)?.HttpRequestError)), false);
        }
    }

    private static Text Said(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => new("域名解析不到地址", "the name has no address"),
        HttpRequestError.ConnectionError => new("连不上该地址和端口", "nothing answers at that address and port"),
        HttpRequestError.SecureConnectionError => new("TLS 连接未建立：证书与地址不符，或不受信任", "no TLS connection: its certificate is of another name or not trusted"),
        _ => new("连接中断，或应答不是 HTTP", "the connection broke, or the answer is not HTTP"),
    };

    /// <summary>The same for the same content, so that a receiver that has it already can tell.</summary>
    private static string Id(Delivery delivery, string content) => "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.Id:D}:{content}")))[..32];
}
