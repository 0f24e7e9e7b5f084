// In: a key or an application, and up to which level it may take data. Out: it holds from its next call.
using System.Data.Common;
using Lizhou.Contracts.Identity;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal sealed class LabelProcess(StateStore state, ILedger ledger) : IProcessLabels
{
    public async Task<IReadOnlyList<ProcessCard>> All(CancellationToken stop)
    {
        var keys = await state.Read(
            $"SELECT id, name, unit, label, made_at, subject FROM identity_token WHERE subject LIKE {IApiTokens.OfGrant + "%"} AND revoked_at IS NULL",
            r => Card(ProcessKind.Key, r) with { Opens = [r.GetString(5)] },
            stop);
        var scopes = (await state.Read($"SELECT application, scope FROM identity_application_scope ORDER BY scope", r => (Of: Guid.Parse(r.GetString(0)), Scope: r.GetString(1)), stop)).ToLookup(s => s.Of, s => s.Scope);
        var applications = await state.Read($"SELECT id, name, unit, label, made_at FROM identity_application", r => Card(ProcessKind.Application, r), stop);
        return [.. keys, .. applications.Select(a => a with { Opens = [.. scopes[a.Id]] })];
    }

    public async Task<bool> Label(ProcessKind kind, Guid id, int? level, Actor by, CancellationToken stop)
    {
        if ((await All(stop)).FirstOrDefault(p => p.Kind == kind && p.Id == id) is not { } process)
        {
            return false;
        }

        var change = kind == ProcessKind.Key
            ? (FormattableString)$"UPDATE identity_token SET label = {(long?)level} WHERE id = {id.ToString()} AND revoked_at IS NULL"
            : $"UPDATE identity_application SET label = {(long?)level} WHERE id = {id.ToString()}";
        return await state.Change(ledger, change, by, new("process.labelled", $"{kind.ToString().ToLowerInvariant()}:{id}", Evidence.Done, new { before = process.Label, level }), stop);
    }

    private static ProcessCard Card(ProcessKind kind, DbDataReader r) =>
        new(kind, Guid.Parse(r.GetString(0)), r.GetString(1), Guid.Parse(r.GetString(2)), r.IsDBNull(3) ? null : (int)r.GetInt64(3), Clock.FromStored(r.GetString(4)), []);
}
