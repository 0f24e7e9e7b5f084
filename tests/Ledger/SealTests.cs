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

    [Fact]
    public async Task A_seal_made_with_another_key_is_not_this_installations()
    {
        await using var place = await Place.Make(entries: 5);
        await using var stranger = await Place.Make();
        await place.Seal();
        await using (var connection = await place.State.Open())
        {
            var batch = (await Batch.Newest(connection, null, CancellationToken.None))!;
            await place.Tamper("SELECT 1");
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
}
