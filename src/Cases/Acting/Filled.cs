// In: what was filled in for an act. Out: null, or what is wrong with it. Pure.
using System.Globalization;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Cases.Acting;

internal static class Filled
{
    public const int MostWords = 1_000;
    public const int MostHours = 400;

    /// <summary>A field that has to be there and is not; or photos with an act that takes none, which would be lost without a word.</summary>
    public static Problem? Lacks(FlowAct act, IReadOnlyDictionary<string, string> fields, IReadOnlyList<string>? photos)
    {
        var pictures = photos is { Count: > 0 };
        return act.Fields.FirstOrDefault(f => f.Required && !(f.Name == FlowWords.Photos ? pictures : fields.ContainsKey(f.Name))) is { } lacking ? Problems.Missing.With(act.Title, FlowWords.Fields[lacking.Name]).At(lacking.Name)
            : pictures && !act.Fields.Any(f => f.Name == FlowWords.Photos) ? Problems.WrongField.With(FlowWords.Fields[FlowWords.Photos], new Text("“{0}”不收照片。", "“{0}” takes none.").With(act.Title)).At(FlowWords.Photos)
            : null;
    }

    public static Problem? Wrong(CaseWhole whole, FlowAct act, IReadOnlyDictionary<string, string> fields, CaseFile? parent, Desk desk) =>
        fields.Select(f => Fault(whole, act, f.Key, f.Value, fields, parent, desk) is { } why ? Problems.WrongField.With(FlowWords.Fields[f.Key], why).At(f.Key) : null).FirstOrDefault(p => p is not null);

    private static Text? Fault(CaseWhole whole, FlowAct act, string field, string value, IReadOnlyDictionary<string, string> all, CaseFile? parent, Desk desk) => field switch
    {
        _ when !Legible.Is(value) => Legible.Fault,
        _ when value.Length > MostWords => new("不超过 1000 字。", "At most 1,000 characters."),
        "class" => desk.Classes.ContainsKey(value) ? null : new("没有这个分类。", "There is no such class."),
        "grade" => Enum.TryParse<Grade>(value, out var grade) && Enum.IsDefined(grade) ? null : new("没有这个级别。", "There is no such grade."),
        "end" => Enum.TryParse<Outcome>(value, out var end) && end is Outcome.Normal or Outcome.Late or Outcome.Faulty or Outcome.Special ? null : new("为正常、超时、差错或特殊结案。", "It is normal, late, faulty or special."),
        "hours" => int.TryParse(value, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= MostHours ? null : new("为 1 到 400 工作时。", "It is 1 to 400 working hours."),
        "unit" => Guid.TryParse(value, out var unit) && desk.Units.ContainsKey(unit) ? null : FlowWords.Guards["known-units"],
        "assists" => Ids(value) is not { } ids || ids.Any(i => !desk.Units.ContainsKey(i)) ? FlowWords.Guards["known-units"]
            : act.Has("reassist") && ids.Any(i => whole.Legs.Any(l => l.Runs && l.Unit == i)) ? new("所选单位正在办理本事件。", "A unit that is chosen has a part in the case already.")
            : ids.Count != ids.Distinct().Count() || ids.Any(i => all.GetValueOrDefault("unit") == i.ToString("D")) ? new("同一单位不能重复。", "No unit twice.") : null,
        "parent" => parent is { Ended: false } && parent.Id != whole.File.Id ? null : FlowWords.Guards["parent-open"],
        "node" => act.Has("lower") && desk.Nodes.Find(value) is { } node && node.Code != whole.File.Node && desk.Nodes.Holds(whole.File.Node, node.Code) ? null : FlowWords.Guards["node-below"],
        _ => null,
    };

    /// <summary>Ids by comma; empty for nothing; null for what is none.</summary>
    public static IReadOnlyList<Guid>? Ids(string? text)
    {
        var ids = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => Guid.TryParse(p, out var id) ? id : (Guid?)null).ToList();
        return ids.Contains(null) ? null : [.. ids.OfType<Guid>()];
    }
}
