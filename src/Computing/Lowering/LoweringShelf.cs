// Rules that lower levels, in the state as plain SQL; and what of them is in force for a model as it is. Whatever does not hold exactly is not in force, whether or not anybody has noted yet that it lapsed.
using System.Data.Common;
using Lizhou.Computing.Models;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Computing.Lowering;

internal sealed class LoweringShelf(StateStore state, ModelShelf models, ILedger ledger, TimeProvider clock) : ILoweredItems
{
    /// <summary>The newest first.</summary>
    /// <param name="model">Null: of all.</param>
    public async Task<IReadOnlyList<LoweringRule>> All(Guid? model, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var only = model?.ToString("D") ?? "";
        return await connection.Rows(
            null,
            $"""
             SELECT r.id, r.number, r.model, m.name, r.column_name, r.from_level, r.to_level, r.digest, r.given, r.count_column, r.least, r.reason, r.state, r.proposed_by, r.proposed_name, r.proposed_at,
                 r.decided_name, r.decided_words, r.decided_at, r.ended_at, r.ended_why
             FROM model_lowering r JOIN model m ON m.id = r.model WHERE {only} = '' OR r.model = {only} ORDER BY r.proposed_at DESC, r.number DESC
             """,
            Read,
            stop).ToListAsync(stop);
    }

    public async Task<LoweringRule?> Find(string number, CancellationToken stop) => (await All(null, stop)).FirstOrDefault(r => r.Number == number);

    public async Task<IReadOnlyList<LoweredItem>> Of(Guid resource, CancellationToken stop) =>
        [.. (await All(resource, stop)).Where(r => r.State == LoweringState.InForce).Select(r => new LoweredItem(r.Number, r.Column, r.From, r.To, r.Reason, r.ProposedName, r.DecidedName!, r.DecidedAt!.Value))];

    /// <summary>How low the columns of a model may be published.</summary>
    /// <param name="model">Null for one that is new.</param>
    /// <param name="digest">Of the text in question, see <see cref="Found.Pinned"/>.</param>
    /// <param name="inputs">All of them: with one missing no rule is in force.</param>
    public async Task<Floors> Floors(Guid? model, string digest, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, CancellationToken stop)
    {
        var least = GivenColumns.Least(inputs);
        var rules = model is null ? [] : (await All(model, stop)).Where(r => r.State == LoweringState.InForce).ToList();
        if (rules.Count == 0)
        {
            return new(least, []);
        }

        var given = LoweringRule.Pin(inputs, await models.All(stop));
        return new(least, [.. rules.Where(r => r.Holds(digest, given))]);
    }

    /// <summary>Notes of every open rule whose model or whose model's inputs are others now that it has lapsed: it does not come back when they do.</summary>
    /// <param name="inputs">Of a model; where one of them is not published nothing can be told, and nothing lapses.</param>
    /// <returns>Whether one has.</returns>
    public async Task<bool> Lapse(IReadOnlyList<Model> all, Func<Model, Task<IReadOnlyList<(ModelInput Input, ResourceCard Card)>>> inputs, CancellationToken stop)
    {
        var lapsed = false;
        foreach (var rule in (await All(null, stop)).Where(r => r.Open))
        {
            var model = all.First(m => m.Id == rule.Model);
            var given = await inputs(model);
            if (rule.Digest == model.Pinned && (given.Count < model.Found.Inputs.Count || rule.Given == LoweringRule.Pin(given, all)))
            {
                continue;
            }

            var why = rule.Digest == model.Pinned ? LoweringRule.ByGiven : LoweringRule.ByText;
            await Put(rule with { State = LoweringState.Lapsed, EndedAt = clock.GetUtcNow(), EndedWhy = why }, Actor.System, "lowering.lapsed", stop);
            lapsed = true;
        }

        return lapsed;
    }

    private async Task<string> Number(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        var day = $"JJ-{clock.Today():yyyyMMdd}-";
        var last = await connection.Scalar(transaction, $"SELECT MAX(number) FROM model_lowering WHERE number LIKE {day + "%"}", stop) as string;
        return $"{day}{(last is null ? 1 : int.Parse(last[day.Length..], null) + 1):D4}";
    }

    /// <summary>Writes a rule as it stands, with its evidence, in one transaction. One without a number gets it.</summary>
    public async Task<LoweringRule> Put(LoweringRule rule, Actor actor, string act, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var one = rule.Number.Length > 0 ? rule : rule with { Number = await Number(connection, transaction, stop) };
        await connection.Execute(
            transaction,
            $"""
             INSERT INTO model_lowering (id, number, model, column_name, from_level, to_level, digest, given, count_column, least, reason, state, proposed_by, proposed_name, proposed_at)
             VALUES ({one.Id.ToString("D")}, {one.Number}, {one.Model.ToString("D")}, {one.Column}, {one.From.ToString()}, {one.To.ToString()}, {one.Digest}, {one.Given}, {one.Count}, {one.Least}, {one.Reason},
                 {one.State.ToString()}, {one.ProposedBy.ToString("D")}, {one.ProposedName}, {one.ProposedAt.ToStored()})
             ON CONFLICT (id) DO UPDATE SET state = excluded.state
             """,
            stop);
        await connection.Execute(
            transaction,
            $"""
             UPDATE model_lowering SET decided_name = {one.DecidedName}, decided_words = {one.DecidedWords}, decided_at = {one.DecidedAt?.ToStored()}, ended_at = {one.EndedAt?.ToStored()}, ended_why = {one.EndedWhy}
             WHERE id = {one.Id.ToString("D")}
             """,
            stop);
        await ledger.Append(
            connection, transaction, actor,
            new Evidence(act, $"{one.ModelName}.{one.Column}", Evidence.Done, new
            {
                rule = one.Number, from = one.From.ToString(), to = one.To.ToString(), one.Digest, one.Given, one.Count, one.Least, one.Reason, proposed = one.ProposedName, decided = one.DecidedName, words = one.DecidedWords, ended = one.EndedWhy,
            }) { Exchange = new() { Resource = one.Model } },
            stop);
        await transaction.CommitAsync(stop);
        return one;
    }

    private static LoweringRule Read(DbDataReader r) => new(
        Guid.Parse(r.GetString(0)), r.GetString(1), Guid.Parse(r.GetString(2)), r.GetString(3), r.GetString(4), Enum.Parse<Level>(r.GetString(5)), Enum.Parse<Level>(r.GetString(6)), r.GetString(7), r.GetString(8),
        Word(r, 9), r.IsDBNull(10) ? null : r.GetInt64(10), r.GetString(11), Enum.Parse<LoweringState>(r.GetString(12)), Guid.Parse(r.GetString(13)), r.GetString(14), Clock.FromStored(r.GetString(15)),
        Word(r, 16), Word(r, 17), Moment(r, 18), Moment(r, 19), Word(r, 20));

    private static string? Word(DbDataReader r, int at) => r.IsDBNull(at) ? null : r.GetString(at);

    private static DateTimeOffset? Moment(DbDataReader r, int at) => r.IsDBNull(at) ? null : Clock.FromStored(r.GetString(at));
}
