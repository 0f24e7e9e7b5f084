// The traps of standardising as a file a clerk can read and add to, and what holds of every text.
using System.Text.Json;
using CsCheck;
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests.Standardise;

public sealed class TreatmentTests
{
    private const string Left = "—";

    private static readonly string[] Parameters = ["", "upper", "day", "万元", "0579"];

    private static readonly string[] Units = ["元", "万元", "(万美元)", "亿元人民币", ""];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char["０１２３９ＡＺａz A9.-/年月日二十〇元万美亿人民币($¥)+转，·•\u200B\u3000\u00A0张三浙江省市上海路"].Array[0, 14].Select(c => new string(c)),
        Gen.String,
        Gen.DateTime[new(1900, 1, 1), new(2099, 12, 31)].Select(d => $"{d:yyyy年M月d日}"),
        Gen.Int[0, 90_000].Select(n => $"{n}"),
        Gen.Select(Gen.Decimal[-100_000m, 100_000m], Gen.Int[0, 4]).Select((n, unit) => $"{decimal.Round(n, 4)}{Units[unit]}"));

    [Fact]
    public void Every_trap_of_the_file_comes_out_as_it_says()
    {
        var divisions = Divisions();
        List<string> wrong = [];
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Standardise", "traps.tsv")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).ToList();
        foreach (var line in lines)
        {
            var kind = Enum.Parse<TreatmentKind>(line[0]);
            var parameter = kind == TreatmentKind.Division ? $"home\t{line[1]}\n{divisions}" : kind == TreatmentKind.Codes ? line[1].Replace('>', '\t').Replace(' ', '\n') : line[1];
            var made = Treatment.By(kind, parameter)(line[2]);
            if ((made.Known ? made.Value : Left) != line[3] || (!made.Known && made.Value != line[2]) || made.Why.Zh.Length == 0 || made.Why.En.Length == 0)
            {
                wrong.Add($"{kind} {line[2]}: {made}, not {line[3]}");
            }
        }

        lines.Count.ShouldBeGreaterThan(100);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_standardised_is_standardised_again_to_itself_and_what_is_not_known_is_left_as_it_was()
    {
        var divisions = $"home\t330784\n{Divisions()}";
        foreach (var kind in Enum.GetValues<TreatmentKind>())
        {
            var parameters = kind switch { TreatmentKind.Division => [divisions], TreatmentKind.Codes => ["1\t2\n2\t3\n9\t9"], _ => Parameters.Where(p => Treatment.Fault(kind, p) is null) };
            foreach (var parameter in parameters)
            {
                var treat = Treatment.By(kind, parameter);
                Texts.Sample(
                    text =>
                    {
                        var once = treat(text);
                        var twice = treat(once.Value);
                        twice.Value.ShouldBe(once.Value, $"{kind} {parameter}");
                        (once.Known ? twice.Known : once.Value == text).ShouldBeTrue($"{kind} {parameter}: {text}");
                    },
                    iter: 3_000);
            }
        }
    }

    [Fact]
    public void Every_day_of_a_spreadsheet_is_the_day_the_calendar_has() => Gen.Int[18_264, 73_050].Sample(
        serial => Treatment.By(TreatmentKind.Date, "")($"{serial}").Value.ShouldBe($"{new DateOnly(1950, 1, 1).AddDays(serial - 18_264):yyyy-MM-dd}"));

    [Theory]
    [InlineData(TreatmentKind.Case, "", false)]
    [InlineData(TreatmentKind.Case, "upper", true)]
    [InlineData(TreatmentKind.Money, "万卢布", false)]
    [InlineData(TreatmentKind.Money, "万美元", true)]
    [InlineData(TreatmentKind.Phone, "579", false)]
    [InlineData(TreatmentKind.Date, "year", false)]
    public void A_parameter_that_means_nothing_is_told(TreatmentKind kind, string parameter, bool good) => (Treatment.Fault(kind, parameter) is null).ShouldBe(good);

    private static string Divisions() => string.Join('\n', JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Shared.Path("china/gb2260/201607.json")))!.Select(d => $"{d.Key}\t{d.Value}"));
}
