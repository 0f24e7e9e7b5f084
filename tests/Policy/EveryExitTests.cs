// The same question through every exit, under random rules, labels and grants: pages of any size, files in every format, a user's SQL. Rows, masks and refusals are the same.
// Each format is read back by other hands than wrote it, where there are others.
using CsCheck;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Policy.Rules;
using Lizhou.Tests.Support;

namespace Lizhou.Policy.Tests;

public sealed class EveryExitTests
{
    private static readonly (ItemCard Item, ColumnType Type)[] Items =
    [
        (ItemCard.Of("姓名", column: "name"), ColumnType.Text), (ItemCard.Of("身份号码", column: "id_number", check: CheckCharacter.IdNumber), ColumnType.Text),
        (ItemCard.Of("金额", ItemType.Money, "amount"), ColumnType.Decimal(18, 2)), (ItemCard.Of("日期", ItemType.Date, "born"), ColumnType.Date),
        (ItemCard.Of("街镇", column: "town"), ColumnType.Text), (ItemCard.Of("次数", ItemType.Integer, "times"), ColumnType.Int64),
    ];

    private static readonly string?[][] Rows =
    [
        .. Enumerable.Range(0, 37).Select(i => (string?[])
        [
            i % 9 == 8 ? null : i % 7 == 3 ? $"=1+{i}" : $"欧阳{(char)('一' + i)}", i % 5 == 4 ? null : $"3307841990{i % 12 + 1:00}01{i:0000}", i % 6 == 5 ? null : $"{i * 3}.{i % 100:00}",
            i % 8 == 7 ? null : $"19{50 + i}-0{i % 9 + 1}-11", i % 4 == 3 ? null : i % 2 == 0 ? "望春街道" : "方岩镇", i % 10 == 9 ? null : $"{i * 1000}",
        ]),
    ];

    private static readonly Gen<Verdict> Verdicts = Any(Verdict.Allow, Verdict.Allow, Verdict.Mask, Verdict.Mask, Verdict.Refuse);
    private static readonly Gen<MaskKind> Masks = Any(Enum.GetValues<MaskKind>());
    private static readonly Gen<Level> Levels = Any(Enum.GetValues<Level>());

    private static readonly Gen<Condition?> Filters = Any<Condition?>(
        null, null, new Condition.Compare("town", Comparison.Equal, "望春街道"), new Condition.Compare("amount", Comparison.AtLeast, 30), new Condition.Not(new Condition.Empty("name")),
        new Condition.Any(new Condition.Compare("born", Comparison.Less, "1960-01-01"), new Condition.OneOf("times", [0, 3000, 5000])));

    private static readonly Gen<Rule> OneRule = Gen.Select(Gen.Bool, Gen.Bool, Verdicts.Array[4], Masks, Filters, Any("steward", "engineer", ""))
        .Select((own, granted, verdicts, mask, rows, role) => new Rule
        {
            Name = "r", OwnUnit = own, Granted = granted, Roles = role.Length == 0 ? [] : [role], Mask = mask, Rows = rows,
            Levels = Enum.GetValues<Level>().Zip(verdicts).ToDictionary(v => v.First, v => v.Second),
        });

    private static readonly Gen<Case> Cases = Gen.Select(
        OneRule.List[1, 4], Levels, Levels.Array[6], Gen.Select(Any(House.Steward, House.Foreigner, House.Engineer), Gen.Int[0, 4]),
        Gen.Select(Any<MaskKind?>(null, null, MaskKind.Partial, MaskKind.Full, MaskKind.Hash, MaskKind.Generalise, MaskKind.Noise, MaskKind.Null).Array[6], Gen.Bool.Array[6], Filters, Gen.Int[0, 4]), Gen.Int[1, 40])
        .Select((rules, unlabelled, levels, who, grant, size) => new Case(
            new RuleSet { Unlabelled = unlabelled, Rules = [.. rules.Select((r, i) => r with { Name = $"r{i}" })] }, levels, who.Item1 with { Label = who.Item2 == 0 ? null : who.Item2 }, grant, size));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private sealed record Case(RuleSet Rules, Level[] Levels, Actor Who, (MaskKind?[] Masks, bool[] Given, Condition? Rows, int State) Grant, int Size);

    /// <summary>A fifth of the whole number, unless LIZHOU_LONG=1.</summary>
    private static int Share(int whole) => Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? whole : whole / 5;

    [Fact]
    public async Task Every_exit_gives_the_same_rows_masks_and_refusals()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var (answered, refused) = (0, 0);
        await Cases.SampleAsync(
            async one =>
            {
                var card = await Arrange(house, resource, one);
                var ask = new RowAsk(card.Id, Purposes.Query, Take: 1000);
                var whole = await house.Gate.Read(ask, one.Who, default);
                var code = whole.Problem?.Code;
                (await house.Gate.Decide(ask, one.Who, default)).Problem?.Code.ShouldBe(code);
                foreach (var format in Enum.GetValues<RowFormat>())
                {
                    using var to = new MemoryStream();
                    var file = await house.Gate.Write(ask, format, to, one.Who, default);
                    file.Problem?.Code.ShouldBe(code, format.ToString());
                    (code is null ? Back(format, to.ToArray(), whole.Value.Items) : []).ShouldBe(code is null ? Lines(whole.Value) : [], format.ToString());
                }

                var sql = await house.Desk.Run(new("SELECT * FROM people", Purposes.Query), one.Who, default);
                sql.Problem?.Code.ShouldBe(code, sql.Problem?.ToString());
                if (code is null)
                {
                    whole.Value.Total.ShouldBe(whole.Value.Rows.Count);
                    (await Result(house.Desk.ResultOf(sql.Value.Id))).ShouldBe(Lines(whole.Value), "SQL");
                    sql.Value.Columns.Select(c => c.Name).ShouldBe(whole.Value.Items.Select(i => i.Item.Column));
                    (await Walk(house, ask with { Take = one.Size, Count = false }, one.Who)).ShouldBe(whole.Value.Rows.Select(Line), "pages by mark");
                    (await Steps(house, ask with { Take = one.Size }, one.Who)).ShouldBe(whole.Value.Rows.Select(Line), "pages by number");
                    await ShouldFind(house, ask, whole.Value, one.Who);
                }

                (answered, refused) = (answered + (code is null ? 1 : 0), refused + (code is null ? 0 : 1));
            },
            iter: Share(200), threads: 1);

        // The generator makes both, or the test says nothing.
        answered.ShouldBeGreaterThan(3);
        refused.ShouldBeGreaterThan(3);
    }

    /// <summary>A text sought in any column that shows texts; the first question goes to the engine, the later ones to what was kept of the view.</summary>
    private static async Task ShouldFind(House house, RowAsk ask, RowSet whole, Actor who)
    {
        for (var at = 0; at < whole.Items.Count; at++)
        {
            var texts = whole.Rows.Select(r => r[at]).OfType<string>().Distinct().Take(3).ToList();
            foreach (var text in texts.Count == 0 ? [] : texts.Append("无此值"))
            {
                var sought = ask with { Where = new Condition.All(new Condition.Compare(whole.Items[at].Item.Column, Comparison.Equal, text)) };
                var found = (await house.Gate.Read(sought, who, default)).Value;
                found.Rows.Select(Line).ShouldBe(whole.Rows.Where(r => Equals(r[at], text)).Select(Line), $"{whole.Items[at].Item.Column} = {text}");
                found.Total.ShouldBe(found.Rows.Count);
            }
        }
    }

    /// <summary>The rules, the levels and the grant of a case, in force.</summary>
    private static async Task<ResourceCard> Arrange(House house, ResourceCard resource, Case one)
    {
        var card = resource with { Items = [.. resource.Items.Zip(one.Levels).Select(i => i.First with { Level = i.Second })] };
        house.Catalog.Cards[0] = card;
        (await house.Rules.Save((await house.Rules.Current(default)).Value.Version, one.Rules.ToString(), "case", House.Engineer, default)).Refused.ShouldBeFalse();
        foreach (var old in (await house.Grants.Of(null, null, 0, 1000, default)).Where(g => g.State == GrantState.Active))
        {
            await house.Revoke(old.Id);
        }

        if (one.Grant.State > 0 && one.Grant.Given.Any(g => g))
        {
            var given = card.Items.Zip(one.Grant.Masks, one.Grant.Given).Where(i => i.Third).Select(i => (i.First.Column, i.Second)).ToArray();
            var grant = house.Granted(card, one.Grant.Rows, given);
            await house.Put(one.Grant.State == 1 ? grant with { Until = house.Clock.GetUtcNow() } : grant);
        }

        return card;
    }

    private static async Task<List<string>> Walk(House house, RowAsk ask, Actor who)
    {
        var lines = new List<string>();
        for (var next = ask; ;)
        {
            var page = (await house.Gate.Read(next, who, default)).Value;
            lines.AddRange(page.Rows.Select(Line));
            if (page.Next is null)
            {
                return lines;
            }

            next = ask with { After = page.Next };
        }
    }

    private static async Task<List<string>> Steps(House house, RowAsk ask, Actor who)
    {
        var lines = new List<string>();
        for (var skip = 0; ; skip += ask.Take)
        {
            var page = (await house.Gate.Read(ask with { Skip = skip }, who, default)).Value;
            lines.AddRange(page.Rows.Select(Line));
            if (page.Rows.Count < ask.Take)
            {
                return lines;
            }
        }
    }

    private static List<string> Lines(RowSet rows) => [.. rows.Rows.Select(Line).Order(StringComparer.Ordinal)];

    private static List<string> Back(RowFormat format, byte[] bytes, IReadOnlyList<ItemDecision> items) => ReadBack.Of(format.ToString(), bytes, [.. items.Select(i => i.Item.Column)]);

    private static async Task<List<string>> Result(string path) => ReadBack.Parquet(await File.ReadAllBytesAsync(path));

    private static string Line(IEnumerable<object?> values) => ReadBack.Line(values);
}
