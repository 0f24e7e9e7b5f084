// JSONTestSuite: y_ must be accepted, n_ refused with a code, i_ either; none may crash or hang.
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests.Scores;

public sealed class JsonSuiteTests
{
    [Fact]
    public void Json_is_accepted_and_refused_as_the_suite_says()
    {
        var set = Shared.Path("json/jsontestsuite/test_parsing");
        var wrong = new List<string>();
        int accepted = 0, refused = 0;
        foreach (var file in Directory.GetFiles(set, "*.json"))
        {
            var name = Path.GetFileName(file);
            var found = Inspector.Inspect(file);
            var no = found.Refused || found.Value.Tables.All(t => t.Problem is not null); // an empty file is seen, and its table refused
            accepted += name.StartsWith('y') && !no ? 1 : 0;
            refused += name.StartsWith('n') && no ? 1 : 0;
            if (name[0] == 'y' && no || name[0] == 'n' && !no)
            {
                wrong.Add($"{name}: {found.Problem?.ToString() ?? "accepted"}");
            }
        }

        wrong.ShouldBeEmpty();
        (accepted, refused).ShouldBe((95, 188));
    }
}
