// Layers, kinds of flow and durations as pages call them; and what differs between two texts.
using System.Globalization;
using Lizhou.Computing.Lineage;

namespace Lizhou.Computing.Models;

internal static class ModelWords
{
    public static string OfLayer(string layer) => layer switch
    {
        "standard" => "Standard layer",
        "base" => "Base library",
        _ => "Theme library",
    };

    public static string Of(FlowKind kind) => kind switch
    {
        FlowKind.Identity => "as it is",
        FlowKind.Transformation => "by an expression",
        FlowKind.Aggregation => "over many rows",
        FlowKind.Conditional => "decides the value",
        FlowKind.Window => "decides the window",
        _ => "decides the rows",
    };

    public static string Took(long ms) => ms < 10_000 ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:N0} s");

    /// <summary>The lines of both texts in order: kept (blank), gone (−), new (+); by the longest run of lines they share.</summary>
    public static IReadOnlyList<(char Sign, string Line)> Difference(string before, string after)
    {
        var (old, young) = (before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'));
        if ((long)old.Length * young.Length > 4_000_000)
        {
            return [.. old.Select(l => ('−', l)), .. young.Select(l => ('+', l))];
        }

        var shared = new int[old.Length + 1, young.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = young.Length - 1; j >= 0; j--)
            {
                shared[i, j] = old[i] == young[j] ? shared[i + 1, j + 1] + 1 : Math.Max(shared[i + 1, j], shared[i, j + 1]);
            }
        }

        var lines = new List<(char, string)>();
        for (var (i, j) = (0, 0); i < old.Length || j < young.Length;)
        {
            if (i < old.Length && j < young.Length && old[i] == young[j])
            {
                lines.Add((' ', old[i]));
                (i, j) = (i + 1, j + 1);
            }
            else if (j == young.Length || (i < old.Length && shared[i + 1, j] >= shared[i, j + 1]))
            {
                lines.Add(('−', old[i++]));
            }
            else
            {
                lines.Add(('+', young[j++]));
            }
        }

        return lines;
    }
}
