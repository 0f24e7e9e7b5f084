// In: a unification's text and parameters. Out: a draft of it. Refuses parameters the program cannot follow, with their line; the ten are there and no other can be made.
using Lizhou.Kernel;

namespace Lizhou.Standards.Rules;

internal static class SaveRule
{
    private const int LongestText = 20_000;

    /// <param name="Revision">The one its editor saw; null to write over whatever is there.</param>
    internal sealed record Request(string? Text, string? TextEn = null, string? Parameters = null, string? Basis = null, int? Revision = null);

    public static async Task<Result<Standard>> Run(Register register, string code, Request ask, Actor actor, CancellationToken stop)
    {
        if (await register.Find(StandardKind.Unification, code, stop) is not { } standard || await register.Body<RuleBody>(standard, standard.Shown, stop) is not { } before)
        {
            return Problems.NotFound.With(code);
        }

        if (CodeRow.Clean(ask.Text) is not { } text || new[] { text, ask.TextEn, ask.Parameters, ask.Basis }.Any(t => t?.Length > LongestText))
        {
            return Problems.RuleLength.With(LongestText);
        }

        if (Parameters.Fault(code, ask.Parameters) is { } fault)
        {
            return fault;
        }

        var body = before with { Text = text, TextEn = CodeRow.Clean(ask.TextEn), Parameters = CodeRow.Clean(ask.Parameters)?.ReplaceLineEndings("\n"), Basis = CodeRow.Clean(ask.Basis) };
        return await register.SaveDraft(StandardKind.Unification, code, body.Name, body, null, ask.Revision, fresh: false, actor, stop);
    }
}
