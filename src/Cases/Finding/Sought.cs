// In: what was typed to find cases. Out: the beginning of a number, or words that must all stand in what was reported or in its address, and the condition for either.
// Few cases with the words are found by the index of words. Many are found soonest in the order of the list, or of what else is asked, each looked at whether it has the words: that the words stand in the text decides in both.
using System.Text.RegularExpressions;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Search;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

/// <param name="First">First characters of a number; null: none were typed.</param>
/// <param name="Words">Null: none were typed; empty: signs alone, which stand in no case.</param>
/// <param name="ByIndex">Whether cases with the words are found by the index of words, as few are.</param>
internal sealed partial record Sought(string? First, IReadOnlyList<Phrase>? Words, bool ByIndex)
{
    /// <summary>Cases with the words that are few: looked up one by one they take less time than it takes to meet a thousand of more among a million.</summary>
    public const int Few = 10_000;

    /// <summary>The same where looking at others takes longer: where all are counted, or on PostgreSQL other conditions choose whose texts are read.</summary>
    public const int FewOfDear = 30_000;

    /// <summary>Terms the index is asked for; the rest of a long text is looked for in what they find.</summary>
    private const int MostTerms = 32;

    /// <inheritdoc cref="Of(string?, CasesDb, bool, CancellationToken)"/>
    /// <param name="few">Cases with the words that are few.</param>
    /// <param name="q">Null or blank: everything.</param>
    /// <param name="few">Cases with the words, up to which they are found by the index.</param>
    public static async Task<Sought> Of(string? q, CasesDb db, int few, CancellationToken stop)
    {
        if (string.IsNullOrWhiteSpace(q))
        {
            return new(null, null, false);
        }

        if (Beginning(q) is { } first)
        {
            return new(first, null, false);
        }

        var words = Grams.Query(q);
        return new(null, words, words.Count > 0 && await With(words, Indexed(words, db)).Take(few + 1).CountAsync(stop) <= few);
    }

    /// <summary>What is typed as the first characters of a number, as numbers are written; null: it cannot be one.</summary>
    public static string? Beginning(string q) => Grams.Plain(q).Trim().ToUpperInvariant() is var first && NumberBegins().IsMatch(first) ? first : null;

    public IQueryable<CaseFile> In(IQueryable<CaseFile> all, CasesDb db)
    {
        if (First is { } first)
        {
            var most = FindCases.Most(first);
            return all.Where(f => string.Compare(f.Number, first) >= 0 && string.Compare(f.Number, most) <= 0);
        }

        if (Words is null)
        {
            return all;
        }

        if (Words.Count == 0)
        {
            return all.Where(f => false);
        }

        if (ByIndex)
        {
            var found = With(Words, Indexed(Words, db)).Select(t => t.Number);
            return all.Where(f => found.Contains(f.Number));
        }

        // Not by Any, which PostgreSQL would turn into reading all texts there are.
        var texts = Texts(db);
        return all.Where(f => texts.Where(t => t.Number == f.Number).Select(t => t.Number).FirstOrDefault() != null);
    }

    /// <summary>Those of all cases that have the words, of many.</summary>
    public IQueryable<CaseText> Texts(CasesDb db) => With(Words!, db.Texts);

    private static IQueryable<CaseText> With(IReadOnlyList<Phrase> words, IQueryable<CaseText> texts) =>
        words.Select(w => w.Mark).Aggregate(texts, (before, mark) => before.Where(t => t.Folded.Contains(mark)));

    /// <summary>Texts the words may stand in.</summary>
    private static IQueryable<CaseText> Indexed(IReadOnlyList<Phrase> words, CasesDb db)
    {
        var terms = Grams.Apart(words, MostTerms);
        return db.Database.IsNpgsql()
            ? db.Texts.FromSql($"SELECT number, folded FROM case_text WHERE grams @@ CAST({Grams.TsQuery(terms)} AS TSQUERY)")
            : db.Texts.FromSql($"SELECT t.number, t.folded FROM case_gram g CROSS JOIN case_text t ON t.number = 'SJ' || substr(g.rowid, 1, 8) || '-' || printf('%06d', g.rowid % 1000000000) WHERE case_gram MATCH {Grams.Fts(terms)}");
    }

    [GeneratedRegex("^SJ[0-9]{0,8}(-[0-9]{0,9})?$", RegexOptions.None, 1000)]
    private static partial Regex NumberBegins();
}
