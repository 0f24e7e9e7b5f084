using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Tests;

public sealed class ChainTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-ledger-").FullName;
    private StateStore state = null!;
    private Chain chain = null!;

    public async ValueTask InitializeAsync()
    {
        state = new StateStore(Path.Combine(folder, "s.db"));
        await SchemaScripts.Apply(state, typeof(LedgerModule).Assembly);
        chain = new Chain(state, TimeProvider.System);
        foreach (var number in Enumerable.Range(1, 20))
        {
            await chain.Append(Actor.System, new Evidence("rows.read", $"resource-{number}", "done", new { rows = number }), CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync()
    {
        state.Dispose();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_untouched_chain_is_whole() => (await chain.Verify(CancellationToken.None)).ShouldBeNull();

    [Theory]
    [InlineData("UPDATE ledger_entry SET result = 'POL-003' WHERE seq = 7", 7)]
    [InlineData("UPDATE ledger_entry SET detail = '{\"rows\":9}' WHERE seq = 8", 8)]
    [InlineData("UPDATE ledger_entry SET unit = 'x' WHERE seq = 9", 9)]
    [InlineData("DELETE FROM ledger_entry WHERE seq = 5", 5)]
    [InlineData("UPDATE ledger_entry SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4); UPDATE ledger_entry SET seq = -seq WHERE seq < 0", 3)]
    public async Task An_edit_a_gap_and_a_reorder_are_found_where_they_are(string tampering, long place)
    {
        await using var connection = await state.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = tampering;
        await command.ExecuteNonQueryAsync();
        (await chain.Verify(CancellationToken.None)).ShouldBe(place);
    }

    [Fact]
    public async Task Fifty_writers_at_once_make_one_chain_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
            chain.Append(Actor.System, new Evidence("act", $"s{n}", "done"), CancellationToken.None)));
        await using var connection = await state.Open();
        (await connection.Scalar(null, $"SELECT COUNT(*) FROM ledger_entry")).ShouldBe(70L);
        (await chain.Verify(CancellationToken.None)).ShouldBeNull();
    }
}
