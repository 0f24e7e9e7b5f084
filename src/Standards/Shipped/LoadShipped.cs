// In: the lists, elements and unifications that come with the program. Out: those the city does not have yet are there and in force, but for lists without codes, which are drafts.
// What is there already is the city's own and stays as it is.
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Standards.Elements;
using Lizhou.Standards.Lists;
using Lizhou.Standards.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Standards.Shipped;

internal static class LoadShipped
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed record List(string Code, string Name, string? NameEn, string? Source, string? Note, IReadOnlyList<CodeRow> Codes);

    private sealed record Rule(string Code, int Order, string Name, string? NameEn, string Text, string? TextEn, string? Parameters, string? Basis);

    private sealed record Named(string Code);

    public static async Task Run(IServiceProvider services, CancellationToken stop)
    {
        var there = (await services.GetRequiredService<StateStore>().Read($"SELECT kind, code FROM standard", r => (r.GetString(0), r.GetString(1)), stop)).ToHashSet();
        bool Lacks(StandardKind kind, string code) => !there.Contains((kind.ToString(), code));
        List<List> lists = [.. Read<List>("lists").Where(l => Lacks(StandardKind.CodeList, l.Code))];
        List<(string Code, ElementBody Body)> elements = [.. Read<Named>("elements").Zip(Read<ElementBody>("elements"), (n, b) => (n.Code, b)).Where(e => Lacks(StandardKind.Element, e.Code))];
        List<Rule> rules = [.. Read<Rule>("rules").Where(r => Lacks(StandardKind.Unification, r.Code))];
        if (lists.Count + elements.Count + rules.Count == 0)
        {
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var register = scope.ServiceProvider.GetRequiredService<Register>();
        foreach (var list in lists)
        {
            await Add(register, StandardKind.CodeList, list.Code, list.Name, new ListBody(list.Name, list.NameEn, list.Source, list.Note), list.Codes, list.Codes.Count > 0, stop);
        }

        foreach (var (code, body) in elements)
        {
            await Add(register, StandardKind.Element, code, body.Name, body.Tidy(), [], true, stop);
        }

        foreach (var rule in rules)
        {
            await Add(register, StandardKind.Unification, rule.Code, rule.Name, new RuleBody(rule.Order, rule.Name, rule.NameEn, rule.Text, rule.TextEn, rule.Parameters, rule.Basis), [], true, stop);
        }

        // Another node of the same database may have been faster; then all is there.
        _ = await register.Commit(Actor.System, new("standards.shipped", "standards", Evidence.Done, new { lists = lists.Count, elements = elements.Count, unifications = rules.Count }), stop);
    }

    internal static IReadOnlyList<T> Read<T>(string name)
    {
        using var stream = typeof(LoadShipped).Assembly.GetManifestResourceStream($"Lizhou.Standards.Shipped.{name}.json")!;
        return JsonSerializer.Deserialize<IReadOnlyList<T>>(stream, Json)!;
    }

    private static async Task Add<T>(Register register, StandardKind kind, string code, string name, T body, IReadOnlyList<CodeRow> codes, bool publish, CancellationToken stop)
    {
        var made = (await register.Draft(kind, code, name, body, codes, null, fresh: true, Actor.System, stop)).Value;
        if (publish)
        {
            var version = (await register.Db.Versions.FindAsync([made.Id, made.Draft!.Value], stop))!;
            (version.PublishedBy, version.PublishedAt) = (Actor.System.Name, register.Clock.GetUtcNow());
            (made.InForce, made.Draft) = (made.Draft, null);
        }
    }
}
