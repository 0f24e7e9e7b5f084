// Checks of single values: vectors of the standards, and that one wrong character is found.
using System.Text;
using CsCheck;
using Lizhou.Lake.Checks;
using Lizhou.Tabular;

namespace Lizhou.Lake.Tests.Checks;

public sealed class CheckTests : IDisposable
{
    private const string Credit = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private readonly TempLake lake = new();

    private static Gen<string> Ids =>
        Gen.Select(Gen.String[Gen.Char["0123456789"], 6, 6], Gen.Date[new DateTime(1900, 1, 1), new DateTime(2030, 1, 1)], Gen.Int[0, 999])
            .Select(t => Completed(t.Item1 + t.Item2.ToString("yyyyMMdd") + t.Item3.ToString("D3"), "0123456789X", ValueCheck.IdNumber));

    private static Gen<string> Organisations => Gen.String[Gen.Char["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"], 8, 8].Select(s => Completed(s, "0123456789X", ValueCheck.OrganisationCode));

    private static Gen<string> Credits => Gen.Select(Gen.String[Gen.Char["0123456789"], 6, 6], Gen.String[Gen.Char["0123456789ABCDEFGH"], 8, 8])
        .Select(t => Completed("11" + t.Item1 + Completed(t.Item2, "0123456789X", ValueCheck.OrganisationCode), Credit, ValueCheck.CreditCode));

    private static Gen<string> Cards => Gen.String[Gen.Char["123456789"], 15, 15].Select(s => Completed(s, "0123456789", ValueCheck.BankCard));

    public void Dispose() => lake.Dispose();

    [Theory]
    [InlineData(ValueCheck.IdNumber, "11010519491231002X", true)]
    [InlineData(ValueCheck.CreditCode, "113307843077566033", true)]
    [InlineData(ValueCheck.CreditCode, "113307000025923025", true)]
    [InlineData(ValueCheck.CreditCode, "11330600MB1573660P", true)]
    [InlineData(ValueCheck.CreditCode, "11332500MB1601924J", true)]
    [InlineData(ValueCheck.CreditCode, "1133100200267413X7", true)]
    [InlineData(ValueCheck.CreditCode, "91350203M0001QAY9B", false)]
    [InlineData(ValueCheck.OrganisationCode, "307756603", true)]
    [InlineData(ValueCheck.OrganisationCode, "00267413X", true)]
    [InlineData(ValueCheck.OrganisationCode, "00267413-X", false)]
    [InlineData(ValueCheck.BankCard, "4111111111111111", true)]
    [InlineData(ValueCheck.BankCard, "79927398713", false)] // Luhn holds; too short for a card
    [InlineData(ValueCheck.BankCard, "6222021234567890128", true)]
    [InlineData(ValueCheck.BankCard, "4111 1111 1111 1111", false)]
    [InlineData(ValueCheck.BankCard, "0000000000000000", false)]
    [InlineData(ValueCheck.Mobile, "13800138000", true)]
    [InlineData(ValueCheck.Mobile, "+86 13800138000", true)]
    [InlineData(ValueCheck.Mobile, "0086-19912345678", true)]
    [InlineData(ValueCheck.Mobile, "12800138000", false)]
    [InlineData(ValueCheck.Mobile, "1380013800", false)]
    [InlineData(ValueCheck.Phone, "0579-87101234", true)]
    [InlineData(ValueCheck.Phone, "(0579)87101234", true)]
    [InlineData(ValueCheck.Phone, "057987101234", true)]
    [InlineData(ValueCheck.Phone, "010-65001234转802", true)]
    [InlineData(ValueCheck.Phone, "021-6500123", false)] // eight digits where the area code has three
    [InlineData(ValueCheck.Phone, "400-820-8820", true)]
    [InlineData(ValueCheck.Phone, "87101234", false)]
    [InlineData(ValueCheck.Phone, "0579-17101234", false)]
    [InlineData(ValueCheck.Phone, "(0579 87101234", false)]
    [InlineData(ValueCheck.Plate, "浙G12345", true)]
    [InlineData(ValueCheck.Plate, "浙GD12345", true)]
    [InlineData(ValueCheck.Plate, "浙GF1234K", false)]
    [InlineData(ValueCheck.Plate, "浙G12345D", true)]
    [InlineData(ValueCheck.Plate, "浙G1234学", true)]
    [InlineData(ValueCheck.Plate, "浙GI2345", false)]
    [InlineData(ValueCheck.Plate, "折G12345", false)]
    [InlineData(ValueCheck.Plate, "浙G1234", false)]
    public void Vectors(ValueCheck check, string text, bool valid) => Passes(check, text).ShouldBe(valid);

    [Fact]
    public void One_changed_character_of_an_id_number_is_found() => Ids.Select(Gen.Int[0, 17], Gen.Char["0123456789X"]).Sample((text, at, c) => Changed(ValueCheck.IdNumber, text, at, c));

    [Fact]
    public void One_changed_character_of_a_credit_code_is_found() => Credits.Select(Gen.Int[0, 17], Gen.Char[Credit]).Sample((text, at, c) => Changed(ValueCheck.CreditCode, text, at, c));

    [Fact]
    public void One_changed_digit_of_an_organisation_code_is_found() =>
        Organisations.Select(Gen.Int[0, 8], Gen.Int[1, 9]).Sample((text, at, by) =>
        {
            // A letter may stand for a digit eleven below it; that is the standard's own weakness.
            if (char.IsAsciiDigit(text[at]))
            {
                Changed(ValueCheck.OrganisationCode, text, at, (char)('0' + ((text[at] - '0' + by) % 10)));
            }
        });

    [Fact]
    public void One_changed_digit_of_a_card_is_found() => Cards.Select(Gen.Int[0, 15], Gen.Char["0123456789"]).Sample((text, at, c) => Changed(ValueCheck.BankCard, text, at, c));

    [Fact]
    public void Hostile_bytes_never_throw() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        foreach (var check in Enum.GetValues<ValueCheck>())
        {
            ValueChecks.Passes(check, bytes);
        }
    });

    [Fact]
    public void Birth_and_sex_are_read_from_a_valid_number_alone() => Gen.Select(Gen.Date[new DateTime(1900, 1, 1), new DateTime(2030, 1, 1)], Gen.Int[0, 999]).Sample((day, sequence) =>
    {
        var text = Encoding.UTF8.GetBytes(Completed("330784" + day.ToString("yyyyMMdd") + sequence.ToString("D3"), "0123456789X", ValueCheck.IdNumber));
        Identifiers.BirthDay(text).ShouldBe((int)(day - DateTime.UnixEpoch).TotalDays);
        Identifiers.Sex(text).ShouldBe(sequence % 2 == 1 ? 1 : 2);
        text[17] = text[17] == '0' ? (byte)'1' : (byte)'0';
        Identifiers.BirthDay(text).ShouldBeNull();
        Identifiers.Sex(text).ShouldBeNull();
    });

    [Fact]
    public async Task The_engine_asks_the_same_formulas()
    {
        using var engine = lake.Engine();
        foreach (var check in Enum.GetValues<ValueCheck>().Where(c => c != ValueCheck.None))
        {
            string?[] values = ["13800138000", "0579-87101234", "浙GD12345", "4111111111111111", "307756603", "11330600MB1573660P", "11010519491231002X", null, "", "x"];
            var sql = $"SELECT {CheckFunctions.Name(check)}(t.v) FROM (SELECT unnest($1::VARCHAR[]) AS v) t";
            var answers = await engine.Read(s => s.Rows(sql, r => r.IsDBNull(0) ? (bool?)null : r.GetBoolean(0), values.ToList()));
            answers.ShouldBe(values.Select(v => v is null ? (bool?)null : Passes(check, v)));
        }

        (await engine.Read(s => s.Scalar("SELECT lz_id_birth('11010519491231002X') = DATE '1949-12-31' AND lz_id_sex('11010519491231002X') = 2 AND lz_id_sex('1') IS NULL"))).ShouldBe(true);
    }

    private static void Changed(ValueCheck check, string text, int at, char to)
    {
        Passes(check, text).ShouldBeTrue(text);
        var other = text[..at] + to + text[(at + 1)..];
        Passes(check, other).ShouldBe(other == text, other);
    }

    private static string Completed(string stem, string alphabet, ValueCheck check) => stem + alphabet.First(c => Passes(check, stem + c));

    private static bool Passes(ValueCheck check, string text) => ValueChecks.Passes(check, Encoding.UTF8.GetBytes(text));
}
