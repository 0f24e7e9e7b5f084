// A house with a table of persons (names L3, id numbers L4, of one nobody knows the number) and one of towns, whose rows nobody changes. In: a statement. Out: whom it is noted to be about.
using System.Globalization;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;
using Lizhou.Policy.UserSql;

namespace Lizhou.Policy.Tests;

public sealed class PeopledHouse : IAsyncLifetime
{
    internal const string Zhang = "11010519491231002X";
    internal const string Li = "330784199001011239";
    internal const string Wang = "330784198512120019";

    /// <summary>In no table.</summary>
    internal const string Zhao = "330784197001010010";

    internal static readonly (ItemCard, ColumnType)[] People =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("身份号码", column: "id_number", level: Level.L4, check: CheckCharacter.IdNumber), ColumnType.Text),
        (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text), (ItemCard.Of("金额", ItemType.Integer, "amount", level: Level.L2), ColumnType.Int64),
    ];

    private static readonly (ItemCard, ColumnType)[] Towns = [(ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text), (ItemCard.Of("人口", ItemType.Integer, "heads", level: Level.L1), ColumnType.Int64)];

    internal House House { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        House = await House.Build();
        await House.Resource("people", People, [["张三", Zhang, "望春街道", "10"], ["李四", Li, "方岩镇", "20"], ["王五", Wang, "望春街道", "30"], ["无名", null, "方岩镇", "40"]]);
        await House.Resource("towns", Towns, [["望春街道", "3"], ["方岩镇", "5"]]);
    }

    public ValueTask DisposeAsync() => House.DisposeAsync();

    /// <summary>The digest that stands for a person, as a text.</summary>
    internal string Digest(string number) => House.Person.Of(number).ToString("x16", CultureInfo.InvariantCulture);

    internal Task<Result<QueryRow>> Run(string sql) => House.Desk.Run(new(sql, Purposes.Query, 60), House.Engineer, default);

    /// <summary>Whom a query that ran is noted to be about. Its result holds nothing of how that is known.</summary>
    internal async Task<string> About(string sql)
    {
        (string Name, string Number)[] all = [("张", Zhang), ("李", Li), ("王", Wang), ("赵", Zhao)];
        var before = all.Select(p => House.People.Of(House.Person.Of(p.Number)).Count).ToList();
        var done = await Run(sql);
        done.Problem.ShouldBeNull(done.Problem?.ToString());
        done.Value.Columns.ShouldAllBe(c => !c.Name.StartsWith("lz_person", StringComparison.Ordinal) && !c.Type.Contains("lz_person", StringComparison.Ordinal));
        var result = $"read_parquet('{House.Desk.ResultOf(done.Value.Id)}')";
        (await House.Engine.Read(s => s.Rows($"DESCRIBE SELECT * FROM {result}", r => r.GetString(0)))).ShouldBe(done.Value.Columns.Select(c => c.Name));
        var rows = await House.Engine.Read(s => s.Rows($"SELECT CAST(to_json(r) AS VARCHAR) FROM {result} r", r => r.GetString(0)));
        rows.ShouldAllBe(row => all.Take(3).All(p => !row.Contains(Digest(p.Number))));
        Directory.GetFiles(Path.Combine(House.Settings.Work, "queries"), "keys*", SearchOption.AllDirectories).ShouldBeEmpty();
        return string.Concat(all.Where((p, i) => House.People.Of(House.Person.Of(p.Number)).Count > before[i]).Select(p => p.Name));
    }
}
