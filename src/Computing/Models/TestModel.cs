// In: a model. Out: how many rows of its table are at fault, for each of its tests; nothing is computed. Who asked and what came out is in the ledger. Refuses tests that would tell values.
using Lizhou.Computing.Runs;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed class TestModel(ModelShelf shelf, RunShelf runs, ICatalog catalog, IStatements statements, ILedger ledger, Settings settings, TimeProvider clock)
{
    private const string Act = "model.test";

    public async Task<Result<IReadOnlyList<TestResult>>> Run(string name, Actor actor, CancellationToken stop)
    {
        if (await shelf.Find(name, stop) is not { } model)
        {
            return Problems.NoModel.With(name);
        }

        var tested = await Tested(model, stop);
        var outcome = tested.Refused ? tested.Problem!.Code : Evidence.Done;
        await ledger.Append(
            actor,
            new Evidence(Act, name, outcome, new { model.Version, tests = model.Head.Checks.Count, failed = tested.Refused ? 0 : tested.Value.Count(t => t.Faults > 0) }),
            stop);
        return tested;
    }

    /// <summary>The rows in the table are as sensitive as the entry in force says, whatever the version in force would make of them.</summary>
    private async Task<Result<IReadOnlyList<TestResult>>> Tested(Model model, CancellationToken stop)
    {
        if (await catalog.Published(model.Id, stop) is not { } card)
        {
            return Problems.NotInCatalogue.With(model.Name);
        }

        if (Oracle.Fault(model.Read, card.Level) is { } telling)
        {
            return telling;
        }

        if (await runs.Written(model.Id, stop) is null)
        {
            return Problems.NeverBuilt.With(model.Name);
        }

        var folder = Path.Combine(settings.Work, "models", Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"));
        try
        {
            // The table as it is, and nothing beside it.
            var faults = await statements.Check(new(folder, null, [.. model.Found.Columns.Select(c => c.Stored)], model.Head.Checks, model.Table, new Condition.Any()), stop);
            return faults.Refused ? faults.Problem! : model.Head.Checks.Zip(faults.Value, (check, rows) => Oracle.Result(check, rows, card.Level)).ToList();
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
