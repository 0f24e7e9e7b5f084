// Photos between levels: in parts, from where the receipt stands, checked as any photo; a flood from one peer leaves the others their turn.
using System.Net;
using Lizhou.Cases.Levels;
using Lizhou.Kernel;
using Microsoft.Extensions.DependencyInjection;
using static Lizhou.Cases.Tests.LevelPair;
using static Lizhou.Tests.County;

namespace Lizhou.Cases.Tests;

public sealed class LevelPhotosTests(LevelPair pair) : LevelPhotoPromises(pair), IClassFixture<LevelPair>
{
    private readonly LevelPair pair = pair;

    [Fact]
    public async Task A_flood_from_one_peer_is_told_when_to_come_again_and_the_others_do_not_wait()
    {
        var (loud, quiet) = (await pair.Link(), await pair.Link());
        var upper = pair.Upper;
        upper.Advance(TimeSpan.FromMinutes(1));
        LevelMessage Of(Link link, string words) => new(link.Id, Guid.NewGuid(), 1, LevelForm.Report, words, DateTimeOffset.UnixEpoch, new($"SJ{Guid.NewGuid():N}", "下级上报：道路积水", "", null, null, null));
        var same = Of(loud, "请协调");
        List<HttpResponseMessage> answers = [];
        for (var i = 0; i < LevelGate.PerPeer + 20; i += 10)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Post(upper, loud, same))));
        }

        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(LevelGate.PerPeer);
        var late = answers.Last();
        late.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Refusal(late)).ShouldBe("CAS-100");
        late.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await State(quiet, await Post(upper, quiet, Of(quiet, "另一下级")))).ShouldBe("Taken ");
        (await Refusal(await Post(upper, quiet, Of(quiet, "冒用"), loud.Secret))).ShouldBe("CAS-086", "who has no key spends nobody's share");

        // Who has no key is cut off by its address, before its words are read.
        var refused = "";
        for (var i = 0; i < LevelGate.PerAddress && refused != "CAS-100"; i += 20)
        {
            refused = await Refusal((await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post(upper, quiet, "/levels/v1/messages", [], loud.Secret)))).Last());
        }

        refused.ShouldBe("CAS-100");
        upper.Advance(TimeSpan.FromMinutes(1));
        (await State(loud, await Post(upper, loud, Of(loud, "一分钟后")))).ShouldBe("Taken ");
    }
}

public sealed class LevelPhotosTestsOnPostgreSql(PostgresLevelPair pair) : LevelPhotoPromises(pair), IClassFixture<PostgresLevelPair>;

public abstract class LevelPhotoPromises(LevelPair pair)
{
    [Fact]
    public async Task A_photo_goes_on_from_where_it_stands_is_checked_as_any_and_what_no_form_names_is_refused()
    {
        var (link, upper) = (await pair.Link("分类,*,=\n地点,*,=\n"), pair.Upper);
        var jpeg = await Noise(400, 4);
        var script = "<svg><script>alert(1)</script></svg>"u8.ToArray();
        LevelPhoto Named(int place, byte[] bytes) => new(place, LevelLog.Digest(bytes), bytes.Length, "image/jpeg");
        var (good, bad, other) = (Named(1, jpeg), Named(2, script), Named(3, new byte[jpeg.Length]));
        var message = new LevelMessage(link.Id, Guid.NewGuid(), 1, LevelForm.Report, "请协调", DateTimeOffset.UnixEpoch, new("SJ7", "下级上报：边坡塌方", "", "0102", null, null), null, [good, bad, other]);
        (await Refusal(await Part(upper, link, message, good, 0, jpeg))).ShouldBe("CAS-101", "its form has not come");
        (await State(link, await Post(upper, link, message))).ShouldBe("Taken ");

        async Task<string> Sent(LevelPhoto photo, long start, byte[] bytes)
        {
            var told = await Receipt<PartReceipt>(link, await Part(upper, link, message, photo, start, bytes));
            return $"{told.State} {told.Have} {told.Code}";
        }

        (await Sent(good, 1_000, jpeg[1_000..2_000])).ShouldBe("Waiting 0 ", "the next part is the first");
        (await Sent(good, 0, jpeg[..1_000])).ShouldBe("Waiting 1000 ");
        (await Sent(good, 0, jpeg[..1_000])).ShouldBe("Waiting 1000 ");
        (await Sent(good, 1_000, [])).ShouldBe("Waiting 1000 ", "how far it is may be asked");
        (await Refusal(await Part(upper, link, message, good, 1_000, jpeg))).ShouldBe("CAS-101", "more than the form says");
        (await Refusal(await Part(upper, link, message, good with { Digest = bad.Digest }, 1_000, jpeg[1_000..]))).ShouldBe("CAS-101");
        var last = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sent(good, 1_000, jpeg[1_000..])));
        last.ShouldAllBe(l => l == $"Taken {jpeg.Length} ");
        (await Sent(bad, 0, script)).ShouldBe($"Rejected {script.Length} CAS-022");
        (await Sent(bad, 0, script)).ShouldBe($"Rejected {script.Length} CAS-022", "for good");
        (await Sent(other, 0, jpeg)).ShouldBe($"Rejected {jpeg.Length} CAS-102");

        var detail = await upper.Detail(Text(await Thread(upper, message.Ref), "number")!);
        Events(detail, "level-in").Count(e => Text(e, "photo") is not null).ShouldBe(1);
        (await upper.Services.GetRequiredService<StateStore>().Read($"SELECT place FROM level_part WHERE peer = {link.Id.ToString("D")}", r => r.GetInt64(0), default)).ShouldBeEmpty();
        (await upper.Bureau.GetStringAsync("/cases/levels")).ShouldContain("CAS-022");
    }
}
