using System.Net;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;
using Org.BouncyCastle.Tsp;

namespace Lizhou.Ledger.Tests;

public sealed class SealTests
{
    [Theory]
    [InlineData(StateKind.Sqlite, null)]
    [InlineData(StateKind.PostgreSql, null)]
    [InlineData(StateKind.Sqlite, "sm3")]
    public async Task Sealed_entries_are_whole_and_what_comes_later_waits_for_the_next_seal(StateKind kind, string? suite)
    {
        await using var place = await Place.Make(kind, 7, suite);
        (await place.Seal()).ShouldBe(1);
        await place.Append(8);
        (await place.Seals.Run(all: false, CancellationToken.None)).ShouldBe(0);
        var report = await place.Check.Run(CancellationToken.None);

        report.Faults.ShouldBeEmpty();
        (report.Entries, report.Batches, report.Sealed).ShouldBe((8, 1, 7));
        (await place.Seal()).ShouldBe(1);
        (await place.Seal()).ShouldBe(0);
        (await place.Check.Run(CancellationToken.None)).Sealed.ShouldBe(8);
    }

    [Fact]
    public async Task Sm2_and_sm3_are_in_the_seal_where_the_installation_began_with_them()
    {
        await using var place = await Place.Make(entries: 3, suite: "sm3");
        await place.Seal();
        await using var connection = await place.State.Open();
        var batch = (await Batch.Newest(connection, null, CancellationToken.None))!;

        batch.Statement!.Hash.ShouldBe("sm3");
        place.Signer.Certificate.SigAlgOid.ShouldBe("1.2.156.10197.1.501");
        place.Signer.Verify(batch.Signed, batch.Signature).ShouldNotBeNull();
        var changed = batch.Signed;
        changed[^2] ^= 1;
        place.Signer.Verify(changed, batch.Signature).ShouldBeNull();
        Suite.Of(place.Settings with { LedgerSuite = null }).ShouldBe(Suite.Sm3, "it is fixed at the first start");
    }

    [Theory]
    [InlineData("UPDATE ledger_entry SET result = 'POL-003' WHERE seq = 7", LedgerFaultKind.Edit, 7)]
    [InlineData("DELETE FROM ledger_entry WHERE seq = 5", LedgerFaultKind.Gap, 5)]
    [InlineData("UPDATE ledger_entry SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4); UPDATE ledger_entry SET seq = -seq WHERE seq < 0", LedgerFaultKind.Reorder, 3)]
    [InlineData("DELETE FROM ledger_entry WHERE seq > 12", LedgerFaultKind.Truncation, 13)]
    [InlineData("DELETE FROM ledger_entry WHERE seq > 10; DELETE FROM ledger_batch WHERE number = 2", LedgerFaultKind.Truncation, 11)]
    [InlineData("DELETE FROM ledger_batch WHERE number = 1", LedgerFaultKind.Gap, 1)]
    [InlineData("UPDATE ledger_batch SET signature = zeroblob(900) WHERE number = 2", LedgerFaultKind.Signature, 11)]
    [InlineData("UPDATE ledger_batch SET signature = (SELECT signature FROM ledger_batch WHERE number = 1) WHERE number = 2", LedgerFaultKind.Signature, 11)]
    [InlineData("UPDATE ledger_batch SET stamp = (SELECT stamp FROM ledger_batch WHERE number = 1) WHERE number = 2", LedgerFaultKind.Stamp, 11)]
    [InlineData("UPDATE ledger_batch SET statement = replace(statement, '\"last\":20', '\"last\":19') WHERE number = 2", LedgerFaultKind.Edit, 11)]
    public async Task Tampering_with_the_file_is_detected_named_and_placed(string tampering, LedgerFaultKind kind, long entry)
    {
        await using var place = await Place.Make(entries: 10);
        await place.Seal();
        foreach (var number in Enumerable.Range(11, 10))
        {
            await place.Append(number);
        }

        await place.Seal();
        (await place.BrokenAt()).ShouldBeNull();
        await place.Tamper(tampering);
        place.Restart();
        var found = (await place.Check.Run(CancellationToken.None)).Faults;

        found[0].Kind.ShouldBe(kind, string.Join("; ", found));
        found[0].Entry.ShouldBe(entry);
    }

    [Fact]
    public async Task A_chain_rewritten_with_right_hashes_does_not_match_its_seal()
    {
        await using var place = await Place.Make(entries: 5);
        await place.Seal();
        await using var other = await Place.Make(entries: 4);
        await other.Append(6);
        await using (var from = await other.State.Open())
        {
            await place.Tamper($"ATTACH DATABASE '{other.State.File}' AS other; DELETE FROM ledger_entry; INSERT INTO ledger_entry SELECT * FROM other.ledger_entry; DETACH DATABASE other");
        }

        place.Restart();
        (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem().Kind.ShouldBe(LedgerFaultKind.Edit);
    }

    [Fact]
    public async Task An_unsealed_end_cut_off_while_the_program_runs_is_seen()
    {
        await using var place = await Place.Make(entries: 5);
        await place.Tamper("DELETE FROM ledger_entry WHERE seq > 3");

        (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem().Kind.ShouldBe(LedgerFaultKind.Truncation);
    }

    [Theory]
    [InlineData(StateKind.Sqlite, false)]
    [InlineData(StateKind.Sqlite, true)]
    [InlineData(StateKind.PostgreSql, false)]
    public async Task An_unsealed_end_cut_off_while_the_program_stands_still_is_seen_by_the_next_one_and_never_sealed_over(StateKind kind, bool ofAct)
    {
        await using var place = await Place.Make(kind, entries: 3);
        await place.Append(4);
        if (ofAct)
        {
            // Written within the transaction of an act: known a second later.
            await using var connection = await place.State.Open();
            await using var transaction = await connection.BeginTransactionAsync();
            await place.Chain.Append(connection, transaction, Actor.System, new("act", "x", Evidence.Done), CancellationToken.None);
            await transaction.CommitAsync();
            await place.Chain.Look(CancellationToken.None);
        }
        else
        {
            await place.Append(5);
        }

        await place.Cut(3);
        place.Restart();
        (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(LedgerFaultKind.Truncation), f => f.Entry.ShouldBe(4));

        // What comes after does not hide it, however much.
        await place.Append(6);
        (await place.Seal()).ShouldBe(0);
        (await place.BrokenAt()).ShouldBe(5);
        await place.Append(7);
        await place.Append(8);
        place.Restart();
        (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Kind.ShouldBe(LedgerFaultKind.Edit), f => f.Entry.ShouldBe(5));
        (await place.Seals.Remember(Actor.System, "the file was set back", CancellationToken.None)).ShouldHaveSingleItem().Entry.ShouldBe(5);
        (await place.BrokenAt()).ShouldBeNull();
        (await place.Seal()).ShouldBe(1);
        place.Restart();
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Fact]
    public async Task A_memory_of_the_last_entry_that_is_gone_or_garbled_is_told_by_an_entry_and_made_anew()
    {
        await using var place = await Place.Make(entries: 3);
        await place.Seal();
        var tip = Path.Combine(place.Folder, "ledger", "tip");
        foreach (var loss in new Action[] { () => File.Delete(tip), () => File.WriteAllText(tip, "0000000000000000009 x") })
        {
            loss();
            place.Restart();
            await place.Seal();
            place.Restart();
            await place.Seal();
        }

        (await place.Run("SELECT count(*) FROM ledger_entry WHERE act = 'ledger.remembered' AND detail LIKE '%ledger/tip%'")).ShouldBe(2L);
        File.GetUnixFileMode(tip).ShouldBe(Kernel.Data.OwnerFile.Rights);
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Theory]
    [InlineData("ledger/watermark")]
    [InlineData("keys/ledger/watermark")]
    public async Task An_end_cut_off_with_its_seals_and_one_of_its_memories_is_seen_and_never_sealed_over(string memory)
    {
        await using var place = await Place.Make(entries: 10);
        await place.Seal();
        await place.Append(11);
        await place.Seal();
        File.Delete(Path.Combine(place.Folder, memory));
        await place.Tamper("DELETE FROM ledger_entry WHERE seq > 10; DELETE FROM ledger_batch WHERE number = 2");
        place.Restart();
        await place.Append(12);

        (await place.Seal()).ShouldBe(0, "what does not fit is not certified");
        var found = (await place.Check.Run(CancellationToken.None)).Faults;
        found.ShouldContain(f => f.Kind == LedgerFaultKind.Truncation && f.Entry == 11);
        found.ShouldContain(f => f.Kind == LedgerFaultKind.Memory && f.What.En.Contains(memory));
    }

    [Fact]
    public async Task With_both_memories_gone_the_check_says_so_and_nothing_is_sealed_until_somebody_answers_for_it()
    {
        await using var place = await Place.Make(entries: 3);
        (await place.BrokenAt()).ShouldBeNull("a ledger before its first seal has nothing to remember");
        await place.Seal();
        await place.Append(4);
        await place.Seal();
        File.Delete(Path.Combine(place.Folder, "ledger", "watermark"));
        File.Delete(Path.Combine(place.Settings.Keys, "ledger", "watermark"));
        place.Restart();
        await place.Append(5);

        (await place.Seal()).ShouldBe(0);
        (await place.Check.Run(CancellationToken.None)).Faults.Select(f => f.Kind).ShouldBe([LedgerFaultKind.Memory, LedgerFaultKind.Memory]);
        (await place.Seals.Remember(Actor.System, "the disk was cleaned", CancellationToken.None)).Count.ShouldBe(2);
        (await place.Run("SELECT detail FROM ledger_entry WHERE act = 'ledger.remembered'"))!.ToString()!.ShouldContain("the disk was cleaned");
        (await place.Seal()).ShouldBe(1);
        (await place.BrokenAt()).ShouldBeNull();
        (await place.Seals.Remember(Actor.System, "again", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_memory_lost_is_a_fault_of_the_check_and_is_made_good_from_the_other_with_evidence()
    {
        await using var place = await Place.Make(entries: 3);
        await place.Seal();
        await place.Append(4);
        await place.Seal();
        File.Delete(Path.Combine(place.Folder, "ledger", "watermark"));
        (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem().Kind.ShouldBe(LedgerFaultKind.Memory);
        await place.Append(5);
        await place.Seal();

        (await place.BrokenAt()).ShouldBeNull();
        (await place.Run("SELECT detail FROM ledger_entry WHERE act = 'ledger.remembered'"))!.ToString()!.ShouldContain("ledger/watermark");
    }

    [Fact]
    public async Task An_unsealed_entry_that_was_changed_is_not_sealed_nor_anything_after_it()
    {
        await using var place = await Place.Make(entries: 6);
        await place.Tamper("UPDATE ledger_entry SET result = 'POL-003' WHERE seq = 4");
        place.Restart();

        (await place.Seal()).ShouldBe(1);
        (await place.Seal()).ShouldBe(0);
        var report = await place.Check.Run(CancellationToken.None);
        report.Sealed.ShouldBe(3);
        report.Faults.ShouldHaveSingleItem().Entry.ShouldBe(4);
    }

    [Fact]
    public async Task A_seal_made_with_another_key_is_not_this_installations()
    {
        await using var place = await Place.Make(entries: 5);
        await using var stranger = await Place.Make();
        await place.Seal();
        await using (var connection = await place.State.Open())
        {
            var batch = (await Batch.Newest(connection, null, CancellationToken.None))!;
            await place.Run("DROP TRIGGER ledger_batch_kept_update");
            await connection.Execute(null, $"UPDATE ledger_batch SET signature = {stranger.Signer.Sign(batch.Signed)}");
        }

        (await place.Check.Run(CancellationToken.None)).Faults.Select(f => f.Kind).ShouldContain(LedgerFaultKind.Signature);
    }

    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task Two_who_seal_at_once_seal_nothing_twice(StateKind kind)
    {
        await using var place = await Place.Make(kind, 30);
        var first = place.Seals;
        var tip = place.Chain;
        place.Restart();
        await Task.WhenAll(first.Run(all: true, CancellationToken.None), place.Seal(), place.Append(31), tip.Append(Actor.System, new("act", "x", Evidence.Done), CancellationToken.None));
        await place.Seal();

        var report = await place.Check.Run(CancellationToken.None);
        report.Faults.ShouldBeEmpty();
        report.Sealed.ShouldBe(32);
    }

    [Fact]
    public async Task Keys_are_the_owners_alone()
    {
        await using var place = await Place.Make();
        foreach (var key in Directory.EnumerateFiles(Path.Combine(place.Settings.Keys, "ledger"), "*.key"))
        {
            File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, key);
        }
    }

    [Fact]
    public async Task An_outside_authority_stamps_where_one_is_set_and_the_built_in_one_while_it_is_away()
    {
        await using var authority = await Place.Make(); // its own key: another installation's
        using var http = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort()}/";
        http.Prefixes.Add(url);
        http.Start();
        var good = true;
        var serving = Task.Run(async () =>
        {
            while (http.IsListening)
            {
                var call = await http.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                var answer = good ? authority.Stamper.Answer(new TimeStampRequest(body.ToArray())) : "nonsense"u8.ToArray();
                await call.Response.OutputStream.WriteAsync(answer);
                call.Response.Close();
            }
        });
        await using var place = await Place.Make(entries: 2, stamps: url);
        await place.Seal();
        good = false;
        await place.Append(3);
        await place.Seal();
        http.Stop();
        await Record.ExceptionAsync(() => serving);

        await using var connection = await place.State.Open();
        (await Batch.All(connection, CancellationToken.None)).Select(b => b.BuiltIn).ShouldBe([false, true]);
        (await place.BrokenAt()).ShouldBeNull();
    }

    [Fact]
    public void The_tree_is_the_one_of_rfc_6962()
    {
        // Leaves and roots of the certificate transparency test vectors.
        byte[][] inputs = [[], [0], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Convert.FromHexString("5051525354555657"), Convert.FromHexString("606162636465666768696a6b6c6d6e6f")];
        byte[][] leaves = [.. inputs.Select(Suite.Sha256.Leaf)];
        Convert.ToHexStringLower(MerkleTree.Root(Suite.Sha256, leaves.AsSpan(0, 1))).ShouldBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        Convert.ToHexStringLower(MerkleTree.Root(Suite.Sha256, leaves.AsSpan(0, 3))).ShouldBe("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
        Convert.ToHexStringLower(MerkleTree.Root(Suite.Sha256, leaves)).ShouldBe("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        foreach (var size in Enumerable.Range(1, leaves.Length))
        {
            var root = MerkleTree.Root(Suite.Sha256, leaves.AsSpan(0, size));
            foreach (var leaf in Enumerable.Range(0, size))
            {
                var path = MerkleTree.Path(Suite.Sha256, leaves.AsSpan(0, size), leaf);
                path.Aggregate(leaves[leaf], (at, s) => s.Left ? Suite.Sha256.Node(s.Hash, at) : Suite.Sha256.Node(at, s.Hash)).ShouldBe(root);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Theory]
    [InlineData(StateKind.Sqlite, "DROP TRIGGER ledger_entry_kept_update", "ledger_entry_kept_update")]
    [InlineData(StateKind.Sqlite, "DROP TRIGGER ledger_batch_kept_next; CREATE TRIGGER ledger_batch_kept_next BEFORE INSERT ON ledger_batch BEGIN SELECT 1; END", "ledger_batch_kept_next")]
    [InlineData(StateKind.PostgreSql, "DROP TRIGGER ledger_entry_kept ON ledger_entry", "ledger_entry_kept")]
    [InlineData(StateKind.PostgreSql, "ALTER TABLE ledger_batch DISABLE TRIGGER USER", "ledger_batch_kept")]
    public async Task A_guard_that_was_taken_out_of_the_database_is_told_though_no_entry_was_touched(StateKind kind, string sql, string guard)
    {
        await using var place = await Place.Make(kind, entries: 3);
        (await place.Check.Run(CancellationToken.None)).Whole.ShouldBeTrue();
        await place.Run(sql);
        var fault = (await place.Check.Run(CancellationToken.None)).Faults.ShouldHaveSingleItem();
        (fault.Kind, fault.Entry).ShouldBe((LedgerFaultKind.Guard, 4));
        fault.What.En.ShouldContain(guard);
    }
}
