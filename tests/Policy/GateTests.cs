// What leaves through the gate: masks in every format, filters that see what the reader sees, pages within one snapshot, revocation at once, evidence first.
using System.Buffers.Text;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;

namespace Lizhou.Policy.Tests;

public sealed class GateTests
{
    private static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text),
        (ItemCard.Of("身份号码", column: "id_number", level: Level.L4, check: CheckCharacter.IdNumber), ColumnType.Text),
        (ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L2), ColumnType.Decimal(18, 2)),
        (ItemCard.Of("日期", ItemType.Date, "born", level: Level.L3), ColumnType.Date),
        (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    private static readonly string?[][] Rows =
    [
        ["张三", "11010519491231002X", "10.00", "1949-12-31", "望春街道"],
        ["李四", "330784199001011234", "20.50", "1990-01-01", "方岩镇"],
        ["王五", null, "30.00", null, "望春街道"],
        ["=1+1", "330784198512120019", null, "1985-12-12", null],
    ];

    [Fact]
    public async Task An_engineer_sees_sensitive_items_masked_by_the_engine_itself()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var rows = (await house.Gate.Read(new(resource.Id, "preview"), House.Engineer, default)).Value;
        rows.Total.ShouldBe(4);
        rows.Rows[0].ShouldBe(["张*", "110105********002X", 10.00m, "1949-**-**", "望春街道"]);
        rows.Rows[2].ShouldBe(["王*", null, 30.00m, null, "望春街道"]);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(1_000_000, false)]
    public async Task A_table_that_is_asked_again_and_again_is_kept_whole_by_its_bytes_and_not_by_its_cells(int length, bool whole)
    {
        await using var house = await House.Build();
        const int rows = 20;
        var resource = await house.Resource("letters", [(ItemCard.Of("编号", column: "code", level: Level.L1), ColumnType.Text), (ItemCard.Of("信", column: "letter", level: Level.L1), ColumnType.Text)],
            [["A0", new string('x', length)]]);
        for (var row = 1; row < rows; row++)
        {
            await house.Add((await house.Lake.Find("landing", "letters"))!, [[$"A{row}", new string('x', length)]]);
        }

        for (var time = 0; time < 3; time++)
        {
            var ask = new RowAsk(resource.Id, "preview") { Where = new Condition.All(new Condition.Compare("code", Comparison.Equal, $"A{time}")) };
            (await house.Gate.Read(ask, House.Engineer, default)).Value.Rows.Single()[1].ShouldBe(new string('x', length));
        }

        // Three answers of a row each in any case; of forty megabytes nothing more.
        long answers = 3 * length * sizeof(char), all = rows * length * sizeof(char);
        (house.Kept.Bytes > answers + all).ShouldBe(whole);
        house.Kept.Bytes.ShouldBeGreaterThan(answers);
    }

    [Fact]
    public async Task An_answer_given_before_is_not_given_again_once_the_rows_the_rules_or_the_grant_changed()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, [.. resource.Items.Select(i => (i.Column, (MaskKind?)null))]);
        await house.Put(grant);
        foreach (var where in new Condition?[] { null, new Condition.All(new Condition.Compare("town", Comparison.Equal, "方岩镇")) })
        {
            var ask = new RowAsk(resource.Id, grant.Purpose) { Grant = grant.Id, Where = where };
            var many = (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows.Count;
            (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows.Count.ShouldBe(many);
            await house.Add((await house.Lake.Find("landing", "people"))!, [["赵六", null, "1.00", null, "方岩镇"]]);
            (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows.Count.ShouldBe(many + 1);
            (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows[^1][0].ShouldBe("赵六");

            await house.Put(grant with { Items = [.. grant.Items.Select((g, i) => i == 0 ? g with { Mask = MaskKind.Partial } : g)] });
            (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows[^1][0].ShouldBe("赵*");
            await house.Put(grant);
            (await house.Gate.Read(ask, House.Foreigner, default)).Value.Rows[^1][0].ShouldBe("赵六");
        }

        house.Ledger.Entries.Count(e => e.Act == RowGate.Act && e.Exchange!.Grant == grant.Id).ShouldBe(12);
        await house.Revoke(grant.Id);
        (await house.Gate.Read(new(resource.Id, grant.Purpose) { Grant = grant.Id }, House.Foreigner, default)).Problem!.Code.ShouldBe(Problems.GrantRevoked.Code);
    }

    [Fact]
    public async Task A_filter_on_a_masked_item_sees_the_mask_and_nothing_else()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        async Task<int> Found(Condition where) => (await house.Gate.Read(new(resource.Id, "preview") { Where = where }, House.Engineer, default)).Value.Rows.Count;
        (await Found(new Condition.Compare("name", Comparison.Equal, "张三"))).ShouldBe(0);
        (await Found(new Condition.Compare("name", Comparison.Equal, "张*"))).ShouldBe(1);
        (await Found(new Condition.Compare("born", Comparison.Less, "1949-12-31"))).ShouldBe(1);
        (await Found(new Condition.Not(new Condition.Compare("id_number", Comparison.Equal, "11010519491231002X")))).ShouldBe(4);
        (await Found(new Condition.Compare("amount", Comparison.AtLeast, 20))).ShouldBe(2);
    }

    [Fact]
    public async Task An_item_that_is_not_shown_is_like_one_that_is_not_there()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, ("town", null));
        await house.Put(grant);
        RowAsk[] asks =
        [
            new(resource.Id, grant.Purpose) { Grant = grant.Id, Select = ["name"] },
            new(resource.Id, grant.Purpose) { Grant = grant.Id, Where = new Condition.Empty("name") },
            new(resource.Id, grant.Purpose) { Grant = grant.Id, OrderBy = [new("name")] },
            new(resource.Id, grant.Purpose) { Grant = grant.Id, Select = ["nonsense"] },
            new(resource.Id, grant.Purpose) { Grant = grant.Id, Select = ["_batch"] },
            new(resource.Id, grant.Purpose) { Grant = grant.Id, Select = ["town\" FROM x --"] },
        ];
        foreach (var ask in asks)
        {
            (await house.Gate.Read(ask, House.Foreigner, default)).Problem!.Code.ShouldBe("POL-012");
            (await house.Gate.Write(ask, RowFormat.Csv, Stream.Null, House.Foreigner, default)).Problem!.Code.ShouldBe("POL-012");
        }
    }

    [Fact]
    public async Task Under_a_grant_items_masks_rows_and_time_are_the_grants_and_a_revocation_counts_at_once()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, new Condition.Compare("town", Comparison.Equal, "望春街道"), ("name", null), ("id_number", MaskKind.Hash), ("born", MaskKind.Generalise));
        await house.Put(grant);
        var ask = new RowAsk(resource.Id, grant.Purpose) { Grant = grant.Id };
        var rows = (await house.Gate.Read(ask, House.Foreigner, default)).Value;
        rows.Total.ShouldBe(2);
        rows.Items.Select(i => i.Item.Column).ShouldBe(["name", "id_number", "born"]);
        var first = rows.Rows.Single(r => Equals(r[0], "张三"));   // a grant that hides the key has an order of its own
        ((string)first[1]!).ShouldMatch("^[0-9a-f]{32}$");
        first[2].ShouldBe("1949");

        // The same value hashes otherwise under another grant.
        var second = house.Granted(resource, null, ("id_number", MaskKind.Hash));
        await house.Put(second);
        (await house.Gate.Read(ask with { Grant = second.Id }, House.Foreigner, default)).Value.Rows.Select(r => r[0]).ShouldNotContain(first[1]);

        await house.Revoke(grant.Id);
        (await house.Gate.Read(ask, House.Foreigner, default)).Problem!.Code.ShouldBe("POL-006");
        house.Clock.Advance(TimeSpan.FromDays(31));
        (await house.Gate.Read(ask with { Grant = second.Id }, House.Foreigner, default)).Problem!.Code.ShouldBe("POL-007");
    }

    [Fact]
    public async Task A_cursor_shows_nothing_of_the_place_it_marks_and_one_of_before_is_still_taken()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var ask = new RowAsk(resource.Id, "preview", Take: 1);
        var cursor = (await house.Gate.Read(ask, House.Engineer, default)).Value.Next!;
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).ShouldNotContain("Skip");
        var body = house.Keys.Open("page", cursor)!;
        body.ShouldContain("Skip");
        house.Keys.Close("page", body).ShouldBe(cursor, "marks are compared");
        house.Keys.Open("changes", cursor).ShouldBeNull();
        var before = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(house.Keys.Seal("page", body)[..32] + body));
        (await house.Gate.Read(ask with { After = before }, House.Engineer, default)).Value.Rows.ShouldHaveSingleItem();
        (await house.Gate.Read(ask with { After = cursor }, House.Engineer, default)).Value.Rows.ShouldHaveSingleItem();
        (await house.Gate.Read(ask with { After = before[..^4] + "AAAA" }, House.Engineer, default)).Problem!.Code.ShouldBe("POL-013");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_a_walk_show_every_row_once_while_rows_are_added(bool ordered)
    {
        await using var house = await House.Build();
        var rows = Enumerable.Range(0, 95).Select(i => (string?[])[$"人{i}", null, i % 7 == 0 ? null : $"{i % 10}.00", null, i % 3 == 0 ? null : "望春街道"]).ToList();
        var resource = await house.Resource("people", Items, rows);
        var ask = new RowAsk(resource.Id, "preview", Take: 10) { OrderBy = ordered ? [new("amount", Descending: true), new("town")] : [] };
        var seen = new List<string>();
        for (string? after = null; ;)
        {
            var page = (await house.Gate.Read(ask with { After = after }, House.Steward, default)).Value;
            seen.AddRange(page.Rows.Select(r => (string)r[0]!));
            if ((after = page.Next) is null)
            {
                break;
            }

            await house.Add((await house.Lake.Find("landing", "people"))!, [["新人", null, "5.00", null, null]]);
        }

        seen.Count.ShouldBe(95);
        seen.Distinct().Count().ShouldBe(95);
    }

    [Fact]
    public async Task A_changed_page_mark_is_refused()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var ask = new RowAsk(resource.Id, "preview", Take: 2) { OrderBy = [new("amount")] };
        var mark = (await house.Gate.Read(ask, House.Steward, default)).Value.Next!;
        (await house.Gate.Read(ask with { After = mark[..^2] + (mark[^2] == 'A' ? "BB" : "AA") }, House.Steward, default)).Problem!.Code.ShouldBe("POL-013");
        (await house.Gate.Read(ask with { After = mark, OrderBy = [new("name")] }, House.Steward, default)).Problem!.Code.ShouldBe("POL-013");
        (await house.Gate.Read(ask with { After = "%%%" }, House.Steward, default)).Problem!.Code.ShouldBe("POL-013");
    }

    [Fact]
    public async Task Nothing_leaves_when_the_evidence_cannot_be_written()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        house.Ledger.Broken = true;
        await Should.ThrowAsync<IOException>(() => house.Gate.Read(new(resource.Id, "preview"), House.Steward, default));
        using var to = new MemoryStream();
        await Should.ThrowAsync<IOException>(() => house.Gate.Write(new(resource.Id, "export"), RowFormat.Csv, to, House.Steward, default));
        to.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData(RowFormat.Csv)]
    [InlineData(RowFormat.Parquet)]
    [InlineData(RowFormat.Arrow)]
    [InlineData(RowFormat.NdJson)]
    [InlineData(RowFormat.Xlsx)]
    public async Task A_file_in_any_format_holds_no_clear_value_of_a_masked_item_and_its_digest_stands_in_the_ledger(RowFormat format)
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        using var to = new MemoryStream();
        var file = (await house.Gate.Write(new(resource.Id, "export"), format, to, House.Engineer, default)).Value;
        file.Rows.ShouldBe(4);
        file.Bytes.ShouldBe(to.Length);
        file.Digest.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(to.ToArray())));
        Encoding.UTF8.GetString(to.ToArray()).ShouldNotContain("11010519491231002X");
        house.Ledger.Entries.Last().Exchange!.Digest.ShouldBe(file.Digest);
        Directory.EnumerateFiles(Path.Combine(house.Settings.Work, "answers")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_csv_keeps_a_spreadsheet_from_running_a_cell_and_the_value_comes_back()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        using var to = new MemoryStream();
        await house.Gate.Write(new(resource.Id, "export") { Select = ["name"] }, RowFormat.Csv, to, House.Steward, default);
        Encoding.UTF8.GetString(to.ToArray()).Split('\n').ShouldContain("'=1+1");
    }
}
