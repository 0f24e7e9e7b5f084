// Data elements as a table, out and in. In: any spreadsheet, CSV or JSON. Out: a draft for every element that is new or differs, all or nothing. Refuses every file with one wrong row.
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Standards.Lists;
using Lizhou.Tabular.Writers;

namespace Lizhou.Standards.Elements;

/// <summary>What a row would do, or why it cannot be taken.</summary>
internal sealed record ElementRow(long Line, string Code, string Name, bool New, bool Same, IReadOnlyList<Text> Wrong);

internal static class ElementTable
{
    public const string Noun = "elements";
    private const int MostRows = 5_000;
    private static readonly char[] Separators = ['\n', '|', ',', '，', '、', '；', ';'];
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly IReadOnlyList<TableColumn> Columns =
    [
        new("code", new("标识", "Identifier"), 20, true), new("name", new("名称", "Name"), 20, true), new("nameEn", new("英文名称", "English name"), 24), new("synonyms", new("同义词", "Synonyms"), 40),
        new("type", new("数据类型", "Type"), 12, true), new("length", new("长度", "Length"), 8), new("precision", new("精度", "Precision"), 8), new("scale", new("小数位", "Scale"), 8),
        new("format", new("格式", "Format"), 24), new("unit", new("计量单位", "Unit of measure"), 10), new("codeList", new("代码集", "Code list"), 16),
        new("check", new("校验", "Check character"), 18), new("level", new("建议分级", "Level suggested"), 10), new("definition", new("定义", "Definition"), 40), new("source", new("来源标准", "Source"), 30),
    ];

    internal sealed record Outcome(bool Done, int Added, int Changed, int Same, IReadOnlyList<ElementRow> Rows);

    public static async Task<(ListFile File, string Name)> Export(Register register, ILedger ledger, string? format, Actor actor, CancellationToken stop)
    {
        var all = (await register.All(StandardKind.Element, stop)).Where(e => actor.Sees(e.Standard)).Select(e => Register.Read<ElementBody>(e.Version.Body).Card(e.Standard.Code, e.Version.Number)).ToList();
        await ledger.Append(actor, new("element.exported", "elements", Evidence.Done, new { rows = all.Count, format }), stop);
        var rows = all.Select(e => new[]
        {
            e.Code, e.Name, e.NameEn, string.Join(" | ", e.Synonyms), Words.Of(e.Type).ToString(), Number(e.Length), Number(e.Precision), Number(e.Scale), e.Format, e.Unit, e.CodeList,
            e.Check == CheckCharacter.None ? null : Words.Of(e.Check).ToString(), e.Level?.ToString(), e.Definition, e.Source,
        }).ToList();
        return (ExportCodes.Of(format, new Text("数据元", "Data elements").ToString(), Columns, rows, () => JsonSerializer.SerializeToUtf8Bytes(
            rows.Select(r => Columns.Select((c, i) => (c.Field, Cell: r[i])).Where(c => c.Cell is not null).ToDictionary(c => c.Field, c => c.Cell)), Json)), "elements");
    }

    /// <summary>Looking and taking are one and the same, but for the last step: what the preview shows is what happens.</summary>
    public static async Task<Result<Outcome>> Import(Register register, string path, bool preview, Actor actor, CancellationToken stop)
    {
        if (await register.Refusal(StandardKind.Element, "elements", actor, stop) is { } refused)
        {
            return refused;
        }

        var read = ReadTable.Run(path, Columns, MostRows);
        if (read.Refused)
        {
            return read.Problem!;
        }

        var there = (await register.All(StandardKind.Element, stop)).ToDictionary(e => e.Standard.Code, e => Register.Read<ElementBody>(e.Version.Body), StringComparer.Ordinal);
        var lists = await SaveElement.Lists(register, stop);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        List<(ElementRow Row, ElementBody Body)> rows = [];
        foreach (var line in read.Value)
        {
            List<Text> wrong = [];
            var (code, body) = (line[0] ?? "", Body(line, wrong).Tidy());
            wrong.AddRange(ElementChecks.Faults(code, body, lists));
            if (!seen.Add(code))
            {
                wrong.Add(new Text("标识 {0} 在文件中重复", "The identifier {0} stands twice in the file").With(code));
            }

            var known = there.GetValueOrDefault(code);
            rows.Add((new(line.Line, code, body.Name, known is null, known is not null && Register.Write(known) == Register.Write(body), wrong), body));
        }

        var good = rows.FindAll(r => r.Row.Wrong.Count == 0);
        Outcome outcome = new(!preview && good.Count == rows.Count, good.Count(r => r.Row.New), good.Count(r => r.Row is { New: false, Same: false }), good.Count(r => r.Row.Same), [.. rows.Select(r => r.Row)]);
        return preview ? outcome
            : good.Count < rows.Count ? Problems.RowsFaulty.With(rows.Count - good.Count)
            : await Take(register, rows.FindAll(r => !r.Row.Same), outcome, actor, stop);
    }

    private static async Task<Result<Outcome>> Take(Register register, List<(ElementRow Row, ElementBody Body)> rows, Outcome outcome, Actor actor, CancellationToken stop)
    {
        foreach (var (row, body) in rows)
        {
            if ((await register.Draft(StandardKind.Element, row.Code, body.Name, body, null, null, row.New, actor, stop)).Problem is { } problem)
            {
                return problem;
            }
        }

        return rows.Count > 0 && await register.Commit(actor, new("element.imported", "elements", Evidence.Done, new { outcome.Added, outcome.Changed }), stop) is { } late ? late : outcome;
    }

    private static ElementBody Body(TableRow row, List<Text> wrong)
    {
        int? Whole(int at)
        {
            if (row[at] is { } cell && !int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                wrong.Add(new Text("{0}“{1}”不是整数", "{0} {1} is not a whole number").With(Columns[at].Name, cell));
            }

            return int.TryParse(row[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        T One<T>(int at, Func<T, Text> label, T otherwise)
            where T : struct, Enum
        {
            if (row[at] is not { } cell)
            {
                return otherwise;
            }

            if (Words.Read(cell, label) is { } value)
            {
                return value;
            }

            wrong.Add(new Text("{0}“{1}”无法识别", "{0} {1} is not known").With(Columns[at].Name, cell));
            return otherwise;
        }

        return new()
        {
            Name = row[1] ?? "", NameEn = row[2], Synonyms = (row[3] ?? "").Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Type = One(4, Words.Of, ItemType.Text), Length = Whole(5), Precision = Whole(6), Scale = Whole(7), Format = row[8], Unit = row[9], CodeList = row[10],
            Check = One(11, Words.Of, CheckCharacter.None), Level = row[12] is null ? null : One(12, l => new Text(l.ToString(), l.ToString()), Level.L3), Definition = row[13], Source = row[14],
        };
    }

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
