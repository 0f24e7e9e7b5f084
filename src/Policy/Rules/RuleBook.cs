// In: a rule set and who wrote it. Out: the newest version, sealed; read at every decision, so a change counts at once. Refuses one whose seal is broken, and any while a version is missing.
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Policy.Rules;

/// <summary>A version of the rules as it is listed.</summary>
internal sealed record RuleVersion(long Version, string Rules, string Note, string Author, DateTimeOffset At, string Seal);

internal sealed class RuleBook(StateStore state, PolicyKeys keys, RuleMark mark, ILedger ledger, TimeProvider clock)
{
    private const int MostTold = 10;

    private static readonly Text House = new("出厂规则", "the rules of the house");

    private static readonly Text Many = new("须有 1–100 条规则，各有不超过 40 个字且不重复的名称", "1–100 rules, each with a name of its own of at most 40 characters");
    private static readonly Text Nothing = new("内容为 null，须为含 rules 的对象", "it is null where an object with rules belongs");
    private static readonly Text NoRole = new("rules[{0}].roles[{1}] 没有角色“{2}”；可用 {3}", "rules[{0}].roles[{1}]: there is no role “{2}”; there are {3}");
    private static readonly Text NoRule = new("rules[{0}] 为空", "rules[{0}] is nothing");
    private static readonly Text Unread = new("有无法理解的值", "it holds a value that is not understood");

    private (string Seal, RuleSet Rules)? parsed;

    /// <summary>The rules that count now; version 0 are the house's own.</summary>
    public async Task<Result<(long Version, RuleSet Rules)>> Current(CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var missing = await mark.Missing(connection, null, stop);
        if (missing is not [])
        {
            return missing is null ? Problems.RulesForgotten : Problems.RulesMissing.With(string.Join(", ", missing.Take(MostTold)));
        }

        var last = await connection.Rows(null, $"SELECT version, rules, note, author, at, seal FROM policy_rules ORDER BY version DESC LIMIT 1", Row, stop).FirstOrDefaultAsync(stop);
        if (last is null)
        {
            return (0L, RuleSet.Default);
        }

        if (parsed is { } known && known.Seal == last.Seal && keys.Fits("rules", Sealed(last.Version, last.Rules), last.Seal))
        {
            return (last.Version, known.Rules);
        }

        if (!keys.Fits("rules", Sealed(last.Version, last.Rules), last.Seal))
        {
            return Problems.BrokenRules.With(last.Version);
        }

        var rules = RuleSet.Parse(last.Rules);
        parsed = (last.Seal, rules);
        return (last.Version, rules);
    }

    /// <summary>Makes a new version; it counts with the next decision. Refused without a reason, and when another was saved since <paramref name="seen"/>.</summary>
    /// <param name="seen">The version the author began with.</param>
    /// <param name="note">The reason of the change.</param>
    public async Task<Result<long>> Save(long seen, string json, string note, Actor author, CancellationToken stop)
    {
        var rules = Read(json);
        if ((rules.Problem ?? (string.IsNullOrWhiteSpace(note) ? Problems.NoReason : null)) is { } refusal)
        {
            return refusal;
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var last = Convert.ToInt64(await connection.Scalar(transaction, $"SELECT coalesce(max(version), 0) FROM policy_rules", stop), CultureInfo.InvariantCulture);
        if (last != seen)
        {
            return Problems.RulesChanged.With(last);
        }

        // A number is never given twice, also where the version that had it was taken out of the database.
        var (missing, version) = (await mark.Missing(connection, transaction, stop) ?? [], Math.Max(last, mark.Read()?.Newest ?? 0) + 1);
        var text = rules.Value.ToString();
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO policy_rules (version, rules, note, author, at, seal)
             VALUES ({version}, {text}, {note}, {author.Name}, {clock.GetUtcNow().ToStored()}, {keys.Seal("rules", Sealed(version, text))})
             """,
            stop);
        await ledger.Append(
            connection, transaction, author, new Evidence("policy.changed", $"v{version}", Evidence.Done, new { note, rules = rules.Value.Rules.Select(r => r.Name).ToList(), missing = missing.Count > 0 ? missing : null }), stop);
        await transaction.CommitAsync(stop);
        mark.Raise(version, missing);
        return version;
    }

    /// <summary>The versions, newest first; the house's own rules last.</summary>
    public async Task<IReadOnlyList<RuleVersion>> Versions(CancellationToken stop)
    {
        var kept = await state.Read($"SELECT version, rules, note, author, at, seal FROM policy_rules ORDER BY version DESC LIMIT 100", Row, stop);
        return [.. kept, new(0, RuleSet.Default.ToString(), House.ToString(), "", DateTimeOffset.MinValue, "")];
    }

    /// <summary>The rule set in a text; refused with the place where it is wrong.</summary>
    public static Result<RuleSet> Read(string json)
    {
        try
        {
            if (RuleSet.Read(json) is not { } rules)
            {
                return Problems.BadRules.With(Nothing);
            }

            if (Fault(rules) is { } fault)
            {
                return Problems.BadRules.With(fault);
            }

            var names = rules.Rules.Select(r => r.Name).ToList();
            return names.Count is 0 or > 100 || names.Distinct(StringComparer.Ordinal).Count() < names.Count || names.Any(n => n.Length is 0 or > 40)
                ? Problems.BadRules.With(Many)
                : rules;
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or ArgumentException)
        {
            return Problems.BadRules.With(wrong is JsonException unread ? RuleSet.Told(unread) : Unread);
        }
    }

    /// <summary>What JSON lets pass; a role nobody has would be a rule that never applies, and its author would not know.</summary>
    private static Text? Fault(RuleSet rules)
    {
        foreach (var (i, rule) in rules.Rules.Index())
        {
            if (rule is null)
            {
                return NoRule.With(i);
            }

            foreach (var (j, role) in rule.Roles.Index().Where(r => !Roles.All.Contains(r.Item)))
            {
                return NoRole.With(i, j, role, string.Join(", ", Roles.All));
            }
        }

        return null;
    }

    private static string Sealed(long version, string rules) => string.Create(CultureInfo.InvariantCulture, $"{version}\n{rules}");

    private static RuleVersion Row(DbDataReader r) => new(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetString(3), Clock.FromStored(r.GetString(4)), r.GetString(5));
}
