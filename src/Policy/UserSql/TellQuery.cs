// In: a query that has run. Out: its evidence for each table, and, beside it, the persons its rows are about, as every other exit has them. Both stand before the result can be looked at.
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Catalog;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Views;

namespace Lizhou.Policy.UserSql;

internal sealed class TellQuery(Warehouse lake, PersonKey person, PeopleTold people, ILedger ledger)
{
    /// <summary>The view's definition for the worker.</summary>
    /// <param name="number">Of the view in the statement.</param>
    /// <param name="follow">Names the keys of persons, which then stand beside the items; null when they do not.</param>
    public string Definition(int number, string name, View view, Trace? follow)
    {
        var columns = follow is not null && view.People.Count > 0 ? $"* RENAME ({string.Join(", ", view.PeopleNames.Zip(follow.Columns(number, view), (from, to) => $"{from} AS {to}"))})" : "*";
        // A filter is walled off: an expression of the user is never tried on a row the filter leaves out, so not even a failure tells of it.
        return $"{name} AS SELECT {columns} FROM {view.Relation(new Arguments(inline: true), origin: false, person: follow is null ? null : person).Value}{(view.Filtered ? $" LIMIT {long.MaxValue}" : "")}";
    }

    /// <param name="keys">The file in which the keys of persons stand beside the rows; null when nobody was followed.</param>
    public async Task Run(IReadOnlyList<Opened> opened, Func<Opened, Evidence> told, Trace trace, string? keys, Actor actor, CancellationToken stop)
    {
        for (var number = 0; number < opened.Count; number++)
        {
            var entry = await ledger.Append(actor, told(opened[number]), stop);
            if (keys is not null)
            {
                await Followed(entry, $"{trace.Prefix}{number}_", keys, stop);
            }
            else if (trace.Everybody)
            {
                await Everybody(entry, opened[number].View, stop);
            }
        }
    }

    private Task<int> Followed(long entry, string columns, string keys, CancellationToken stop) => lake.Engine.Read(
        session =>
        {
            var own = session.Rows($"DESCRIBE SELECT * FROM read_parquet({SqlText.Literal(keys)})", r => r.GetString(0)).Where(c => c.StartsWith(columns, StringComparison.Ordinal)).ToList();
            if (own.Count > 0)
            {
                people.AddAll(entry, add => PersonKey.ReadAll(session, own.Select(SqlText.Name), $"read_parquet({SqlText.Literal(keys)})", [], add));
            }

            return 0;
        },
        stop);

    private async Task Everybody(long entry, View view, CancellationToken stop)
    {
        var with = new Arguments();
        if (view.People.Count > 0 && view.Relation(with, origin: false, person: person) is { Refused: false, Value: var relation })
        {
            await lake.Engine.Read(
                session =>
                {
                    people.AddAll(entry, add => PersonKey.ReadAll(session, view.PeopleNames, relation, with.Values, add));
                    return 0;
                },
                stop);
        }
    }
}
