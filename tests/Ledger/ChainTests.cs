using System.Text;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Tests;

public sealed class ChainTests
{
    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task An_untouched_chain_is_whole(StateKind kind)
    {
        await using var place = await Place.Make(kind, 20);

        (await place.BrokenAt()).ShouldBeNull();
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET result = 'POL-003' WHERE seq = 7", 7)]
    [InlineData("UPDATE ledger_entry SET detail = '{\"rows\":9}' WHERE seq = 8", 8)]
    [InlineData("UPDATE ledger_entry SET unit = 'x' WHERE seq = 9", 9)]
    [InlineData("UPDATE ledger_entry SET purpose = tracking, tracking = 'x' WHERE seq = 10", 10)]
    [InlineData("DELETE FROM ledger_entry WHERE seq = 5", 5)]
    [InlineData("UPDATE ledger_entry SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4); UPDATE ledger_entry SET seq = -seq WHERE seq < 0", 3)]
    public async Task An_edit_a_gap_and_a_reorder_are_found_where_they_are(string tampering, long found)
    {
        await using var place = await Place.Make(entries: 20);
        await place.Tamper(tampering);

        (await place.BrokenAt()).ShouldBe(found);
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task Two_hundred_writers_at_once_make_one_chain_without_gaps(StateKind kind)
    {
        await using var place = await Place.Make(kind);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(place.Append));

        numbers.Order().ShouldBe(Enumerable.Range(1, 200).Select(n => (long)n));
        Convert.ToInt64(await place.Run("SELECT COUNT(*) FROM ledger_entry")).ShouldBe(200);
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Fact]
    public async Task Entries_of_other_transactions_and_shared_commits_make_one_chain()
    {
        await using var place = await Place.Make();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            if (n % 2 == 0)
            {
                await place.Append(n);
                return;
            }

            await using var connection = await place.State.Open();
            await using var transaction = await connection.BeginTransactionAsync();
            await place.Chain.Append(connection, transaction, Actor.System, new("act", $"{n}", Evidence.Done), CancellationToken.None);
            if (n % 4 == 1)
            {
                await transaction.CommitAsync();
            }
        }));

        (await place.Run("SELECT COUNT(*) FROM ledger_entry")).ShouldBe(30L);
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Fact]
    public async Task A_failed_commit_reaches_every_caller_and_leaves_nothing()
    {
        await using var place = await Place.Make(entries: 3);
        await place.Run("CREATE TRIGGER full BEFORE INSERT ON ledger_entry WHEN NEW.subject = 'resource-9' BEGIN SELECT RAISE(ABORT, 'no space'); END");
        await place.Chain.Pen.WaitAsync();
        var callers = Enumerable.Range(5, 10).Select(place.Append).ToList();
        place.Chain.Pen.Release();
        var failed = 0;
        foreach (var caller in callers)
        {
            try
            {
                await caller;
            }
            catch (Exception failure) when (failure.Message.Contains("no space", StringComparison.Ordinal))
            {
                failed++;
            }
        }

        failed.ShouldBeGreaterThan(0);
        (await place.Run("SELECT COUNT(*) FROM ledger_entry")).ShouldBe(3L + 10 - failed);
        (await place.Run("SELECT COUNT(*) FROM ledger_entry WHERE subject = 'resource-9'")).ShouldBe(0L);
        await place.Run("DROP TRIGGER full");
        await place.Append(99);
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_left_before_their_turn_leaves_no_entry()
    {
        await using var place = await Place.Make(entries: 1);
        await place.Chain.Pen.WaitAsync();
        var before = place.Append(2);
        var left = place.Chain.Append(Actor.System, new("act", "left", Evidence.Done), new CancellationToken(canceled: true));
        var after = place.Append(3);
        place.Chain.Pen.Release();

        await Should.ThrowAsync<OperationCanceledException>(() => left);
        (await before, await after).ShouldBe((2, 3));
        (await place.Run("SELECT COUNT(*) FROM ledger_entry WHERE subject = 'left'")).ShouldBe(0L);
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task Nobody_edits_deletes_or_replaces_an_entry_through_the_database(StateKind kind)
    {
        await using var place = await Place.Make(kind, 3);
        string[] attacks = kind == StateKind.Sqlite
            ? ["UPDATE ledger_entry SET result = 'x'", "DELETE FROM ledger_entry WHERE seq = 3", "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE seq = 2"]
            : ["UPDATE ledger_entry SET result = 'x'", "DELETE FROM ledger_entry WHERE seq = 3", "TRUNCATE ledger_entry"];
        foreach (var attack in attacks)
        {
            (await Should.ThrowAsync<Exception>(() => place.Run(attack))).Message.ShouldContain("append-only", Case.Sensitive, attack);
        }

        (await place.BrokenAt()).ShouldBeNull();
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task An_exchange_keeps_everything_that_was_said_of_it(StateKind kind)
    {
        await using var place = await Place.Make(kind);
        var moved = new Exchange
        {
            Provider = Guid.NewGuid(), Receiver = Guid.NewGuid(), Grant = Guid.NewGuid(), Purpose = "办理“不动产登记”", Resource = Guid.NewGuid(), Snapshot = 7,
            Items = ["name", "证件号"], Rows = 3, Bytes = 1200, Digest = new string('a', 64), Duration = TimeSpan.FromMilliseconds(12), Tracking = "t-1",
            Secrecy = new("criminal-investigation", new DateOnly(2027, 1, 2)),
        };
        await place.Chain.Append(Actor.System, new("rows.read", "330784000001", Evidence.Done, new { note = "中文" }) { Exchange = moved }, CancellationToken.None);

        await using var connection = await place.State.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Entry.ColumnList}, hash FROM ledger_entry";
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        var bytes = Entry.Read(row).Canonical("");
        var text = Encoding.UTF8.GetString(bytes);
        place.Chain.Hash(bytes).ShouldBe(row.GetString(Entry.Columns.Count));
        text.ShouldStartWith("{\"before\":\"\",\"seq\":1,\"at\":\"");
        text.ShouldContain($"\"provider\":\"{moved.Provider}\",\"receiver\":\"{moved.Receiver}\",\"grant_id\":\"{moved.Grant}\",\"purpose\":\"办理“不动产登记”\",\"resource\":\"{moved.Resource}\",\"snapshot\":7");
        text.ShouldContain($"\"items\":[\"name\",\"证件号\"],\"rows\":3,\"bytes\":1200,\"digest\":\"{moved.Digest}\",\"duration_ms\":12,\"tracking\":\"t-1\",\"secrecy\":\"criminal-investigation\",\"secret_until\":\"2027-01-02\"");
        text.ShouldEndWith("\"detail\":{\"note\":\"中文\"}}");
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task What_a_law_withholds_may_be_told_from_its_last_day_on(StateKind kind)
    {
        await using var place = await Place.Make(kind);
        foreach (var secrecy in new[] { null, new Secrecy("tax-inspection", new DateOnly(2027, 1, 2)), null })
        {
            await place.Chain.Append(Actor.System, new("rows.read", "330784000001", Evidence.Done) { Exchange = new() { Secrecy = secrecy } }, CancellationToken.None);
        }

        var exchanges = new CountExchanges(place.State);
        (await exchanges.Tellable([1, 2, 3, 4], new DateOnly(2027, 1, 1), CancellationToken.None)).ShouldBe([3L, 1L]);
        (await exchanges.Tellable([1, 2, 4], new DateOnly(2027, 1, 2), CancellationToken.None)).ShouldBe([2L, 1L]);
        (await exchanges.Tellable([], new DateOnly(2027, 1, 2), CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StateKind.Sqlite, "a\ud800b")]
    [InlineData(StateKind.PostgreSql, "a\ud800b")]
    [InlineData(StateKind.Sqlite, "a\0b\ufffd\"\\\n\u2028<b>")]
    [InlineData(StateKind.PostgreSql, "a\0b\ufffd\"\\\n\u2028<b>")]
    public async Task Text_that_no_database_gives_back_is_no_false_alarm(StateKind kind, string text)
    {
        await using var place = await Place.Make(kind);
        await place.Chain.Append(
            Actor.System with { Name = text }, new(text, text, text, new { text }) { Exchange = new() { Purpose = text, Items = [text], Tracking = text } }, CancellationToken.None);

        (await place.BrokenAt()).ShouldBeNull();
    }
}
