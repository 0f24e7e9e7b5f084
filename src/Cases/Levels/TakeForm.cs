// In: a message of a peer, as its bytes, whose signature counts. Out: a signed receipt: taken, parked until those before it have come, or rejected because out of place. The same again gets the receipt of what is there.
// Refuses what is no message, a first report or assignment without its case, and another content under a number that has come.
using System.Text;
using System.Text.Json;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Levels;

internal sealed class TakeForm(CaseWriter writer, LevelCases cases, DeskBook desks, IRefusalNotes notes, TimeProvider clock)
{
    private const int MostAhead = 1_000;

    public async Task<Result<byte[]>> Run(byte[] body, Peer peer, CancellationToken stop)
    {
        var read = Read(body, peer);
        if (read.Problem is { } wrong)
        {
            return wrong;
        }

        var message = read.Value;
        var desk = await desks.Now(stop);
        var taken = await writer.Run<KeptMessage>((session, all) => Take(session, message, Encoding.UTF8.GetString(body), peer, desk, all), stop);
        if (taken.Problem is { } refused)
        {
            await notes.Note(Actor.System, $"level.refused {peer.Id} {refused.Code}", new("level.refused", peer.Id.ToString("D"), refused.Code, new { message.Ref, message.Seq }));
            return refused;
        }

        var kept = taken.Value;
        var code = kept.State switch { LevelState.Parked => Problems.LevelGap.Code, LevelState.Rejected => kept.Note, _ => null };
        return JsonSerializer.SerializeToUtf8Bytes(new LevelReceipt(peer.Id, kept.Ref, kept.Seq, kept.State, kept.Digest, code, clock.GetUtcNow()), CasesDb.Json);
    }

    private async Task<Result<KeptMessage>> Take(CaseSession session, LevelMessage message, string body, Peer peer, Desk desk, CancellationToken stop)
    {
        var all = await session.Messages(peer.Id, message.Ref, stop);
        if (all.Find(m => m.Came && m.Seq == message.Seq) is { } there)
        {
            return there.Digest == LevelLog.Digest(Encoding.UTF8.GetBytes(body)) ? there : Problems.OtherContent.With(message.Seq);
        }

        if (message.Seq > all.Count(m => m.Came) + MostAhead)
        {
            return Wrong(new("seq", new("跳过了过多的序号", "leaves out too many numbers")));
        }

        // Only what is under way already may be asked for without being told again.
        if (message is { Seq: 1, Case: null, Form: LevelForm.Report or LevelForm.Assign } && all.TrueForAll(m => m.Came))
        {
            return Wrong(new("case", new("首次上报、交办须写明事件", "is told with the first report or assignment")));
        }

        var now = clock.GetUtcNow();
        await session.Keep(message, body, came: true, now, stop);
        for (all = await session.Messages(peer.Id, message.Ref, stop); Next(all) is { } next; all = await session.Messages(peer.Id, message.Ref, stop))
        {
            var fits = LevelForms.Fits(next.Form, peer.Upper, LevelLog.Taken(all, peer));
            var refused = fits ? await Apply(session, next, all, peer, desk, now, stop) : Problems.OutOfPlace;
            if (session.Overtaken)
            {
                return refused!;
            }

            await session.Settle(peer.Id, next.Ref, came: true, next.Seq, refused is null ? LevelState.Taken : LevelState.Rejected, refused?.Code, stop);
        }

        session.Tell(Actor.System, new("level-form.came", message.Ref.ToString("D"), Evidence.Done, new { message.Form, message.Seq, peer.Id }));
        return all.First(m => m.Came && m.Seq == message.Seq);
    }

    /// <summary>The one whose turn it is; null while one before it is missing.</summary>
    private static KeptMessage? Next(IEnumerable<KeptMessage> all)
    {
        var came = all.Where(m => m.Came).OrderBy(m => m.Seq).ToList();
        return came.TakeWhile((m, i) => m.Seq == i + 1).FirstOrDefault(m => m.State == LevelState.Parked);
    }

    /// <summary>A report or an assignment of a case that is not here yet becomes one where its codes are known, and else waits for a person; every other form is told to the case, if there is one here.</summary>
    private async Task<Problem?> Apply(CaseSession session, KeptMessage next, IReadOnlyList<KeptMessage> all, Peer peer, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        var message = next.Message;
        if (message.Case is { } check && LevelCases.Ask(check, peer, null, null).Check().FirstOrDefault() is { } fault)
        {
            return Wrong(fault with { Field = $"case.{fault.Field}" });
        }

        foreach (var photo in message.Photos ?? [])
        {
            await session.Name(message, photo, came: true, null, now, stop);
        }

        var asks = message.Form is LevelForm.Report or LevelForm.Assign;
        if (await session.Number(peer.Id, message.Ref, stop) is { } number)
        {
            var late = await session.Whole(number, stop) is { } whole ? await session.Tell(whole, "level-in", peer, message, Actor.System, desk, now, stop) : null;
            if (late is null && (asks || message.Form == LevelForm.Supervise))
            {
                await session.Asked(peer.Id, message.Ref, (await session.Whole(number, stop))!.File.Revision, stop);
            }

            return late;
        }

        if (!asks || message.Case is not { } told)
        {
            return null;
        }

        if (await session.OpenThread(peer, told.Number, theirs: true, stop) is not null)
        {
            return Problems.SecondThread.With(told.Number);
        }

        var codes = new Crosswalk(await session.Connection.Rows(session.Transaction, Crosswalk.Of(peer.Id), Crosswalk.Row, stop).ToListAsync(stop));
        var before = all.Where(m => m.Came ? m.State == LevelState.Taken : m.State != LevelState.Rejected).Append(next);
        return codes.File(told, desk) is { Lacks: null } filing ? (await cases.Make(session, peer, message.Ref, told, filing.Class, filing.Place!, before, Actor.System, desk, now, stop)).Problem : null;
    }

    private static Result<LevelMessage> Read(byte[] body, Peer peer)
    {
        try
        {
            return JsonSerializer.Deserialize<LevelMessage>(body, CasesDb.Json) is not { } message ? Wrong(new("", new("内容为空", "it is empty")))
                : Fault(message, peer) is { } fault ? Wrong(fault)
                : message;
        }
        catch (JsonException unread)
        {
            return Wrong(WrongJson.Of(unread, typeof(LevelMessage), CasesDb.Json));
        }
    }

    private static Fault? Fault(LevelMessage message, Peer peer) =>
        message.Link != peer.Id ? new("link", new("不是签名所用的联络编号", "is not the link it is signed for"))
        : message.Seq < 1 ? new("seq", new("从 1 开始", "begins with 1"))
        : message.Words is not { Length: > 0 and <= Filled.MostWords } ? new("words", new("为 1 至 1000 字", "has 1 to 1,000 characters"))
        : message.WordsEn is not (null or { Length: > 0 and <= Filled.MostWords }) || !Legible.Is(message.WordsEn) ? new("wordsEn", new("为 1 至 1000 字，无控制字符", "has 1 to 1,000 characters, none of control"))
        : !Legible.Is(message.Words) ? new("words", Legible.Fault)
        : !Enum.IsDefined(message.Form) ? new("form", new("没有这种文书", "is no form"))
        : message.Stars is < 1 or > 5 ? new("stars", new("为 1 至 5 星", "is 1 to 5"))
        : message.Hours is < 1 or > Filled.MostHours ? new("hours", new("为 1 到 400 工作时", "is 1 to 400 working hours"))
        : message.Case is { Fit: false } ? new("case", new("编号须有且不超过 100 字，分类与地点编码不超过 40 字", "has a number of at most 100 characters; class and place have 40"))
        : !LevelPhoto.Fit(message.Photos) ? new("photos", new("不超过 9 张，依次编号，各有摘要、大小与类型", "are 9 at most, in order, each with digest, size and type"))
        : null;

    private static Problem Wrong(Fault fault) => fault.Field.Length == 0 ? Problems.NoLevelForm.With(fault.What) : Problems.NoLevelForm.With(new Text("{0} {1}", "{0} {1}").With(fault.Field, fault.What)).At(fault.Field);
}
