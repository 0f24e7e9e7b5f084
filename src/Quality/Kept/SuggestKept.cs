// In: the rows a scan drew from a resource. Out: rules that nearly all of them keep, with their support, for a person to accept or decline one by one; an accepted one stands in the draft.
// A rule that would tell the reader values of an item they do not see in clear is not shown.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;
using Lizhou.Quality.Suggest;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <param name="All">Those that may be shown, the surest first.</param>
/// <param name="Hidden">How many carry values the reader may not see.</param>
/// <param name="Rows">Drawn rows they were found in; null before the first scan.</param>
internal sealed record Suggested(IReadOnlyList<Suggestion> All, int Hidden, int? Rows);

internal sealed class SuggestKept(KeptDb db, SaveRules save, IRowGate gate, ILedger ledger, TimeProvider clock)
{
    private static readonly RuleKind[] OfFiles = [RuleKind.Glued, RuleKind.Reports];

    public async Task<Result<Suggested>> Run(Guid resource, Actor actor, CancellationToken stop)
    {
        var mine = await save.Mine(resource, actor, stop);
        if (mine.Refused)
        {
            return mine.Problem!;
        }

        var card = mine.Value;
        var scan = await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop);
        if (scan is null || db.Unpack(scan.State) is not { } state)
        {
            return new Suggested([], 0, null);
        }

        var columns = KeptDb.From<List<ScannedColumn>>(scan.Columns);
        var items = card.Items.Select(i => (i.Column, At: columns.FindIndex(c => string.Equals(c.Name, i.Column, StringComparison.OrdinalIgnoreCase)))).Where(i => i.At >= 0).ToList();
        var grid = new Grid(items.Select(i => i.Column));
        foreach (var (cells, row) in state.Sample.Select((cells, row) => (cells, row)))
        {
            grid.Add(row, [.. items.Select(i => cells[i.At])]);
        }

        var there = await There(card, stop);
        var found = SuggestRules.Run(grid, clock.GetUtcNow()).Where(s => !OfFiles.Contains(s.Rule.Kind) && !there.Any(t => Same(t, s.Rule))).DistinctBy(s => s.Rule.Name, StringComparer.OrdinalIgnoreCase).ToList();
        var sight = await Sight.Of(card, gate, actor, stop);
        var shown = found.Where(s => !sight.Hides(s.Rule)).ToList();
        return new Suggested(shown, found.Count - shown.Count, grid.Rows);
    }

    /// <summary>Takes a suggested rule into the draft, or declines it for good.</summary>
    public async Task<Problem?> Decide(Guid resource, string? rule, bool accept, string? reason, Actor actor, CancellationToken stop)
    {
        var found = await Run(resource, actor, stop);
        if (found.Refused)
        {
            return found.Problem;
        }

        if (found.Value.All.FirstOrDefault(s => s.Rule.Name == rule) is not { } suggestion)
        {
            return Problems.NoSuggestion.With(rule);
        }

        if (accept)
        {
            return (await save.Draft(resource, await With(resource, suggestion, actor, stop), actor, stop)).Problem;
        }

        if (reason?.Trim().Length is null or 0 or > 200)
        {
            return Problems.NoReason;
        }

        var now = clock.GetUtcNow();
        db.Declined.Add(new() { Id = Guid.CreateVersion7(now), Resource = resource, Rule = suggestion.Rule.Name, Reason = reason.Trim(), MadeBy = actor.Name, MadeAt = now });
        return await db.Commit(ledger, [(actor, new("rules.suggestion-declined", resource.ToString(), Evidence.Done, new { rule, reason }) { Exchange = new() { Resource = resource } })], stop);
    }

    /// <summary>The draft, or else the version in force, with one rule more, as the actor may see it. A person's own text stays as it is where the rule can stand at its end. What was seen is not written beside it: it quotes values.</summary>
    private async Task<string> With(Guid resource, Suggestion suggestion, Actor actor, CancellationToken stop)
    {
        var card = (await save.Mine(resource, actor, stop)).Value;
        var text = (await Sight.Of(card, gate, actor, stop)).Shown(await save.Text(resource, stop));
        var line = RuleFile.Write([(suggestion.Rule, null)]);
        var added = text.EndsWith(ReadKept.Blank, StringComparison.Ordinal) ? text[..^ReadKept.Blank.Length] + line : text.TrimEnd() + "\n" + line[(line.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        var before = ReadKept.Run(text, card, strict: false);
        return before.Refused || (ReadKept.Run(added, card, strict: false) is { Refused: false } read && read.Value.Rules.Count == before.Value.Rules.Count + 1)
            ? added
            : ReadKept.Write(before.Value with { Rules = [.. before.Value.Rules, suggestion.Rule] });
    }

    private async Task<IReadOnlyList<Rule>> There(ResourceCard card, CancellationToken stop)
    {
        var sets = await db.Sets.AsNoTracking().Where(s => s.Resource == card.Id && s.State != SetState.Replaced).Select(s => s.Yaml).ToListAsync(stop);
        var declined = await db.Declined.AsNoTracking().Where(d => d.Resource == card.Id).Select(d => d.Rule).ToListAsync(stop);
        return
        [
            .. sets.SelectMany(yaml => ReadKept.Run(yaml, card, strict: false) is { Refused: false } read ? read.Value.Rules : []), .. BoundRules.Of(card).Select(b => b.Rule),
            .. declined.Select(d => new Rule(d, RuleKind.Denial, [], Dimension.Accuracy, Severity.Notice, default)),
        ];
    }

    private static bool Same(Rule one, Rule other) => string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase)
        || (one.Kind == other.Kind && one.Columns.Count > 0 && one.Columns.SequenceEqual(other.Columns, StringComparer.OrdinalIgnoreCase));
}
