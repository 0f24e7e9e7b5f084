// In: a wish for a ledger. Out: one in a folder or PostgreSQL database of its own, gone with the test; and a pencil that writes past every guard.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Tests.Support;

namespace Lizhou.Ledger.Tests;

internal sealed class Place : IAsyncDisposable
{
    private Place(string folder, StateStore state) => (Folder, State, Chain) = (folder, state, new Chain(state, TimeProvider.System));

    public string Folder { get; }

    public StateStore State { get; }

    public Chain Chain { get; }

    public static async Task<Place> Make(StateKind kind = StateKind.Sqlite, int entries = 0)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-ledger-").FullName;
        var place = new Place(folder, new StateStore(kind == StateKind.Sqlite ? Path.Combine(folder, "s.db") : Servers.Postgres()));
        await SchemaScripts.Apply(place.State, typeof(LedgerModule).Assembly);
        foreach (var number in Enumerable.Range(1, entries))
        {
            await place.Append(number);
        }

        return place;
    }

    public Task<long> Append(int number) =>
        Chain.Append(Actor.System, new Evidence("rows.read", $"resource-{number}", Evidence.Done, new { rows = number }), CancellationToken.None);

    public async Task<object?> Run(string sql)
    {
        await using var connection = await State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>As someone with the file in their hands would: the triggers go first.</summary>
    public async Task Tamper(string sql)
    {
        await Run("DROP TRIGGER IF EXISTS ledger_entry_kept_update; DROP TRIGGER IF EXISTS ledger_entry_kept_delete; DROP TRIGGER IF EXISTS ledger_entry_kept_next");
        await Run(sql);
    }

    public ValueTask DisposeAsync()
    {
        State.Dispose();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
