// The messages of a case between levels, read and written inside the transaction of all that is committed with them.
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

/// <summary>A message as it is kept.</summary>
/// <param name="Came">From the peer; else it goes to it.</param>
/// <param name="Receipt">JSON, as it was signed; null: none yet.</param>
internal sealed record KeptMessage(Guid Peer, Guid Ref, bool Came, long Seq, LevelForm Form, string Body, string Digest, LevelState State, DateTimeOffset At, int Attempts, string? Receipt, string? Note)
{
    public LevelMessage Message => JsonSerializer.Deserialize<LevelMessage>(Body, CasesDb.Json)!;
}

internal static class LevelLog
{
    /// <summary>In the order in which they were taken; parked ones last.</summary>
    public static FormattableString Of(Guid peer, Guid @ref) =>
        $"""
         SELECT peer, ref, came, seq, form, body, digest, state, at, attempts, receipt, note FROM level_message WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")}
         ORDER BY CASE WHEN turn IS NULL THEN 1 ELSE 0 END, turn, seq
         """;

    public static KeptMessage Row(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetInt64(2) == 1, r.GetInt64(3), Enum.Parse<LevelForm>(r.GetString(4)), r.GetString(5), r.GetString(6), Enum.Parse<LevelState>(r.GetString(7)),
        Clock.FromStored(r.GetString(8)), (int)r.GetInt64(9), r.IsDBNull(10) ? null : r.GetString(10), r.IsDBNull(11) ? null : r.GetString(11));

    public static async Task<List<KeptMessage>> Messages(this CaseSession session, Guid peer, Guid @ref, CancellationToken stop) =>
        await session.Connection.Rows(session.Transaction, Of(peer, @ref), Row, stop).ToListAsync(stop);

    public static async Task<string?> Number(this CaseSession session, Guid peer, Guid @ref, CancellationToken stop) =>
        await session.Connection.Scalar(session.Transaction, $"SELECT number FROM level_case WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")}", stop) as string;

    /// <summary>Threads of a case here with a peer.</summary>
    public static async Task<List<Guid>> Threads(this CaseSession session, Guid peer, string number, CancellationToken stop) =>
        await session.Connection.Rows(session.Transaction, $"SELECT ref FROM level_case WHERE peer = {peer.ToString("D")} AND number = {number}", r => Guid.Parse(r.GetString(0)), stop).ToListAsync(stop);

    /// <summary>The thread with a peer about a case that is open; null for none: one thing has one thread at a time.</summary>
    /// <param name="number">Of the case here, or where <paramref name="theirs"/> says so at the other end.</param>
    public static async Task<(Guid Ref, string Number)?> OpenThread(this CaseSession session, Peer peer, string number, bool theirs, CancellationToken stop)
    {
        var of = theirs
            ? (FormattableString)$"SELECT ref, number FROM level_case WHERE peer = {peer.Id.ToString("D")} AND theirs = {number}"
            : $"SELECT ref, number FROM level_case WHERE peer = {peer.Id.ToString("D")} AND number = {number}";
        foreach (var (@ref, here) in await session.Connection.Rows(session.Transaction, of, r => (Guid.Parse(r.GetString(0)), r.GetString(1)), stop).ToListAsync(stop))
        {
            if (LevelForms.IsOpen(Taken(await session.Messages(peer.Id, @ref, stop), peer)))
            {
                return (@ref, here);
            }
        }

        return null;
    }

    /// <summary>One that is bound already stays as it is.</summary>
    public static Task<int> Bind(this CaseSession session, Guid peer, Guid @ref, string number, CancellationToken stop) =>
        session.Connection.Execute(session.Transaction, $"INSERT INTO level_case (peer, ref, number) VALUES ({peer.ToString("D")}, {@ref.ToString("D")}, {number}) ON CONFLICT (peer, ref) DO NOTHING", stop);

    /// <summary>Of a case that was made for it: fails, and all of it with it, where another node has just made one.</summary>
    /// <param name="theirs">Number at the other end.</param>
    public static Task<int> BindNew(this CaseSession session, Guid peer, Guid @ref, string number, string theirs, CancellationToken stop) =>
        session.Connection.Execute(session.Transaction, $"INSERT INTO level_case (peer, ref, number, theirs) VALUES ({peer.ToString("D")}, {@ref.ToString("D")}, {number}, {theirs})", stop);

    /// <summary>What happens to the case from its next event on is told to the other end; see <see cref="TellSender"/>.</summary>
    public static Task<int> Asked(this CaseSession session, Guid peer, Guid @ref, long told, CancellationToken stop) =>
        session.Connection.Execute(session.Transaction, $"UPDATE level_case SET asked = 1, told = {told} WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")} AND asked = 0", stop);

    /// <summary>One that came is parked until <see cref="Settle"/>; one that goes has its turn at once.</summary>
    public static async Task Keep(this CaseSession session, LevelMessage message, string body, bool came, DateTimeOffset now, CancellationToken stop)
    {
        var state = came ? LevelState.Parked : LevelState.Waiting;
        await session.Connection.Execute(
            session.Transaction,
            $"""
             INSERT INTO level_message (peer, ref, came, seq, form, body, digest, state, at, attempts, due_at)
             VALUES ({message.Link.ToString("D")}, {message.Ref.ToString("D")}, {(came ? 1L : 0L)}, {message.Seq}, {message.Form.ToString()}, {body}, {Digest(Encoding.UTF8.GetBytes(body))}, {state.ToString()}, {now.ToStored()}, 0, {now.ToStored()})
             """,
            stop);
        if (!came)
        {
            await session.Settle(message.Link, message.Ref, came, message.Seq, state, null, stop);
        }
    }

    public static Task<int> Settle(this CaseSession session, Guid peer, Guid @ref, bool came, long seq, LevelState state, string? note, CancellationToken stop) => session.Connection.Execute(
        session.Transaction,
        $"""
         UPDATE level_message SET state = {state.ToString()}, note = {note},
             turn = (SELECT COALESCE(MAX(e.turn), 0) + 1 FROM level_message e WHERE e.peer = {peer.ToString("D")} AND e.ref = {@ref.ToString("D")})
         WHERE peer = {peer.ToString("D")} AND ref = {@ref.ToString("D")} AND came = {(came ? 1L : 0L)} AND seq = {seq}
         """,
        stop);

    /// <summary>What was taken so far, with whether it went down.</summary>
    public static IReadOnlyList<(LevelForm Form, bool Down)> Taken(IEnumerable<KeptMessage> all, Peer peer) =>
        [.. all.Where(m => !m.Came || m.State == LevelState.Taken).Where(m => m.State != LevelState.Rejected).Select(m => (m.Form, m.Came == peer.Upper))];

    /// <summary>Writes the next form to a peer, with photos of the case that neither came from it nor went to it, and tells the case of it.</summary>
    /// <param name="whole">Null: the case is in the inbox alone.</param>
    public static async Task<Result<LevelMessage>> Say(
        this CaseSession session, Peer peer, Guid @ref, LevelSaying said, CaseWhole? whole, IReadOnlyList<KeptMessage> all, Actor actor, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        var (form, words, stars, hours, english) = said;
        var told = form is LevelForm.Report or LevelForm.Assign && whole?.File is { } f ? new LevelCase(f.Number, f.Words, f.Address, f.Class, f.X, f.Y, f.Place) : null;
        var photos = whole is null ? [] : await session.NewPhotos(peer.Id, @ref, whole.File.Id, stop);
        var message = new LevelMessage(peer.Id, @ref, all.Count(m => !m.Came) + 1, form, words, now, told, stars, photos.Count == 0 ? null : [.. photos.Select(p => p.Told)], hours, english);
        await session.Keep(message, JsonSerializer.Serialize(message, CasesDb.Json), came: false, now, stop);
        foreach (var (photo, place) in photos)
        {
            await session.Name(message, photo, came: false, place, now, stop);
        }

        if (whole is null)
        {
            session.Tell(actor, new("case.level-out", @ref.ToString("D"), Evidence.Done, new { form }));
            return message;
        }

        await session.Bind(peer.Id, @ref, whole.File.Number, stop);
        return await session.Tell(whole, "level-out", peer, message, actor, desk, now, stop) is { } late ? late : message;
    }

    /// <summary>The case's own ledger tells of it too. What a level above supervises is under supervision here, until it is answered by whoever may.</summary>
    public static async Task<Problem?> Tell(this CaseSession session, CaseWhole whole, string act, Peer peer, LevelMessage message, Actor actor, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        var theirs = act == "level-in" && message.Case is { } told ? new Text("（对方编号 {0}）", " (number there {0})").With(told.Number) : new Text("", "");
        var words = new Text($"{peer.Name}：{LevelForms.Title(message.Form).Zh}{theirs.Zh} {message.Said.Zh}", $"{peer.Name}: {LevelForms.Title(message.Form).En}{theirs.En} {message.Said.En}");
        var happened = Decide.Told(whole, act, words, now, actor: actor).Events[0];
        var effect = whole.File.Ended ? null : (act, message.Form) switch
        {
            ("level-in", LevelForm.Supervise) => "supervise",
            ("level-out", LevelForm.Reply) when actor.Id != Actor.System.Id => "reply", // By the program it tells of an answer the case has already.
            _ => null,
        };
        happened = effect is null ? happened : happened with { Detail = happened.Detail with { Effects = [effect], ReplyDue = effect == "supervise" ? Decide.ReplyBy(desk, happened.At, message.Hours) : null } };
        return await session.Write(whole, Project.After(whole, happened), [happened], actor, new($"case.{act}", whole.File.Number, Evidence.Done, new { peer.Id, message.Form, message.Seq }), stop);
    }

    public static string Digest(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
