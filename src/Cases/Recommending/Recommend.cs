// In: the words of a report, and of a case its class and place. Out: the likeliest classes or lead units, with how well that measured; or why there are none. It only recommends: people, or the dispatch table, decide.
// The model is loaded when first asked for. One whose file is not what was trained here is refused; the last good one stays in force.
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Recommending;

/// <summary>A model in force.</summary>
internal sealed record InForce(Recommender Of, IReadOnlyDictionary<GuessOf, Learned> Models);

/// <param name="Label">Code of a class, id of a unit.</param>
/// <param name="Share">Of certainty, per cent.</param>
internal sealed record Recommended(string Label, string Name, decimal Share);

/// <summary>What is recommended.</summary>
/// <param name="Best">At most three, the likeliest first; empty: nothing is recommended.</param>
/// <param name="Version">Of the model; null: none is in force.</param>
/// <param name="First">Per cent of newer cases of which the first was right; null: nothing was measured.</param>
/// <param name="Three">Of which one of the three was.</param>
/// <param name="Why">Why nothing is recommended; null: something is.</param>
internal sealed record Recommendation(GuessOf What, IReadOnlyList<Recommended> Best, int? Version, decimal? First, decimal? Three, string? Why);

internal sealed class Recommend(IServiceScopeFactory scopes, Settings settings, DeskBook desks) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private volatile InForce? held;

    public async Task<Recommendation> Run(GuessOf what, string? words, string? @class, string? place, CancellationToken stop)
    {
        var (inForce, _) = await Now(stop);
        var score = inForce?.Of.About!.Scores.FirstOrDefault(s => s.What == what);
        var why = inForce is null ? Problems.NoModel.What
            : score is not { Shows: true } ? new Text("模型不比“最常见”更准，不推荐。", "The model is no better than the most frequent answer, so it recommends nothing.")
            : words?.Trim() is not { Length: >= 4 } ? new Text("请先写明情况。", "Tell first what is wrong.")
            : what == GuessOf.Unit && string.IsNullOrEmpty(@class) ? new Text("请先确定事件分类。", "Settle the class first.") : (Text?)null;
        if (why is { } reason)
        {
            return new(what, [], inForce?.Of.Version, null, null, reason.ToString());
        }

        var desk = await desks.Now(stop);
        var about = MeasureGuesses.Told(new("", PlainWords.Of(words!), @class ?? "", SettledCases.Town(place ?? ""), ""), what);
        // What ended since it was learned – a class, a unit – is not recommended.
        var best = inForce!.Models[what].Ask(about, int.MaxValue).Select(g => (g, Name: Name(what, g.Label, desk))).Where(g => g.Name is not null).Take(MeasureGuesses.Most);
        return new(what, [.. best.Select(b => new Recommended(b.g.Label, b.Name!, Math.Round(100 * (decimal)b.g.Share, 1)))], inForce.Of.Version, score!.Share(score.First), score.Share(score.Three), null);
    }

    /// <summary>The newest model whose file is good, loaded; and what is wrong with newer ones.</summary>
    public async Task<(InForce? Good, IReadOnlyList<Problem> Bad)> Now(CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            List<Problem> bad = [];
            foreach (var trained in await Trained(stop))
            {
                var known = held is { } kept && kept.Of.Version == trained.Version && kept.Of.File == trained.File ? kept : null;
                if (known is not null || await RecommenderFile.Read(RecommenderFile.Of(settings.Data, trained.Version), trained.File!, stop) is { } models && (known = new(trained, models)) is not null)
                {
                    held = known; // The one before may still be asked by somebody: it is left to the collector.
                    return (known, bad);
                }

                bad.Add(Problems.BadModel.With(trained.Version));
            }

            return (held = null, bad);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<List<Recommender>> Trained(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<CasesDb>().Recommenders.AsNoTracking().Where(t => t.File != null).OrderByDescending(t => t.Version).Take(RecommenderFile.Kept).ToListAsync(stop);
    }

    /// <summary>Null: it is no more.</summary>
    private static string? Name(GuessOf what, string label, Desk desk) =>
        what == GuessOf.Class ? desk.Classes.GetValueOrDefault(label)?.Name : Guid.TryParse(label, out var unit) ? desk.Units.GetValueOrDefault(unit)?.Name : null;
}
