// In: a resource whose items are treated otherwise than before, or that has a new version. Out: the model of its standard layer: treated values in the items' columns, originals and reasons beside them.
// A treatment that was taken back is no longer in its text, so the next build has the original again; a model without treatments stays, for whoever reads it.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Computing.Models;

internal sealed class FollowTreatments(ITreatments treatments, ICatalog catalog, IUnits units, ModelShelf shelf, SaveModel save, RunShelf runs, StartRun start) : IHandle<TreatmentChanged>, IHandle<ResourcePublished>
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task Handle(TreatmentChanged fact, Guid delivery, CancellationToken stop) => Follow(fact.Resource, stop);

    public Task Handle(ResourcePublished fact, Guid delivery, CancellationToken stop) => Follow(fact.Resource, stop);

    public static string NameOf(ResourceCard card) => "std_" + card.Table;

    private async Task Follow(Guid resource, CancellationToken stop)
    {
        if (await catalog.Published(resource, stop) is not { } card || await units.Find(card.Unit, stop) is not { } unit)
        {
            return;
        }

        var (treated, known) = (await treatments.Of(resource, stop), await shelf.Find(NameOf(card), stop));
        if (known is null && treated.Count == 0)
        {
            return;
        }

        var text = Write(card, unit.Code, treated);
        if (known?.Text != text)
        {
            var saved = await save.Upload(text, Actor.System, stop);
            if (saved.Refused)
            {
                return;
            }

            known = saved.Value;
        }

        // Told again after an end in between, the text is there and its run is not.
        if ((await runs.Of(known.Id, 1, stop)).All(s => s.Version != known.Version))
        {
            await start.Run(new([known.Name]), RunCause.Change, Actor.System, stop);
        }
    }

    /// <summary>Keys stay as they are: two spellings of one key are two rows until a person says otherwise.</summary>
    internal static string Write(ResourceCard card, string owner, IReadOnlyList<TreatedItem> treated)
    {
        var of = treated.ToDictionary(t => t.Item);
        var taken = card.Items.Select(i => i.Column).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> selected = [], columns = [], key = [], words = [];
        foreach (var item in card.Items)
        {
            var name = Name(item.Column);
            if (!of.TryGetValue(item.Id, out var treatment))
            {
                selected.Add($"t.{name}");
                key.AddRange(item.Key ? [item.Column] : []);
                continue;
            }

            var (original, why) = (Free(item.Column + "_original", taken), Free(item.Column + "_why", taken));
            var call = $"({Literal(treatment.Kind)}, {Parameter(treatment.Parameter, words)}, t.{name})";
            selected.AddRange([$"lz_standard{call} AS {name}", $"t.{name} AS {Name(original)}", $"lz_standard_why{call} AS {Name(why)}"]);
            columns.AddRange([Said(item.Column, item.Name, treatment.Reason), Said(original, item.Name + "（原值）", null), Said(why, item.Name + "（处理说明）", null)]);
            key.AddRange(item.Key ? [original] : []);
        }

        StringBuilder text = new();
        text.Append($"---\nname: {NameOf(card)}\ntitle: {Json(card.Name + "（标准层）")}\nlayer: standard\nowner: {Json(owner)}\nclass: {Json(card.Code.Split('/')[0])}\nkey: {JsonSerializer.Serialize(key)}\nschedule: on-change\n");
        text.Append(columns.Count == 0 ? "" : "columns:\n" + string.Join('\n', columns) + "\n").Append("---\n");
        return text.Append($"SELECT {string.Join(",\n  ", selected)}\nFROM {Name(card.Table)} AS t{Beside(words)}").ToString();
    }

    /// <summary>What is looked up in a code list is written once, beside the table: a list may be half as long as a statement.</summary>
    private static string Parameter(string parameter, List<string> words)
    {
        if (!parameter.Contains('\n', StringComparison.Ordinal))
        {
            return Literal(parameter);
        }

        if (!words.Contains(parameter))
        {
            words.Add(parameter);
        }

        return $"w.w{words.IndexOf(parameter)}";
    }

    private static string Beside(List<string> words) => words.Count == 0 ? "" : $",\n  (SELECT {string.Join(", ", words.Select((w, i) => $"{Literal(w)} AS w{i}"))}) AS w";

    private static string Said(string column, string title, string? meaning) => $"  {column}: {{title: {Json(title)}{(meaning is null ? "" : $", meaning: {Json(meaning)}")}}}";

    private static string Free(string name, HashSet<string> taken)
    {
        while (!taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>JSON strings are YAML strings.</summary>
    private static string Json(string text) => JsonSerializer.Serialize(text, Plain);

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
