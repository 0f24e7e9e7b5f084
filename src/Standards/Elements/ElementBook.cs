// What other modules ask of the data elements: only what is published counts.
using System.Text.RegularExpressions;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Standards.Rules;

namespace Lizhou.Standards.Elements;

internal sealed class ElementBook(StateStore state, ICodeLists lists, TimeProvider clock) : IElements
{
    public async Task<ElementCard?> Of(ItemCard item, CancellationToken stop) => item.Element is { } code ? (await Cards(code, stop)).FirstOrDefault() : null;

    public async Task<IReadOnlyList<ElementCard>> All(CancellationToken stop) => await Cards(null, stop);

    public async Task<IReadOnlyList<IReadOnlyList<ElementSuggestion>>> Suggest(IReadOnlyList<ItemCard> items, IReadOnlyList<IReadOnlyList<string>> values, CancellationToken stop)
    {
        var elements = await Cards(null, stop);
        var codes = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var list in elements.Select(e => e.CodeList).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            codes[list] = (await lists.InForce(list, clock.Today(), stop) ?? []).Select(c => c.Code).ToHashSet(StringComparer.Ordinal);
        }

        var none = new HashSet<string>(StringComparer.Ordinal);
        return [.. items.Select((item, i) => SuggestElements.Run(item, i < values.Count ? values[i] : [], elements, e => e.CodeList is { } list ? codes[list] : none))];
    }

    public async Task<Func<string, Text?>> Naming(CancellationToken stop)
    {
        var found = await state.Read(
            $"""
             SELECT v.body FROM standard s JOIN standard_version v ON v.standard = s.id AND v.number = s.in_force
             WHERE s.kind = {nameof(StandardKind.Unification)} AND s.code = {RuleBody.Naming}
             """,
            r => Register.Read<RuleBody>(r.GetString(0)), stop);
        if (found is not [var rule, ..] || Parameters.Of(rule.Parameters).FirstOrDefault(p => p.Key == "column") is not { Value: { } pattern })
        {
            return _ => null;
        }

        Regex fits = new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return column => fits.IsMatch(column) ? null : new Text("列名 {0} 不合统一命名：{1}", "Column {0} is not named as the rule has it: {1}").With(column, pattern);
    }

    private Task<List<ElementCard>> Cards(string? code, CancellationToken stop) => state.Read(
        $"""
         SELECT s.code, v.number, v.body FROM standard s JOIN standard_version v ON v.standard = s.id AND v.number = s.in_force
         WHERE s.kind = {nameof(StandardKind.Element)} AND (s.code = {code} OR CAST({code} AS TEXT) IS NULL) ORDER BY s.code
         """,
        r => Register.Read<ElementBody>(r.GetString(2)).Card(r.GetString(0), (int)r.GetInt64(1)), stop);
}
