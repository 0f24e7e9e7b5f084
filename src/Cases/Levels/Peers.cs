// In: another level's name, address and side. Out: a link with a key both ends know, shown once and kept enciphered. The other end enters the link's id and key. Refuses others than the bureau, and an address with a login in it.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;

namespace Lizhou.Cases.Levels;

/// <param name="Upper">Whether it is above this one.</param>
/// <param name="Url">Of the other installation; empty for who neither keeps links nor sends forms.</param>
/// <param name="Ended">Null: in force.</param>
internal sealed record Peer(Guid Id, string Name, bool Upper, string Url, DateTimeOffset Made, DateTimeOffset? Ended);

/// <param name="Secret">Shown once.</param>
internal sealed record MadePeer(Peer Peer, string Secret);

internal sealed class Peers(StateStore state, CaseWriter writer, IDataProtectionProvider protection, IConfiguration configuration, IRefusalNotes notes, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("Lizhou.Cases.Levels");

    /// <param name="Url">Of the other installation, https.</param>
    /// <param name="Id">Of a link the other end made; null: made here.</param>
    /// <param name="Secret">Of that link.</param>
    internal sealed record Ask(string? Name, bool Upper, string? Url, Guid? Id = null, string? Secret = null);

    public Task<List<Peer>> All(CancellationToken stop) => state.Read(
        $"SELECT id, name, upper, url, made_at, ended_at FROM level_peer ORDER BY made_at DESC",
        r => new Peer(Guid.Parse(r.GetString(0)), r.GetString(1), r.GetInt64(2) == 1, r.GetString(3), Clock.FromStored(r.GetString(4)), r.IsDBNull(5) ? null : Clock.FromStored(r.GetString(5))), stop);

    /// <summary>All of them, as who looks may see them: addresses are for the bureau and for who dispatches for the whole city.</summary>
    public async Task<List<Peer>> Seen(Actor actor, Desk desk, CancellationToken stop)
    {
        var (all, full) = (await All(stop), actor.Has(Roles.Engineer) || desk.Duties.Of(actor, desk.Nodes.Centre.Code).Contains("dispatcher"));
        return full ? all : all.ConvertAll(p => p with { Url = "" });
    }

    /// <summary>One in force and its key; null for none.</summary>
    public async Task<(Peer Peer, string Secret)?> Find(Guid id, CancellationToken stop)
    {
        var kept = await state.Read($"SELECT secret FROM level_peer WHERE id = {id.ToString("D")} AND ended_at IS NULL", r => r.GetString(0), stop);
        return kept.Count == 0 ? null : ((await All(stop)).First(p => p.Id == id), protector.Unprotect(kept[0]));
    }

    public async Task<Result<MadePeer>> Make(Ask ask, Actor actor, CancellationToken stop)
    {
        var secret = ask.Secret?.Trim() is { Length: > 0 } given ? given : Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var refused = !actor.Has(Roles.Engineer) ? Problems.Bureau
            : ask.Name?.Trim() is not { Length: > 0 and <= 100 } ? Problems.BadPeer.With(new Text("名称为 1 至 100 字", "the name has 1 to 100 characters"))
            : !Uri.TryCreate(ask.Url, UriKind.Absolute, out var url) || ask.Url.Length > 500 || !(url.Scheme == "https" || (url.Scheme == "http" && configuration.GetValue<bool>("Levels:Plain")))
                ? Problems.BadPeer.With(new Text("地址须为 https 网址；在已加密的内网中使用 http 须先设置 Levels__Plain=true", "the address is one of https; for http, in a network that encrypts below, set Levels__Plain=true first"))
            : url.UserInfo.Length > 0 ? Problems.BadPeer.With(new Text("地址中不能有账号或口令：信件由联络的密钥签名", "the address holds no login or password: what is sent is signed with the link's key"))
            : ask.Id is null != string.IsNullOrWhiteSpace(ask.Secret) || !IsKey(secret) ? Problems.BadPeer.With(new Text("对方生成的联络编号与密钥须同时填写", "a link made at the other end goes with its id and key"))
            : null;
        if (refused is not null)
        {
            await notes.Note(actor, $"level-peer.made {refused.Code}", new("level-peer.made", "level", refused.Code));
            return refused;
        }

        var now = clock.GetUtcNow();
        var peer = new Peer(ask.Id ?? Guid.CreateVersion7(now), ask.Name!.Trim(), ask.Upper, ask.Url!.TrimEnd('/'), now, null);
        var made = await writer.Run<bool>(
            async (session, all) =>
            {
                var added = await session.Connection.Execute(
                    session.Transaction,
                    $"INSERT INTO level_peer (id, name, upper, url, secret, made_by, made_at) VALUES ({peer.Id.ToString("D")}, {peer.Name}, {(peer.Upper ? 1L : 0L)}, {peer.Url}, {protector.Protect(secret)}, {actor.Name}, {now.ToStored()}) ON CONFLICT (id) DO NOTHING", all);
                session.Tell(actor, new("level-peer.made", peer.Id.ToString("D"), Evidence.Done, new { peer.Name, peer.Url, peer.Upper }));
                return added > 0;
            },
            stop);
        return made.Value ? new MadePeer(peer, secret) : Problems.BadPeer.With(new Text("联络编号已有", "the link is there already"));
    }

    /// <summary>At once; what was exchanged stays.</summary>
    public async Task<Problem?> End(Guid id, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.Engineer))
        {
            await notes.Note(actor, $"level-peer.ended {Problems.Bureau.Code}", new("level-peer.ended", id.ToString("D"), Problems.Bureau.Code));
            return Problems.Bureau;
        }

        var done = await writer.Run<bool>(
            async (session, all) =>
            {
                var ended = await session.Connection.Execute(session.Transaction, $"UPDATE level_peer SET ended_at = {clock.GetUtcNow().ToStored()} WHERE id = {id.ToString("D")} AND ended_at IS NULL", all);
                session.Tell(actor, new("level-peer.ended", id.ToString("D"), Evidence.Done));
                return ended > 0;
            },
            stop);
        return done.Value ? null : Problems.NoPeer;
    }

    public static string Sign(string secret, byte[] text) => Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret), text));

    public static bool IsSigned(string secret, byte[] text, string? signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(secret, text)), Encoding.ASCII.GetBytes(signature ?? ""));

    private static bool IsKey(string secret) => Convert.TryFromBase64String(secret, new byte[64], out var bytes) && bytes == 32;
}
