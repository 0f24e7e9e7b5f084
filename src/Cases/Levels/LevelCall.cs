// In: bytes for a peer. Out: what it answered, where that is signed under the link's key; else why not. The same for forms and for parts of photos.
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

/// <param name="Text">The answer as it was signed; null: none that counts.</param>
/// <param name="Note">Why there is none, as it is kept: see <see cref="KeptText"/>; empty: there is one.</param>
/// <param name="Wait">How long it asks to be left alone; null: it does not say.</param>
internal sealed record LevelAnswer<T>(T? Receipt, string? Text, string? Signature, string Note, TimeSpan? Wait = null)
    where T : class;

internal sealed class LevelCall(IHostGuard guard) : IDisposable
{
    public const string Header = "lizhou-signature";
    public const string LinkHeader = "lizhou-link";

    /// <summary>Of the pauses between two attempts.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const int PeersAtOnce = 8;
    private const int MostReceipt = 4 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpClient client = new(guard.Handler()) { Timeout = Patience, MaxResponseContentBufferSize = MostReceipt };

    /// <summary>When a message is due again: after 3, 9, 27 … seconds.</summary>
    public static TimeSpan Pause(int attempts, TimeSpan? wait)
    {
        var usual = TimeSpan.FromSeconds(Math.Pow(3, Math.Min(attempts + 1, 10)));
        var asked = wait is { } told && told > usual ? told : usual;
        return asked < Longest ? asked : Longest;
    }

    public async Task<LevelAnswer<T>> Post<T>(Peer peer, string secret, string path, byte[] body, Func<T, bool> fits, CancellationToken stop)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{peer.Url}{path}") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(path == LevelRoutes.Inbox ? "application/json" : "application/octet-stream");
            request.Headers.Add(LinkHeader, peer.Id.ToString("D"));
            request.Headers.Add(Header, Peers.Sign(secret, body));
            using var answer = await client.SendAsync(request, stop);
            var told = await answer.Content.ReadAsByteArrayAsync(stop);
            var signed = answer.Headers.TryGetValues(Header, out var values) && Peers.IsSigned(secret, told, values.First());
            var receipt = answer.IsSuccessStatusCode && signed ? JsonSerializer.Deserialize<T>(told, CasesDb.Json) : null;
            return receipt is not null && fits(receipt)
                ? new(receipt, Encoding.UTF8.GetString(told), values!.First(), "")
                : new(null, null, null, $"HTTP {(int)answer.StatusCode} {Encoding.UTF8.GetString(told.AsSpan(0, Math.Min(told.Length, 200)))}", answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception outage) when (outage is HttpRequestException or IOException or JsonException || (outage is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new(null, null, null, KeptText.Of(Why(outage)));
        }
    }

    internal static Text Why(Exception outage) => (outage, outage.GetBaseException()) switch
    {
        (OperationCanceledException, _) or (_, SocketException { SocketErrorCode: SocketError.TimedOut }) => new("超时：对方没有及时答复。", "Timed out: the other end did not answer in time."),
        (_, ProblemException refused) => refused.Problem.What,
        (HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }, _) or (_, AuthenticationException) => new("证书无效：没有建立安全连接。", "The certificate does not count: no secure line was made."),
        (HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }, _) or (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }) => new("找不到对方的主机名。", "The name of the other end's host is not found."),
        (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => new("对方拒绝连接：程序未运行，或端口不对。", "The line was refused: the other end does not run, or its port is another."),
        (JsonException, _) => new("对方的答复不是回执。", "What the other end answered is no receipt."),
        _ => new("线路中断。", "The line broke."),
    };

    /// <summary>What is due, to all peers at once: one that is silent keeps nobody else waiting. What is for a link that is no more stays.</summary>
    public static async Task Each<T>(Peers peers, IReadOnlyList<T> due, Func<T, Guid> of, Func<Peer, string, IEnumerable<T>, CancellationToken, Task> send, CancellationToken stop)
    {
        List<(Peer Peer, string Secret, IEnumerable<T> Due)> work = [];
        foreach (var some in due.GroupBy(of))
        {
            if (await peers.Find(some.Key, stop) is { } link)
            {
                work.Add((link.Peer, link.Secret, some));
            }
        }

        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = PeersAtOnce, CancellationToken = stop }, async (one, end) => await send(one.Peer, one.Secret, one.Due, end));
    }

    /// <summary>What is due now as the state keeps moments; and from when on a moment was put off by a clock that has jumped back since, for nothing is due later than the longest pause.</summary>
    public static (string Now, string Never) Due(DateTimeOffset now) => (now.ToStored(), (now + Longest + Longest).ToStored());

    public void Dispose() => client.Dispose();
}
