// In: an entry as it stands. Out: what a reviewer is told about its levels, in words; refuses nothing.
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal sealed class LevelHints(IEnumerable<ILevelHints> hints)
{
    public async Task<IReadOnlyList<Text>> Of(Guid resource, ResourceEntry entry, CancellationToken stop)
    {
        var told = new List<Text>();
        foreach (var source in hints)
        {
            told.AddRange((await source.Higher(resource, entry.Items, stop)).Select(h =>
                new Text("“{0}”为 {1}，建议 {2}：{3}", "“{0}” is {1}, {2} is suggested: {3}").With(h.Item.Name, h.Item.Level?.ToString() ?? "—", h.Suggested, Reasons(h.Why))));
        }

        if (LevelChecks.GivenToAll(entry) is { Count: > 0 } open)
        {
            told.Add(new Text("无条件共享，而 {0} 为 L3 级及以上：发布须写明理由。", "Shared without condition while {0} are of level L3 or above: publication needs the reason.").With(string.Join("、", open.Take(5).Select(i => i.Name))));
        }

        return told;
    }

    /// <summary>What was done, with what is told of its levels.</summary>
    public async Task<Result<ResourceView>> Beside(Result<ResourceView> done, CancellationToken stop) =>
        done.Refused ? done : done.Value with { Hints = [.. (await Of(done.Value.Id, done.Value.Entry, stop)).Select(t => t.ToString())] };

    private static Text Reasons(IReadOnlyList<Text> why) => new(string.Join("；", why.Select(w => w.Zh)), string.Join("; ", why.Select(w => w.En)));
}
