// Tests look at rows that whoever writes them may not see: a count of rows for which an expression holds tells the values, question by question. So above what the house may see in clear, a test may only
// ask what its name says, and tells only whether it holds.
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal static class Oracle
{
    private const Level MostInClear = Level.L2;

    /// <summary>The first test that would tell values; null when none would.</summary>
    /// <param name="level">Of the rows it looks at.</param>
    public static Problem? Fault(ModelText text, Level level) =>
        level > MostInClear && text.Head.Checks.FirstOrDefault(c => c.Kind is CheckKind.Expression or CheckKind.AcceptedValues) is { } telling
            ? Problems.TellingTest.With(text.LineOf("tests"), RunWords.Of(telling), level) : null;

    /// <summary>What is kept and shown of a test: above the level that is seen in clear, whether any row is at fault.</summary>
    public static TestResult Result(StatementCheck check, long faults, Level level) => level > MostInClear ? new(check, Math.Min(faults, 1), AtLeast: true) : new(check, faults);
}
