// In: an answer that is written and evidenced. Out: its bytes on a stream, block by block. Refuses to go on, with evidence of how far it came, when its grant ends meanwhile.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Policy.Views;

namespace Lizhou.Policy;

internal sealed class SendAnswer(IGrantBook grants, ILedger ledger, TimeProvider clock)
{
    private const int Block = 1 << 17;

    /// <summary>How long a grant that ended may go on being answered, if its receiver takes that long.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <param name="entry">Number of the answer's evidence.</param>
    /// <returns>Null when all of it was sent.</returns>
    public async Task<Problem?> Run(string path, Stream to, Opened opened, string act, Actor actor, long entry, CancellationToken stop)
    {
        await using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Block, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var (block, looked) = (new byte[Block], clock.GetTimestamp());
        int read;
        while ((read = await from.ReadAsync(block, stop)) > 0)
        {
            if (opened.Decided.Grant is { } grant && clock.GetElapsedTime(looked) >= Look)
            {
                looked = clock.GetTimestamp();
                if (await Over(grant, stop) is { } over)
                {
                    var exchange = new Exchange { Provider = opened.Resource.Unit, Receiver = actor.Unit, Grant = grant.Id, Purpose = grant.Purpose, Resource = opened.Resource.Id, Snapshot = opened.Snapshot };
                    // It was sent so far, whoever hangs up now.
                    await ledger.Append(actor, new(act, opened.Resource.Code, over.Code, new { cut = entry, sent = from.Position - read, grant = grant.Number }) { Exchange = exchange }, CancellationToken.None);
                    return over;
                }
            }

            await to.WriteAsync(block.AsMemory(0, read), stop);
        }

        return null;
    }

    private async Task<Problem?> Over(Grant grant, CancellationToken stop) => await grants.Find(grant.Id, stop) switch
    {
        { State: GrantState.Active } known when known.Holds(clock.GetUtcNow()) => null,
        { State: GrantState.Active } known => Problems.GrantExpired.With(known.Number, known.Until.Shown()),
        { State: GrantState.Broken } => Problems.BrokenGrant.With(grant.Number),
        _ => Problems.GrantRevoked.With(grant.Number),
    };
}
