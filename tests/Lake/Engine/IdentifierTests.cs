// Check characters against the published vectors and a plain oracle written from the text of the standards.
using System.Globalization;
using System.Text;
using CsCheck;
using Lizhou.Tabular;

namespace Lizhou.Lake.Tests.EngineSessions;

public sealed class IdentifierTests : IDisposable
{
    private const string Credit = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private readonly TempLake lake = new();

    public void Dispose() => lake.Dispose();

    [Theory]
    [InlineData("11010519491231002X", true)]
    [InlineData("11010519491231002x", true)]
    [InlineData("110105194912310021", false)]
    [InlineData("11010519490229002X", false)] // no such day
    [InlineData("440524188001010014", true)]
    [InlineData("4405241880010100 4", false)]
    [InlineData("110105491231002", false)] // fifteen digits
    [InlineData("", false)]
    [InlineData("１１０１０５194912310", false)] // full-width digits are other bytes
    public void Id_number_vectors(string text, bool valid) => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(text)).ShouldBe(valid);

    [Theory]
    [InlineData("113307843077566033", true)]
    [InlineData("113307000025923025", true)]
    [InlineData("11330600MB1573660P", true)]
    [InlineData("11332500MB1601924J", true)]
    [InlineData("1133100200267413X7", true)]
    [InlineData("91350203M0001QAY9B", false)] // issued, though its check character should be 9
    [InlineData("11330600MB1573660p", false)]
    [InlineData("1133O600MB1573660P", false)]
    [InlineData("11330600MB1573660", false)]
    public void Credit_code_vectors(string text, bool valid) => Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(text)).ShouldBe(valid);

    [Fact]
    public void Id_numbers_agree_with_the_oracle() =>
        Gen.Select(Gen.String[Gen.Char["0123456789"], 6, 6], Gen.Int[1500, 2200], Gen.Int[0, 13], Gen.Int[0, 32], Gen.String[Gen.Char["0123456789"], 3, 3], Gen.Char["0123456789Xxy"])
            .Select(t => t.Item1 + t.Item2.ToString("D4") + t.Item3.ToString("D2") + t.Item4.ToString("D2") + t.Item5 + t.Item6)
            .Sample(text => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(text)).ShouldBe(IdOracle(text)), iter: 50_000);

    [Fact]
    public void Every_id_number_has_exactly_one_valid_last_character() =>
        Gen.Select(Gen.String[Gen.Char["0123456789"], 6, 6], Gen.Date[new DateTime(1800, 1, 1), new DateTime(2100, 1, 1)], Gen.Int[0, 999])
            .Sample((division, day, sequence) =>
            {
                var stem = division + day.ToString("yyyyMMdd") + sequence.ToString("D3");
                "0123456789X".Count(c => Identifiers.IsIdNumber(Encoding.UTF8.GetBytes(stem + c))).ShouldBe(1);
            });

    [Fact]
    public void Credit_codes_agree_with_the_oracle() =>
        Gen.Select(Gen.String[Gen.Char[Credit], 2, 2], Gen.String[Gen.Char["0123456789A"], 6, 6], Gen.String[Gen.Char[Credit + "IOSVZa"], 8, 8], Gen.Bool, Gen.Bool)
            .Select(t =>
            {
                var organisation = t.Item3 + (t.Item4 ? OrganisationCheck(t.Item3) : '7');
                var stem = t.Item1 + t.Item2 + organisation;
                return stem + (t.Item5 ? CreditCheck(stem) : 'A');
            })
            .Sample(text => Identifiers.IsCreditCode(Encoding.UTF8.GetBytes(text)).ShouldBe(CreditOracle(text)), iter: 50_000);

    [Fact]
    public void Hostile_bytes_never_throw() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            Identifiers.IsIdNumber(bytes).ShouldBe(bytes.All(b => b < 128) && IdOracle(Encoding.ASCII.GetString(bytes)));
            Identifiers.IsCreditCode(bytes).ShouldBe(bytes.All(b => b < 128) && CreditOracle(Encoding.ASCII.GetString(bytes)));
        });

    [Fact]
    public async Task The_engine_calls_them_on_vectors_with_nulls_short_and_long_cells()
    {
        using var engine = lake.Engine();
        const string sql = """
            SELECT count(*) FILTER (WHERE ok)::BIGINT, count(*) FILTER (WHERE NOT ok)::BIGINT, count(*) FILTER (WHERE ok IS NULL)::BIGINT
            FROM (SELECT lz_id_number_ok(CASE x % 4 WHEN 0 THEN '11010519491231002X' WHEN 1 THEN NULL WHEN 2 THEN 'short' ELSE repeat('9', 1000) END) AS ok FROM range(100000) t(x))
            """;
        (await engine.Read(s => s.Rows(sql, r => (r.GetInt64(0), r.GetInt64(1), r.GetInt64(2))))).ShouldBe([(25000L, 50000L, 25000L)]);
        (await engine.Read(s => s.Scalar("SELECT lz_uscc_ok(NULL)"))).ShouldBeNull();
        (await engine.Read(s => s.Scalar("SELECT lz_uscc_ok('11330600MB1573660P')"))).ShouldBe(true);
        (await engine.Read(s => s.Scalar("SELECT lz_id_number_ok(repeat('9', 17) || chr(233))"))).ShouldBe(false);
    }

    private static bool IdOracle(string text)
    {
        if (text.Length != 18 || text[..17].Any(c => !char.IsAsciiDigit(c)))
        {
            return false;
        }

        var day = DateOnly.TryParseExact(text.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year >= 1800;
        // ISO 7064 MOD 11-2: the weighted sum of all eighteen characters leaves 1, the weight of the i-th from the right being 2^(i−1).
        var sum = text.Select((c, i) => (c is 'x' or 'X' ? 10 : char.IsAsciiDigit(c) ? c - '0' : 1000) * (int)Math.Pow(2, 17 - i)).Sum();
        return day && (char.IsAsciiDigit(text[17]) || text[17] is 'x' or 'X') && sum % 11 == 1;
    }

    private static bool CreditOracle(string text) =>
        text.Length == 18 && text.All(Credit.Contains) && text[2..8].All(char.IsAsciiDigit)
        && OrganisationCheck(text[8..16]) == text[16] && CreditCheck(text[..17]) == text[17];

    private static char CreditCheck(string stem)
    {
        var weight = 1;
        var sum = 0;
        foreach (var c in stem)
        {
            sum += Math.Max(0, Credit.IndexOf(c, StringComparison.Ordinal)) * weight;
            weight = weight * 3 % 31;
        }

        return Credit[(31 - (sum % 31)) % 31];
    }

    private static char OrganisationCheck(string stem)
    {
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var rest = 11 - (stem.Select((c, i) => (char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10) * weights[i]).Sum() % 11);
        return rest switch { 10 => 'X', 11 => '0', var n => (char)('0' + n) };
    }
}
