// In: a state without them. Out: the flow, the classes, the nodes of the reference city and a duty list in which the bureau does everything, as the program brings them; and grids (示意) below the villages of a register that has none.
// What the city made of them is left alone.
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Cases;

internal static class Ship
{
    private static readonly DateOnly Always = new(2000, 1, 1);

    public static async Task Run(StateStore state, TimeProvider clock, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var begun = await connection.Scalar(null, $"SELECT COUNT(*) FROM case_flow", stop) is long and > 0;
        if (begun && await connection.Scalar(null, $"SELECT COUNT(*) FROM case_node WHERE kind = 'Grid'", stop) is long and > 0)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (!begun)
        {
            await First(connection, transaction, clock, stop);
        }

        await Grids(connection, transaction, stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>A village gets two to four by the last digit of its code, a residents' community (codes 001 to 199) one more: the same everywhere. No survey: the names say so.</summary>
    private static async Task Grids(DbConnection connection, DbTransaction transaction, CancellationToken stop)
    {
        for (var grid = 1; grid <= PlaceWords.MostGrids; grid++)
        {
            var (number, name) = (grid.ToString("D3", CultureInfo.InvariantCulture), PlaceWords.Grid(grid));
            await connection.Execute(
                transaction,
                $"""
                INSERT INTO case_node (code, name, kind, parent)
                SELECT code || {number}, {name}, 'Grid', code FROM case_node
                WHERE kind = 'Village' AND {grid} <= CASE WHEN substr(code, 12, 1) IN ('0', '3', '6', '9') THEN 2 WHEN substr(code, 12, 1) IN ('1', '4', '7') THEN 3 ELSE 4 END + CASE WHEN substr(code, 10, 1) IN ('0', '1') THEN 1 ELSE 0 END
                ON CONFLICT (code) DO NOTHING
                """,
                stop);
        }
    }

    private static async Task First(DbConnection connection, DbTransaction transaction, TimeProvider clock, CancellationToken stop)
    {
        var (now, by, first) = (clock.GetUtcNow(), Actor.System.Name, Always.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await connection.Execute(transaction, $"INSERT INTO case_flow (version, text, note, made_by, made_at) VALUES (1, {PublishFlow.Shipped()}, {PublishFlow.ShippedNote}, {by}, {now.ToStored()})", stop);
        foreach (var cells in Lines("nodes.csv"))
        {
            await connection.Execute(transaction, $"INSERT INTO case_node (code, name, kind, parent) VALUES ({cells[0]}, {cells[1]}, {cells[2]}, {(cells[3].Length == 0 ? null : cells[3])})", stop);
        }

        foreach (var cells in Lines("classes.csv"))
        {
            var limits = JsonSerializer.Serialize(Limits(cells[3]), CasesDb.Json);
            await connection.Execute(
                transaction,
                $"INSERT INTO case_class (id, code, family, name, filing, closing, unit, limits, component, valid_from, made_by, made_at) VALUES ({Guid.CreateVersion7(now).ToString("D")}, {cells[0]}, {cells[1]}, {cells[2]}, {cells[5]}, {cells[6]}, NULL, {limits}, {(cells[4] == "component" ? 1 : 0)}, {first}, {by}, {now.ToStored()})",
                stop);
        }

        foreach (var duty in FlowWords.Duties.Keys)
        {
            await connection.Execute(transaction, $"INSERT INTO case_duty (id, node, kind, unit, valid_from, made_by, made_at) VALUES ({Guid.CreateVersion7(now).ToString("D")}, {Lines("nodes.csv").First()[0]}, {duty}, NULL, {first}, {by}, {now.ToStored()})", stop);
        }
    }

    /// <summary>Of the ordinary grade first, of others with the grade before it: <c>1 Workdays;Larger 4 WorkHours</c>.</summary>
    internal static Dictionary<Grade, TimeLimit> Limits(string cell) => cell.Split(';').Select(l => l.Split(' ')).ToDictionary(
        l => l.Length == 2 ? Grade.Ordinary : Enum.Parse<Grade>(l[0]), l => new TimeLimit(int.Parse(l[^2], CultureInfo.InvariantCulture), Enum.Parse<LimitUnit>(l[^1])));

    private static IEnumerable<string[]> Lines(string name)
    {
        using var reader = new StreamReader(typeof(Ship).Assembly.GetManifestResourceStream(name)!);
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }
}
