// The form in which rejected rows are edited on their page. In: what was posted. Out: by row the cells that were changed, and the rows ticked to be sent as they are. Pure.
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Collection.Rejects;

internal static class MendForm
{
    /// <summary>Most cells on one page: a form of more fields is refused by the server.</summary>
    public const int MostCells = 400;

    /// <summary>The field of a cell, and that of its text as it was shown, by which a change is told.</summary>
    public static string Field(long seq, int at) => string.Create(CultureInfo.InvariantCulture, $"c-{seq}-{at}");

    public static string Was(long seq, int at) => string.Create(CultureInfo.InvariantCulture, $"w-{seq}-{at}");

    /// <summary>The tick of a row that is sent unchanged, after an exception was documented.</summary>
    public static string AsItIs(long seq) => string.Create(CultureInfo.InvariantCulture, $"s-{seq}");

    public static IReadOnlyDictionary<long, IReadOnlyDictionary<int, string>> Read(IFormCollection form)
    {
        var rows = new Dictionary<long, Dictionary<int, string>>();
        foreach (var (name, value) in form)
        {
            switch (name.Split('-'))
            {
                case ["c", var row, var cell] when long.TryParse(row, CultureInfo.InvariantCulture, out var seq) && int.TryParse(cell, CultureInfo.InvariantCulture, out var at):
                    var (now, was) = (Plain(value), Plain(form[Was(seq, at)]));
                    if (now != was)
                    {
                        (rows.TryGetValue(seq, out var cells) ? cells : rows[seq] = [])[at] = now;
                    }

                    break;
                case ["s", var row] when long.TryParse(row, CultureInfo.InvariantCulture, out var seq):
                    rows.TryAdd(seq, []);
                    break;
            }
        }

        return rows.ToDictionary(r => r.Key, r => (IReadOnlyDictionary<int, string>)r.Value);
    }

    // A browser sends every line end as CR LF.
    private static string Plain(string? text) => (text ?? "").ReplaceLineEndings("\n");
}
