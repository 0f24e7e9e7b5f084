// In: text. Out: its index terms: pairs of neighbouring CJK characters (and the last one alone), and lower-cased Latin words; full-width letters and digits as plain ones.
// A run of n characters becomes n terms in a row, so a text of two or more characters is found exactly where its pairs stand in a row.
using System.Text;

namespace Lizhou.Contracts.Search;

/// <summary>What must stand somewhere in a text for the text to be found.</summary>
/// <param name="Run">Characters in a row, or a word, in the one form texts are compared in.</param>
/// <param name="Cjk">Whether it is characters, which may stand inside of others; a word is found by its beginning.</param>
/// <param name="Terms">Of the index, in a row.</param>
/// <param name="Prefix">Whether the last term may go on: a single character, or a Latin word.</param>
public sealed record Phrase(string Run, bool Cjk, IReadOnlyList<string> Terms, bool Prefix)
{
    /// <summary>As it stands in <see cref="Grams.Folded"/> of every text it finds.</summary>
    public string Mark => Cjk ? Run : " " + Run;
}

/// <summary>Terms by which texts in Chinese, Latin letters and digits are found by words, on FTS5 and on PostgreSQL.</summary>
public static class Grams
{
    private const int MostPhrases = 12;

    /// <summary>Characters of a Latin word that count, in a text and in a query alike: PostgreSQL takes no term of more than 2,046 bytes.</summary>
    private const int LongestWord = 64;

    /// <summary>The terms of a text, in order.</summary>
    /// <param name="text">Null: none.</param>
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

    /// <summary>In the one form texts are compared in, of the same length: full-width letters, digits and signs as plain ones, in lower case.</summary>
    public static string Plain(string text) => string.Create(text.Length, text, (folded, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            folded[i] = char.ToLowerInvariant(Narrow(from[i]));
        }
    });

    /// <summary>A text as its runs in that form, each behind a blank: <c>ＬＥＤ路灯，坏</c> is <c>" led 路灯 坏"</c>. A phrase finds the text where its <see cref="Phrase.Mark"/> stands in it.</summary>
    public static string Folded(string text) => string.Concat(Runs(text).Select(r => " " + r.Run));

    /// <summary>What a query asks for: every phrase must be found.</summary>
    /// <param name="text">Null, or without a letter, digit or character: nothing is asked for. Of a long one the first twelve phrases count.</param>
    public static IReadOnlyList<Phrase> Query(string? text) =>
        [.. Runs(text ?? "").Take(MostPhrases).Select(r =>
            r.Cjk && r.Run.Length > 1 ? new Phrase(r.Run, true, [.. Enumerable.Range(0, r.Run.Length - 1).Select(i => r.Run.Substring(i, 2))], false) : new Phrase(r.Run, r.Cjk, [r.Run], true))];

    /// <summary>The terms of phrases each by itself, for an index that keeps no places: it finds all they find, and where their terms stand apart.</summary>
    /// <param name="most">Terms, the first.</param>
    public static IReadOnlyList<Phrase> Apart(IReadOnlyList<Phrase> phrases, int most) =>
        [.. phrases.SelectMany(p => p.Terms.Select(t => new Phrase(t, p.Cjk, [t], p.Prefix))).Take(most)];

    /// <summary>Each as an FTS5 expression.</summary>
    public static string Fts(IReadOnlyList<Phrase> phrases) =>
        string.Join(" AND ", phrases.Select(p => $"\"{string.Join(' ', p.Terms)}\"{(p.Prefix ? "*" : "")}"));

    /// <summary>Each as a PostgreSQL tsquery.</summary>
    /// <param name="weight"><c>A</c> for names alone; empty for all.</param>
    public static string TsQuery(IReadOnlyList<Phrase> phrases, string weight = "")
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

    /// <summary>Terms as a PostgreSQL tsvector literal, without positions.</summary>
    public static string TsVector(IEnumerable<string> terms) => string.Join(' ', terms.Distinct(StringComparer.Ordinal).Select(t => $"'{t}'"));

    // Only letters, digits and CJK go into a term, so no term needs quoting.
    private static IEnumerable<(string Run, bool Cjk)> Runs(string text)
    {
        text = Plain(text);
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
                yield return (text[start..(kind == Sign.Word ? Math.Min(at, start + LongestWord) : at)], kind == Sign.Cjk);
            }
        }
    }

    /// <summary>Written out: without the tables of a culture, which the program has none of, a normal form changes nothing.</summary>
    private static char Narrow(char c) => c switch
    {
        >= '\uff01' and <= '\uff5e' => (char)(c - 0xfee0),
        '\u3000' => ' ',
        _ => c,
    };

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
