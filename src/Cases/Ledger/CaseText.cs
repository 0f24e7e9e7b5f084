// In: a case. Out: the statements that write by which words it is found: what was reported and its address, which never change after the report.
using System.Globalization;
using Lizhou.Contracts.Search;
using Lizhou.Kernel;

namespace Lizhou.Cases.Ledger;

/// <param name="Folded">As <see cref="Grams.Folded"/> tells it.</param>
internal sealed record CaseText(string Number, string Folded)
{
    public static CaseText Of(string number, string words, string address) => new(number, Grams.Folded($"{words}\n{address}"));

    public static CaseText Of(CaseFile file) => Of(file.Number, file.Words, file.Address);

    /// <summary>Of a case that has none yet.</summary>
    public IEnumerable<FormattableString> Insert(StateKind kind) => kind == StateKind.PostgreSql
        ? [$"INSERT INTO case_text (number, folded, grams) VALUES ({Number}, {Folded}, CAST({Grams.TsVector(Grams.Of(Folded))} AS TSVECTOR))"]
        :
        [
            $"INSERT INTO case_text (number, folded) VALUES ({Number}, {Folded})",
            $"INSERT INTO case_gram (rowid, grams) VALUES ({Row}, {Terms})",
        ];

    /// <summary>The index of SQLite keeps no texts: it is told what it was to forget.</summary>
    public IEnumerable<FormattableString> Delete(StateKind kind) =>
    [
        $"DELETE FROM case_text WHERE number = {Number}",
        .. kind == StateKind.PostgreSql ? Array.Empty<FormattableString>() : [$"INSERT INTO case_gram (case_gram, rowid, grams) VALUES ('delete', {Row}, {Terms})"],
    ];

    private string Terms => string.Join(' ', Grams.Of(Folded));

    private long Row => (long.Parse(Number.AsSpan(2, 8), CultureInfo.InvariantCulture) * 1_000_000_000) + long.Parse(Number.AsSpan(11), CultureInfo.InvariantCulture);
}
