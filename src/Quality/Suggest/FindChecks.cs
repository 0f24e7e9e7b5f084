// Columns of id numbers, credit codes, cards, telephones, plates; and birth dates and sexes beside id numbers.
using System.Text;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Quality.Files;
using Lizhou.Quality.Rules;
using Lizhou.Tabular;

namespace Lizhou.Quality.Suggest;

internal static class FindChecks
{
    private const int LeastRows = 20;
    private const double LeastShare = 0.8;

    /// <summary>Else any column of two values that happens to go with the number's parity would be taken for one.</summary>
    private static readonly HashSet<string> Sexes = new(StringComparer.OrdinalIgnoreCase) { "男", "女", "男性", "女性", "m", "f", "male", "female", "1", "2", "先生", "女士" };

    private static readonly (ValueCheck Check, Text Word)[] Checks =
    [
        (ValueCheck.IdNumber, new("公民身份号码", "id number")), (ValueCheck.CreditCode, new("统一社会信用代码", "social credit code")),
        (ValueCheck.OrganisationCode, new("组织机构代码", "organisation code")), (ValueCheck.BankCard, new("银行卡号", "bank card number")),
        (ValueCheck.Mobile, new("手机号码", "mobile number")), (ValueCheck.Phone, new("电话号码", "telephone number")), (ValueCheck.Plate, new("机动车号牌", "licence plate")),
    ];

    public static IEnumerable<Suggestion> Run(Grid grid)
    {
        var ids = new List<int>();
        for (var i = 0; i < grid.Columns.Count; i++)
        {
            var column = grid.Columns[i];
            foreach (var (check, word) in Checks)
            {
                var passes = column.All().Where(v => ValueChecks.Passes(check, Encoding.UTF8.GetBytes(v.Text.Trim()))).Sum(v => v.Count);
                if (column.Filled < LeastRows || passes < LeastShare * column.Filled || column.Distinct < LeastRows / 2)
                {
                    continue;
                }

                if (check == ValueCheck.IdNumber)
                {
                    ids.Add(i);
                }

                var share = passes / (double)column.Filled;
                yield return new(
                    new Rule($"{column.Name} {check}", RuleKind.CheckCharacter, [column.Name], Dimension.Accuracy, Severity.Serious, new Text("不是有效的{0}", "not a valid {0}").With(word)) { Check = check },
                    share >= 0.95 ? 0.97 : 0.9, share, column.Filled,
                    new Text("该列 {0:P1} 的值通过{1}的校验。", "{0:P1} of the values pass the check of a {1}.").With(share, word));
                break;
            }
        }

        foreach (var found in ids.SelectMany(id => Beside(grid, id)))
        {
            yield return found;
        }
    }

    private static IEnumerable<Suggestion> Beside(Grid grid, int id)
    {
        var numbers = grid.Columns[id];
        foreach (var other in grid.Columns.Where(c => c != numbers && c.Filled >= LeastRows))
        {
            int born = 0, told = 0;
            var sexes = new Dictionary<string, int[]>(StringComparer.Ordinal);
            for (var r = 0; r < grid.Rows; r++)
            {
                if (Identifiers.BirthDay(Encoding.UTF8.GetBytes(numbers[r].Trim())) is not { } day || other.Cells[r] == 0)
                {
                    continue;
                }

                told++;
                born += JudgeTable.Moment(other[r]) is { } moment && (moment.Date - DateTime.UnixEpoch).Days == day ? 1 : 0;
                if (other.Distinct <= 8)
                {
                    (sexes.TryGetValue(other[r], out var counts) ? counts : sexes[other[r]] = new int[2])[Identifiers.Sex(Encoding.UTF8.GetBytes(numbers[r].Trim()))!.Value - 1]++;
                }
            }

            if (told >= LeastRows && born >= 0.9 * told)
            {
                yield return new(
                    new Rule($"{other.Name} = {numbers.Name}", RuleKind.BirthOfId, [numbers.Name, other.Name], Dimension.Consistency, Severity.Serious, new("出生日期与身份证号不一致", "the date of birth is not the id number's")),
                    0.95, born / (double)told, told, new Text("“{0}”与“{1}”里的出生日期 {2:P1} 一致。", "“{0}” is the date of birth in “{1}” in {2:P1} of the rows.").With(other.Name, numbers.Name, born / (double)told));
            }

            if (Sex(sexes, told) is var (male, female, share))
            {
                yield return new(
                    new Rule($"{other.Name} = {numbers.Name}", RuleKind.SexOfId, [numbers.Name, other.Name], Dimension.Consistency, Severity.Serious, new("性别与身份证号不一致", "the sex is not the id number's")) { Values = [male, female] },
                    0.95, share, told, new Text("“{0}”与“{1}”第 17 位的性别 {2:P1} 一致。", "“{0}” agrees with the 17th digit of “{1}” in {2:P1} of the rows.").With(other.Name, numbers.Name, share));
            }
        }
    }

    private static (string Male, string Female, double Share)? Sex(Dictionary<string, int[]> sexes, int told)
    {
        if (sexes.Count < 2 || told < LeastRows)
        {
            return null;
        }

        var male = sexes.MaxBy(s => s.Value[0] - s.Value[1]);
        var female = sexes.MaxBy(s => s.Value[1] - s.Value[0]);
        var (agree, all) = (male.Value[0] + female.Value[1], male.Value.Sum() + female.Value.Sum());
        return male.Key != female.Key && Sexes.Contains(male.Key) && Sexes.Contains(female.Key) && male.Value[0] > 0 && female.Value[1] > 0 && agree >= 0.9 * all && all >= 0.8 * told ? (male.Key, female.Key, agree / (double)all) : null;
    }
}
