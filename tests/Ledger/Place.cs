// In: a wish for a ledger. Out: one in a folder or PostgreSQL database of its own, gone with the test; and a pencil that writes past every guard.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;
using Lizhou.Ledger.Verifying;
using Lizhou.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lizhou.Ledger.Tests;

internal sealed class Place : IAsyncDisposable
{
    private TipMark tip;

    private Place(string folder, StateStore state, Settings settings)
    {
        (Folder, State, Settings, Suite) = (folder, state, settings, Suite.Of(settings));
        Chain = new Chain(state, Suite, tip = new(settings), TimeProvider.System);
        Open();
    }

    public string Folder { get; }

    public StateStore State { get; }

    public Settings Settings { get; }

    public Suite Suite { get; }

    public Chain Chain { get; private set; }

    public Signer Signer { get; private set; } = null!;

    public Stamper Stamper { get; private set; } = null!;

    public SealBatches Seals { get; private set; } = null!;

    public VerifyLedger Check { get; private set; } = null!;

    /// <summary>As after a new start: what only the process knew is forgotten.</summary>
    public void Restart()
    {
        Chain = new Chain(State, Suite, tip = new(Settings), TimeProvider.System);
        Open();
    }

    private void Open()
    {
        Signer = new(Settings, Suite, TimeProvider.System);
        Stamper = new(Settings, TimeProvider.System, NullLogger<Stamper>.Instance);
        Watermark mark = new(Settings);
        Seals = new(State, Chain, Suite, Signer, Stamper, mark, tip, TimeProvider.System, NullLogger<SealBatches>.Instance);
        Check = new(State, Chain, Suite, Signer, Stamper, mark, TimeProvider.System);
    }

    public static async Task<Place> Make(StateKind kind = StateKind.Sqlite, int entries = 0, string? suite = null, string? stamps = null)
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-ledger-").FullName;
        var place = new Place(folder, new StateStore(kind == StateKind.Sqlite ? Path.Combine(folder, "s.db") : Servers.Postgres()), new(folder) { LedgerSuite = suite, TimestampUrl = stamps });
        await SchemaScripts.Apply(place.State, typeof(LedgerModule).Assembly);
        foreach (var number in Enumerable.Range(1, entries))
        {
            await place.Append(number);
        }

        return place;
    }

    public Task<long> Append(int number) =>
        Chain.Append(Actor.System, new Evidence("rows.read", $"resource-{number}", Evidence.Done, new { rows = number }), CancellationToken.None);

    /// <summary>Seals what there is.</summary>
    public Task<int> Seal() => Seals.Run(all: true, CancellationToken.None);

    /// <summary>First entry that does not fit; null when all is whole.</summary>
    public async Task<long?> BrokenAt() => (await Check.Run(CancellationToken.None)).BrokenAt;

    public async Task<object?> Run(string sql)
    {
        await using var connection = await State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    /// <summary>As someone with the file in their hands would: the triggers go first, and are back after.</summary>
    public async Task Tamper(string sql)
    {
        var guards = (string)(await Run("SELECT group_concat(sql, ';') FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger_%'"))!;
        await Run("DROP TRIGGER IF EXISTS ledger_entry_kept_update; DROP TRIGGER IF EXISTS ledger_entry_kept_delete; DROP TRIGGER IF EXISTS ledger_entry_kept_next");
        await Run("DROP TRIGGER IF EXISTS ledger_batch_kept_update; DROP TRIGGER IF EXISTS ledger_batch_kept_delete; DROP TRIGGER IF EXISTS ledger_batch_kept_next");
        await Run(sql);
        await Run(guards);
    }

    /// <summary>Cuts the end off, past every guard.</summary>
    public async Task Cut(long after)
    {
        if (State.Kind == StateKind.Sqlite)
        {
            await Tamper($"DELETE FROM ledger_entry WHERE seq > {after}");
            return;
        }

        await Run($"ALTER TABLE ledger_entry DISABLE TRIGGER USER; DELETE FROM ledger_entry WHERE seq > {after}; ALTER TABLE ledger_entry ENABLE TRIGGER USER");
    }

    public ValueTask DisposeAsync()
    {
        Stamper.Dispose();
        State.Dispose();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
