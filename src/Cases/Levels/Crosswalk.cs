// 编码对照: what classes and places of another level are here. What nobody has declared is nobody's guess: a person files the case. Pure, but for reading it.
using System.Data.Common;
using Lizhou.Cases.Acting;
using Lizhou.Kernel;

namespace Lizhou.Cases.Levels;

[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<CodeKind>))]
internal enum CodeKind
{
    Class,
    Place,
}

/// <param name="Theirs">* for every code without a row of its own.</param>
/// <param name="Ours">= for the same.</param>
internal sealed record CodeRow(CodeKind Kind, string Theirs, string Ours);

/// <param name="Class">Null: none yet, who accepts the case gives it one.</param>
/// <param name="Place">Null: it lacks.</param>
/// <param name="Lacks">Why a person has to file it; null: nobody has to.</param>
internal sealed record Filing(string? Class, string? Place, Problem? Lacks);

internal sealed record Crosswalk(IReadOnlyList<CodeRow> Rows)
{
    public const string Header = "种类,对方编码,本地编码";
    public const string Kinds = "分类、地点";
    public const string AllTheSame = "分类,*,=";
    public const string Any = "*";
    public const string Same = "=";

    public static FormattableString Of(Guid peer) => $"SELECT kind, theirs, ours FROM level_code WHERE peer = {peer.ToString("D")} ORDER BY kind, theirs";

    public static CodeRow Row(DbDataReader r) => new(Enum.Parse<CodeKind>(r.GetString(0)), r.GetString(1), r.GetString(2));

    /// <summary>Where a case told by the other level belongs. One that tells no place belongs to the centre, as every report without one.</summary>
    public Filing File(LevelCase told, Desk desk)
    {
        var (@class, place) = (Find(CodeKind.Class, told.Class), told.Place is null ? desk.Nodes.Centre.Code : Find(CodeKind.Place, told.Place));
        @class = @class is not null && desk.Classes.ContainsKey(@class) ? @class : null;
        place = desk.Nodes.Find(place)?.Code;
        List<Text> lack = [];
        if (told.Class is { } code && @class is null)
        {
            lack.Add(new Text("分类“{0}”", "class “{0}”").With(code));
        }

        if (place is null)
        {
            lack.Add(new Text("地点“{0}”", "place “{0}”").With(told.Place));
        }

        return new(@class, place, lack.Count == 0 ? null : Problems.NoCode.With(new Text(string.Join('、', lack.Select(l => l.Zh)), string.Join(", ", lack.Select(l => l.En)))));
    }

    public string Write() => string.Concat(Rows.Select(r => $"{Word(r.Kind)},{r.Theirs},{r.Ours}\n").Prepend($"{Header}\n"));

    /// <summary>Reads the lines of a crosswalk; the header may lack.</summary>
    public static Result<Crosswalk> Read(string text, Desk desk)
    {
        List<CodeRow> rows = [];
        foreach (var (i, line) in text.Split('\n').Index())
        {
            if (line.Trim() is not { Length: > 0 } told || (i == 0 && told == Header))
            {
                continue;
            }

            var cells = told.Split([',', '，'], StringSplitOptions.TrimEntries);
            if (cells.Length != 3 || Kind(cells[0]) is not { } kind || cells[1].Length is 0 or > 40)
            {
                return Problems.BadCode.With(i + 1, new Text($"应为“{Header}”，种类为分类或地点", $"it has “{Header}”, the kind being class or place"));
            }

            if (!(cells[2] == Same ? cells[1] == Any : kind == CodeKind.Class ? desk.Classes.ContainsKey(cells[2]) : desk.Nodes.Find(cells[2]) is not null))
            {
                return Problems.BadCode.With(i + 1, new Text("本地没有编码“{0}”", "there is no code “{0}” here").With(cells[2]));
            }

            if (rows.Exists(r => r.Kind == kind && r.Theirs == cells[1]))
            {
                return Problems.BadCode.With(i + 1, new Text("对方编码“{0}”写了两次", "“{0}” of the other end stands twice").With(cells[1]));
            }

            rows.Add(new(kind, cells[1], cells[2]));
        }

        return new Crosswalk(rows);
    }

    private string? Find(CodeKind kind, string? theirs) =>
        theirs is not null && (Rows.FirstOrDefault(r => r.Kind == kind && r.Theirs == theirs) ?? Rows.FirstOrDefault(r => r.Kind == kind && r.Theirs == Any)) is { } row ? row.Ours == Same ? theirs : row.Ours : null;

    private static string Word(CodeKind kind) => kind == CodeKind.Class ? "分类" : "地点";

    private static CodeKind? Kind(string word) => word is "分类" or "class" ? CodeKind.Class : word is "地点" or "place" ? CodeKind.Place : null;
}
