// In: the steps of a run and what each model reads. Out: the graph as SVG, from left to right in the order of computing, each model a box that names its state. Every word in it is escaped.
using System.Globalization;
using System.Net;
using System.Text;
using Lizhou.Computing.Models;

namespace Lizhou.Computing.Runs;

internal static class RunPicture
{
    private const int Wide = 190;
    private const int High = 46;
    private const int Across = 250;
    private const int Down = 66;

    /// <summary>More would be no picture; the list beside it has them all.</summary>
    private const int Most = 120;

    public static string Draw(IReadOnlyList<RunStep> steps, IReadOnlyList<Model> models, Func<StepState, string> word, string title)
    {
        var shown = steps.Take(Most).ToDictionary(s => s.Model);
        var reads = shown.Keys.ToDictionary(id => id, id => models.FirstOrDefault(m => m.Id == id)?.Found.Inputs.Select(i => i.Set).Where(shown.ContainsKey).Distinct().ToList() ?? []);
        var column = new Dictionary<Guid, int>();
        foreach (var step in steps.Take(Most))
        {
            column[step.Model] = reads[step.Model].Select(r => column.GetValueOrDefault(r) + 1).DefaultIfEmpty(0).Max();
        }

        var place = column.GroupBy(c => c.Value).SelectMany(g => g.Select((c, i) => (c.Key, X: (c.Value * Across) + 8, Y: (i * Down) + 8))).ToDictionary(p => p.Key, p => (p.X, p.Y));
        var (width, height) = ((column.Values.Max() * Across) + Wide + 16, (column.GroupBy(c => c.Value).Max(g => g.Count()) * Down) + 8);
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg role=\"group\" aria-label=\"{Safe(title)}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-size=\"13\">"));
        foreach (var (to, from) in reads.SelectMany(r => r.Value.Select(f => (r.Key, f))))
        {
            var ((x, y), (tx, ty)) = (place[from], place[to]);
            var middle = (x + Wide + tx) / 2;
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x + Wide} {y + (High / 2)}C{middle} {y + (High / 2)} {middle} {ty + (High / 2)} {tx} {ty + (High / 2)}\" fill=\"none\" stroke=\"#8fa3bd\" stroke-width=\"1.5\"/>");
        }

        foreach (var step in shown.Values)
        {
            var (x, y) = place[step.Model];
            var (line, ground) = Colours(RunWords.Tone(step.State));
            svg.Append(CultureInfo.InvariantCulture, $"<a href=\"/models/{Safe(step.Name)}\"><rect x=\"{x}\" y=\"{y}\" width=\"{Wide}\" height=\"{High}\" rx=\"6\" fill=\"{ground}\" stroke=\"{line}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 19}\" fill=\"#1d2b3f\">{Safe(Short(step.Name))}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 10}\" y=\"{y + 37}\" fill=\"#44546a\" font-size=\"12\">{Safe(word(step.State))}</text></a>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static (string Line, string Ground) Colours(string tone) => tone switch
    {
        "good" => ("#2f8f4e", "#eef8f1"),
        "bad" => ("#c53030", "#fdf0f0"),
        "warn" => ("#b7791f", "#fdf6e7"),
        _ => ("#5b86c4", "#f0f5fc"),
    };

    private static string Short(string name) => name.Length <= 22 ? name : name[..21] + "…";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
