// What is found in a table, and what is left alone, on small invented tables: one promise each.
using System.Globalization;
using System.Text;
using CsCheck;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;
using Lizhou.Quality.Suggest;
using Lizhou.Tabular;

namespace Lizhou.Quality.Tests.Suggest;

public sealed class SuggestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Towns = ["东城街道", "西城街道", "江南街道", "石柱镇", "前仓镇", "舟山镇", "古山镇", "方岩镇"];

    [Fact]
    public void Independent_columns_break_nothing() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 9_999], Gen.Int[0, 20_000], Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz"], 6, 12]).Array[300].Sample(
            rows => Cells(Table(["town", "amount", "day", "name"], rows.Select(r => new[]
            {
                Towns[r.Item1], (r.Item2 / 100.0).ToString("F2", CultureInfo.InvariantCulture), new DateOnly(1950, 1, 1).AddDays(r.Item3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), r.Item4,
            }))).ShouldBeEmpty(), iter: 30);

    [Fact]
    public void A_word_for_nothing_among_numbers_is_flagged_and_emptied()
    {
        var found = Cells(Table(["n"], Enumerable.Range(0, 100).Select(i => new[] { i % 10 == 3 ? "无" : $"{i * 7 % 50}" })));
        found.Count.ShouldBe(10);
        found.ShouldAllBe(c => c.Flag.Proposed == "");
    }

    [Fact]
    public void A_word_that_is_a_value_of_a_column_of_words_stays() =>
        Cells(Table(["state"], Enumerable.Range(0, 100).Select(i => new[] { i % 10 == 3 ? "无" : i % 2 == 0 ? "有" : "部分" }))).ShouldBeEmpty();

    [Fact]
    public void A_unit_beside_plain_numbers_is_taken_off() =>
        Cells(Table(["area"], Enumerable.Range(0, 210).Select(i => new[] { i % 7 == 0 ? $"{i % 30}亩" : $"{i % 30}" }))).Select(c => c.Flag.Proposed).ShouldBe(Enumerable.Range(0, 30).Select(i => $"{i * 7 % 30}"));

    [Fact]
    public void A_unit_the_columns_name_says_is_taken_off() =>
        Cells(Table(["面积（亩）"], Enumerable.Range(0, 200).Select(i => new[] { i % 40 == 7 ? $"{i}.5亩" : $"{i}.25" }))).Select(c => c.Flag.Proposed).ShouldBe(["7.5", "47.5", "87.5", "127.5", "167.5"]);

    [Fact]
    public void A_unit_of_which_nothing_tells_that_plain_numbers_have_it_is_flagged_and_kept() =>
        Cells(Table(["用地"], Enumerable.Range(0, 200).Select(i => new[] { i % 40 == 7 ? $"{i}.5亩" : $"{i}.25" }))).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(7, null), (47, null), (87, null), (127, null), (167, null)]);

    [Theory]
    [InlineData("96万元", "960000.00 CNY"), InlineData("893万美元", "8930000.00 USD"), InlineData("51.8000(万元人民币)", "518000.00 CNY"), InlineData("-5万元", "-50000.00 CNY"), InlineData("1.2亿元", "120000000.00 CNY")]
    public void Money_beside_plain_numbers_is_told_with_its_amount_and_never_another_number(string written, string amount) =>
        Cells(Table(["注册资本"], Enumerable.Range(0, 200).Select(i => new[] { i is 30 or 90 ? written : $"{10 + (i * 7 % 190)}" }))).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(30, amount), (90, amount)]);

    [Fact]
    public void Money_in_the_unit_of_the_columns_name_becomes_a_plain_number_and_another_unit_does_not()
    {
        var rows = Enumerable.Range(0, 200).Select(i => new[] { i == 30 ? "96万元" : i == 90 ? "893万美元" : i == 95 ? "2亿元" : $"{10 + (i * 7 % 190)}" });
        Cells(Table(["注册资本（万元）"], rows)).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(30, "96"), (90, "8930000.00 USD"), (95, "200000000.00 CNY")]);
    }

    [Fact]
    public void Amounts_of_one_unit_are_right_however_they_are_spelt_and_what_their_sign_is() =>
        Cells(Table(["投资"], Enumerable.Range(0, 200).Select(i => new[] { i == 50 ? "-5万元" : i == 60 ? "5.25万元" : i % 2 == 0 ? $"{i % 40}万元" : $"{i % 40}万元人民币" }))).ShouldBeEmpty();

    [Fact]
    public void Amounts_of_two_currencies_are_told_in_full()
    {
        var found = Cells(Table(["投资"], Enumerable.Range(0, 200).Select(i => new[] { i % 4 == 0 ? $"{1 + i}万美元" : $"{1 + i}万元" })));
        found.Count.ShouldBe(200);
        (found[0].Flag.Proposed, found[1].Flag.Proposed).ShouldBe(("10000.00 USD", "20000.00 CNY"));
    }

    [Fact]
    public void Units_that_multiply_or_differ_by_a_letter_are_no_spellings_of_one_another()
    {
        Cells(Table(["重量"], Enumerable.Range(0, 200).Select(i => new[] { i == 7 ? "5mg" : $"{i % 50}kg" }))).ShouldAllBe(c => c.Flag.Proposed == null);
        Cells(Table(["人口"], Enumerable.Range(0, 200).Select(i => new[] { i == 7 ? "3万人" : $"{i % 50}" }))).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(7, null)]);
    }

    [Theory]
    [InlineData("1980-13-45"), InlineData("2024-02-30"), InlineData("1900-01-00"), InlineData("2023-02-29"), InlineData("2024/2/30")]
    public void A_day_the_calendar_does_not_have_is_flagged_without_a_proposal(string written)
    {
        var found = Cells(Table(["登记日期"], Days(written)));
        found.Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(33, null)]);
    }

    [Theory]
    [InlineData("45292", "2024-01-01"), InlineData("二〇二四年三月五日", "2024-03-05"), InlineData("2024/3/5", "2024-03-05"), InlineData("2024.03.05", "2024-03-05"), InlineData("20240305", "2024-03-05")]
    public void A_day_written_otherwise_is_proposed_as_the_columns_others_are_written(string written, string day) =>
        Cells(Table(["登记日期"], Days(written))).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(33, day)]);

    [Fact]
    public void Days_of_another_form_keep_the_form_their_column_has() =>
        Cells(Table(["日期"], Enumerable.Range(0, 100).Select(i => new[] { i == 33 ? "2024-03-05" : i == 34 ? "2024/2/30" : new DateOnly(2024, 1, 1).AddDays(i).ToString("yyyy/M/d", CultureInfo.InvariantCulture) })))
            .Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(33, "2024/3/5"), (34, null)]);

    [Fact]
    public void Moments_of_no_day_are_flagged_and_columns_of_codes_are_not()
    {
        Cells(Table(["时间"], Enumerable.Range(0, 100).Select(i => new[] { i == 33 ? "2024-02-30 08:00:00" : $"{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd} 08:00:00" }))).Select(c => c.Flag.Row).ShouldBe([33]);
        Cells(Table(["编号"], Enumerable.Range(0, 100).Select(i => new[] { $"{20240001 + (i * 37)}" }))).ShouldBeEmpty();
    }

    private static IEnumerable<string[]> Days(string other) => Enumerable.Range(0, 100).Select(i => new[] { i == 33 ? other : new DateOnly(2024, 1, 1).AddDays(i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) });

    [Fact]
    public void The_form_of_other_scripts_has_an_English_sign() => ValueForm.Called(ValueForm.Of("浙A-12")).ShouldBe(new Lizhou.Kernel.Text("字A-9+", "CA-9+"));

    [Fact]
    public void Units_of_another_scale_are_left_to_a_person() =>
        Cells(Table(["weight"], Enumerable.Range(0, 200).Select(i => new[] { i % 2 == 0 ? $"{1 + (i % 9)} kg" : $"{100 * (1 + (i % 9))} g" }))).ShouldBeEmpty();

    [Fact]
    public void A_unit_that_all_share_is_part_of_the_form() => Cells(Table(["share"], Enumerable.Range(0, 200).Select(i => new[] { $"{i % 101}%" }))).ShouldBeEmpty();

    [Fact]
    public void A_slip_of_a_frequent_word_is_mended()
    {
        var rows = Enumerable.Range(0, 300).Select(i => new[] { $"{i}", i == 40 ? "前苍镇街道办事处" : i % 2 == 0 ? "前仓镇街道办事处" : "古山镇街道办事处" });
        Cells(Table(["id", "unit"], rows)).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(40, "前仓镇街道办事处")]);
    }

    [Fact]
    public void A_slip_between_two_common_words_is_flagged_without_a_proposal()
    {
        // Nobody can tell which of the two the clerk meant.
        var rows = Enumerable.Range(0, 300).Select(i => new[] { $"{i}", i == 40 ? "前山镇街道办事处" : i % 2 == 0 ? "前仓镇街道办事处" : "古山镇街道办事处" });
        Cells(Table(["id", "unit"], rows)).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(40, null)]);
    }

    [Fact]
    public void Codes_that_differ_by_a_digit_are_two_codes() =>
        Cells(Table(["code"], Enumerable.Range(0, 300).Select(i => new[] { i == 7 ? "浙A-1002" : i % 2 == 0 ? "浙A-1001" : "浙A-1003" }))).ShouldBeEmpty();

    [Fact]
    public void What_differs_from_its_group_is_flagged_and_what_is_missing_is_filled()
    {
        var rows = Enumerable.Range(0, 300).Select(i => new[] { $"{i}", $"E{i % 30}", i == 65 ? "方岩镇" : i == 66 ? "" : Towns[i % 30 % 7] }).ToList();
        Cells(Table(["id", "firm", "town"], rows)).Select(c => (c.Flag.Row, c.Flag.Proposed)).ShouldBe([(65, Towns[65 % 30 % 7]), (66, Towns[66 % 30 % 7])]);
    }

    [Fact]
    public void Differences_with_a_reason_of_their_own_are_no_slips()
    {
        // Of each firm one row in six is of the second year, when all of them had moved.
        var rows = Enumerable.Range(0, 360).Select(i => new[] { $"{i}", $"E{i % 30}", i / 30 % 6 == 5 ? "2026" : "2025", i / 30 % 6 == 5 ? "M" + (i % 30 % 8) : Towns[i % 30 % 7] });
        Cells(Table(["id", "firm", "year", "town"], rows)).ShouldBeEmpty();
    }

    [Fact]
    public void A_value_glued_to_its_neighbour_goes_back()
    {
        var rows = Enumerable.Range(0, 200).Select(i => i % 20 == 3 ? new[] { $"{i}", $"street{i % 50} {Towns[i % 8]}", "" } : [$"{i}", $"street{i % 50}", Towns[i % 8]]);
        var found = Cells(Table(["id", "street", "town"], rows));
        found.Count.ShouldBe(20);
        found[0].Flag.Proposed.ShouldBe("street3");
        found[1].Flag.Proposed.ShouldBe(Towns[3]);
    }

    [Fact]
    public void The_owner_of_a_thing_is_believed_before_the_many()
    {
        // Three copy one another; the owner of the "aa" things says something else, as does the careful one.
        string[] sources = ["aa", "copy1", "copy2", "copy3", "careful"];
        var rows = Enumerable.Range(0, 40).SelectMany(t => sources.Where(s => s != "aa" || t < 30).Select(s =>
            new[] { $"{(t < 30 ? "aa" : "zz")}-{t}", s, Fact(t, s.StartsWith("copy", StringComparison.Ordinal) && t % 3 == 0), Fact(t + 100, s.StartsWith("copy", StringComparison.Ordinal) && t % 3 == 1) }));
        var found = Cells(Table(["thing", "source", "from", "until"], rows.ToList()));
        found.ShouldNotBeEmpty();
        found.Select(c => c.Flag.Proposed).ShouldBe(found.Select(c => Fact((c.Flag.Column == 3 ? 100 : 0) + Thing(c.Flag.Row), false)));
        found.Count.ShouldBe(3 * (14 + 13)); // both facts; also of things without an owner, where the copies count once

        static string Fact(int t, bool wrong) => $"{8 + (t % 12)}:{(wrong ? t + 7 : t) % 60:D2}";
        static int Thing(int row) => row < 150 ? row / 5 : 30 + ((row - 150) / 4);
    }

    [Fact]
    public void Id_numbers_their_birth_dates_and_sexes_are_recognised()
    {
        var rows = Enumerable.Range(0, 200).Select(i =>
        {
            var day = new DateOnly(1970, 1, 1).AddDays(i * 31);
            var stem = $"330784{day:yyyyMMdd}{i % 1000:D3}";
            var number = stem + "0123456789X".First(c => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(stem + c)));
            return new[] { i == 9 ? stem + "A" : number, i == 20 ? "2001-01-01" : day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), (i % 2 == 1) == (i != 30) ? "男" : "女" };
        }).ToList();
        Cells(Table(["证件号码", "出生日期", "性别"], rows)).Select(c => (c.Flag.Row, c.Flag.Column, c.Flag.Proposed)).ShouldBe(
            [(9, 0, null), (20, 1, new DateOnly(1970, 1, 1).AddDays(620).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), (30, 2, "女")]);
    }

    [Fact]
    public void Every_suggestion_tells_why_in_both_languages_and_can_be_kept()
    {
        var found = SuggestRules.Run(Table(["id", "firm", "town"], Enumerable.Range(0, 300).Select(i => new[] { $"{i}", $"E{i % 30}", i == 65 ? "方岩镇" : Towns[i % 30 % 7] })), Now);
        found.ShouldNotBeEmpty();
        foreach (var suggestion in found)
        {
            CheckRule.Fault(suggestion.Rule).ShouldBeNull();
            suggestion.Why.Zh.ShouldNotBeNullOrWhiteSpace();
            suggestion.Why.En.ShouldNotBe(suggestion.Why.Zh);
            suggestion.Rule.Reason.En.ShouldNotBe(suggestion.Rule.Reason.Zh);
            suggestion.Confidence.ShouldBeInRange(0, 1);
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(100)]
    public void A_single_amount_far_outside_and_a_date_of_another_age_are_flagged_however_few_rows_there_are(int rows)
    {
        Cells(Table(["amount"], Enumerable.Range(0, rows).Select(i => new[] { i == 50 ? "99999999" : $"{1000 + (i * 7919 % 8000)}" }))).Select(c => c.Flag.Row).ShouldBe([50]);
        Cells(Table(["day"], Enumerable.Range(0, rows).Select(i => new[] { i == 50 ? "1024-01-05" : new DateOnly(2024, 1, 1).AddDays(i * 7919 % 700).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }))).Select(c => c.Flag.Row).ShouldBe([50]);
    }

    [Fact]
    public void A_dependency_that_does_not_hold_and_dates_that_cannot_be_read_are_no_support()
    {
        var rows = Table(["town", "people"], Enumerable.Range(0, 300).Select(i => new[] { Towns[i % 3], $"民族{i / 3 % 3}" }));
        CheckTable.Apply(rows, [new("x", RuleKind.Depends, ["town", "people"], Dimension.Consistency, Severity.Ordinary, new("不一致", "differs"))], Now).Value.Rules[0].Found.Support.ShouldBeLessThan(0.4);
        var id = "33078419900101001" + "0123456789X".First(c => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes("33078419900101001" + c)));
        var born = Table(["id", "born"], [[id, "1990-01-01"], [id, "九零年"]]);
        CheckTable.Apply(born, [new("x", RuleKind.BirthOfId, ["id", "born"], Dimension.Consistency, Severity.Ordinary, new("不一致", "differs"))], Now).Value.Rules[0].Found.Support.ShouldBe(0.5);
    }

    [Fact]
    public void The_mended_table_holds_nothing_that_a_spreadsheet_runs()
    {
        var grid = Table(["n", "note"], [["1", "=cmd|' /C calc'!A0"]]);
        using var to = new MemoryStream();
        MendedTable.Write(grid, CheckTable.Suggest(grid, CheckTable.Sure, Now), to);
        Encoding.UTF8.GetString(to.ToArray()).ShouldContain("'=cmd");
    }

    private static Grid Table(string[] names, IEnumerable<string[]> rows)
    {
        var grid = new Grid(names);
        foreach (var (i, row) in rows.Index())
        {
            grid.Add(i + 2, row);
        }

        return grid;
    }

    private static IReadOnlyList<FlaggedCell> Cells(Grid grid) => CheckTable.Suggest(grid, CheckTable.Sure, Now).Cells;
}
