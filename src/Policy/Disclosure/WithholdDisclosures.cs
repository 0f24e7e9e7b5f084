// In: a grant, a legal ground, its wording, the day until which. Out: what goes out under the grant from now on is told to the persons concerned from that day on.
// Refuses an unknown ground, a missing wording, a day past or more than five years away. The ground and its wording are evidence.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Policy.Disclosure;

internal sealed class WithholdDisclosures(StateStore state, IGrantBook grants, GrantSeals seals, ILedger ledger, TimeProvider clock)
{
    private const int MostYears = 5;

    /// <summary>Grounds for which a law lets a disclosure be told later.</summary>
    public static readonly IReadOnlyDictionary<string, Text> Grounds = new Dictionary<string, Text>(StringComparer.Ordinal)
    {
        ["criminal-investigation"] = new("刑事侦查", "criminal investigation"),
        ["state-security"] = new("国家安全", "state security"),
        ["supervision"] = new("监察调查", "supervisory investigation"),
        ["tax-inspection"] = new("税务稽查", "tax inspection"),
        ["emergency"] = new("突发事件应对", "emergency response"),
    };

    /// <param name="Ground">Of <see cref="Grounds"/>; null takes the delay away.</param>
    /// <param name="Basis">The article of the law.</param>
    /// <param name="Until">First day on which it is told.</param>
    internal sealed record Request(string? Ground, string? Basis, DateOnly? Until) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (Ground is null)
            {
                yield break;
            }

            if (!Grounds.ContainsKey(Ground))
            {
                yield return new("ground", new Text("不在法定事由之列，可选 {0}", "is none of the legal grounds; choose {1}").With(
                    string.Join("、", Grounds.Select(g => $"{g.Key}（{g.Value.Zh}）")), string.Join(", ", Grounds.Select(g => $"{g.Key} ({g.Value.En})"))));
            }

            if (string.IsNullOrWhiteSpace(Basis) || Basis.Length > 500)
            {
                yield return new("basis", new("须写明法律条款，不超过 500 字", "names the article of the law, in at most 500 characters"));
            }

            if (Until is null)
            {
                yield return new("until", new("须写明截止日期", "is missing"));
            }
        }
    }

    public async Task<Result<bool>> Run(string number, Request ask, Actor actor, CancellationToken stop)
    {
        if (!actor.Has(Roles.AuditAdministrator))
        {
            return Problems.NoRight;
        }

        var today = clock.Today();
        if (ask.Ground is not null && (ask.Check().Any() || ask.Until <= today || ask.Until > today.AddYears(MostYears)))
        {
            return Problems.BadDelay.With(MostYears);
        }

        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await connection.Scalar(transaction, $"SELECT id FROM policy_grant WHERE number = {number}", stop) is not string found || Guid.Parse(found) is var id && await grants.Find(id, stop) is not { } known)
        {
            return Problems.NoGrant.With(number);
        }

        if (known.State == GrantState.Broken)
        {
            return Problems.BrokenGrant.With(number);
        }

        await connection.Execute(
            transaction,
            $"""
             UPDATE policy_grant SET secrecy_code = {ask.Ground}, secrecy_basis = {(ask.Ground is null ? null : ask.Basis)}, secrecy_until = {(ask.Ground is null ? null : ask.Until?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))}
             WHERE id = {found}
             """,
            stop);
        await seals.Put(connection, transaction, id, stop);
        await ledger.Append(connection, transaction, actor, new Evidence("disclosures.withheld", number, Evidence.Done, new { ask.Ground, ask.Basis, ask.Until }), stop);
        await transaction.CommitAsync(stop);
        return true;
    }
}
