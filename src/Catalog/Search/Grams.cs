// In: text. Out: its index terms: pairs of neighbouring CJK characters (and the last one alone), and lower-cased Latin words.
// A run of n characters becomes n terms in a row, so a text of two or more characters is found exactly where its pairs stand in a row.
using System.Text;

namespace Lizhou.Catalog.Search;

/// <param name="Terms">In a row.</param>
/// <param name="Prefix">Whether the last term may go on: a single character, or a Latin word.</param>
internal sealed record Phrase(IReadOnlyList<string> Terms, bool Prefix);

internal static class Grams
{
    private const int MostPhrases = 12;

    /// <summary>The terms of a text, in order.</summary>
    public static IEnumerable<string> Of(string? text)
    {
        foreach (var (run, cjk) in Runs(text ?? ""))
        {
            if (!cjk)
            {
                yield return run;
                continue;
            }

            for (var i = 0; i < run.Length; i++)
            {
                yield return run.Substring(i, Math.Min(2, run.Length - i));
            }
        }
    }

    /// <summary>What a query asks for: every phrase must be found.</summary>
    public static IReadOnlyList<Phrase> Query(string? text) =>
        [.. Runs(text ?? "").Take(MostPhrases).Select(r =>
            r.Cjk && r.Run.Length > 1 ? new Phrase([.. Enumerable.Range(0, r.Run.Length - 1).Select(i => r.Run.Substring(i, 2))], false) : new Phrase([r.Run], true))];

    /// <summary>Each as an FTS5 expression.</summary>
    public static string Fts(IReadOnlyList<Phrase> phrases) =>
        string.Join(" AND ", phrases.Select(p => $"\"{string.Join(' ', p.Terms)}\"{(p.Prefix ? "*" : "")}"));

    /// <summary>Each as a PostgreSQL tsquery.</summary>
    /// <param name="weight"><c>A</c> for names alone; empty for all.</param>
    public static string TsQuery(IReadOnlyList<Phrase> phrases, string weight)
    {
        return string.Join(" & ", phrases.Select(Of));
        string Of(Phrase p) => $"({string.Join(" <-> ", p.Terms.Select(t => $"'{t}'{(p.Prefix || weight.Length > 0 ? ":" : "")}{(p.Prefix ? "*" : "")}{weight}"))})";
    }

    /// <summary>Terms as a PostgreSQL tsvector literal, with positions; the name's weigh A.</summary>
    public static string TsVector(IEnumerable<string> name, IEnumerable<string> body)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var (term, weight) in name.Select(t => (t, "A")).Concat(body.Select(t => (t, ""))))
        {
            // PostgreSQL keeps positions up to 16383; what stands further on is found as single terms.
            at = Math.Min(at + 1, 16383);
            text.Append('\'').Append(term).Append("':").Append(at).Append(weight).Append(' ');
        }

        return text.ToString();
    }

    // Only letters, digits and CJK go into a term, so no term needs quoting.
    private static IEnumerable<(string Run, bool Cjk)> Runs(string text)
    {
        text = text.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        for (var at = 0; at < text.Length;)
        {
            var kind = Kind(text[at]);
            var start = at++;
            while (at < text.Length && Kind(text[at]) == kind)
            {
                at++;
            }

            if (kind != Sign.Other)
            {
                yield return (text[start..at], kind == Sign.Cjk);
            }
        }
    }

    private enum Sign
    {
        Other,
        Word,
        Cjk,
    }

    private static Sign Kind(char c) => c switch
    {
        >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff' or >= '\u3040' and <= '\u30ff' or '\u3007' => Sign.Cjk,
        _ when char.IsAsciiLetterOrDigit(c) || (c > '\u007f' && char.IsLetterOrDigit(c)) => Sign.Word,
        _ => Sign.Other,
    };
}
