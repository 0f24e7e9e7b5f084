using System.Diagnostics;
using System.IO.Compression;
using Lizhou.Kernel;
using Lizhou.Ledger.Receipts;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Ledger.Tests;

public sealed class ReceiptTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(13, 1)]
    [InlineData(13, 7)]
    [InlineData(13, 13)]
    public async Task A_receipt_is_good_by_openssl_alone(int entries, long seq)
    {
        await using var place = await Place.Make(entries: entries);
        await place.Seal();
        var folder = await Unpack(place, seq);
        var (code, said) = Verify(folder);

        code.ShouldBe(0, said);
        said.ShouldContain($"GOOD 通过: entry {seq} ");
        said.ShouldContain(Sealing.Signer.Fingerprint(place.Signer.Certificate));
        Verify(folder, "--signer", Sealing.Signer.Fingerprint(place.Signer.Certificate).ToUpperInvariant()).Code.ShouldBe(0);
        Verify(folder, "--signer", new string('0', 64)).Code.ShouldBe(1);
    }

    [Fact]
    public async Task A_receipt_under_SM3_and_SM2_is_good_by_stock_openssl_and_a_signature_of_another_statement_or_key_is_not()
    {
        await using var place = await Place.Make(entries: 5, suite: "sm3");
        await place.Seal();
        var folder = await Unpack(place, 4);
        var (code, said) = Verify(folder, "--signer", Sealing.Signer.Fingerprint(place.Signer.Certificate));
        code.ShouldBe(0, said);
        said.ShouldContain("GOOD 通过: entry 4 ");

        // A good signature of this key, over another statement.
        var own = await File.ReadAllBytesAsync(Path.Combine(folder, "statement.cms"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "statement.cms"), place.Signer.Sign("{}"u8.ToArray()));
        await Sums(folder);
        Verify(folder).Code.ShouldBe(1);

        // A good signature of another key over this statement.
        await using var forger = await Place.Make(suite: "sm3");
        await File.WriteAllBytesAsync(Path.Combine(folder, "statement.cms"), forger.Signer.Sign(await File.ReadAllBytesAsync(Path.Combine(folder, "statement.json"))));
        await Sums(folder);
        (code, said) = Verify(folder);
        code.ShouldBe(1, said);
        said.ShouldContain("the signature is not good");
        await File.WriteAllBytesAsync(Path.Combine(folder, "statement.cms"), own);
        await Sums(folder);
        Verify(folder).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("sm2")]
    [InlineData("SM3 ")]
    [InlineData("sha-256")]
    public async Task A_suite_there_is_none_of_is_refused_with_those_there_are_and_decides_nothing(string slip)
    {
        var refused = await Should.ThrowAsync<ProblemException>(async () => await Place.Make(suite: slip));
        refused.Problem.Code.ShouldBe("LDG-005");
        refused.Message.ShouldContain("sha256");
        refused.Message.ShouldContain("sm3");
        var folder = Directory.CreateTempSubdirectory("lizhou-suite-").FullName;
        Should.Throw<ProblemException>(() => new LedgerModule().Services(new ServiceCollection(), new(folder) { LedgerSuite = slip }));
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sm3")]
    public async Task A_flipped_byte_anywhere_in_a_receipt_turns_it_red(string suite)
    {
        await using var place = await Place.Make(entries: 5, suite: suite);
        await place.Seal();
        var folder = await Unpack(place, 3);
        var random = new Random(20261124);
        // But in the script itself: whoever checks takes one they trust, as docs/verify.md says.
        foreach (var file in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != "verify.sh"))
        {
            var good = await File.ReadAllBytesAsync(file);
            var step = Environment.GetEnvironmentVariable("LIZHOU_LONG") == "1" ? 7 : Math.Max(1, good.Length / 6);
            for (var at = random.Next(step); at < good.Length; at += step)
            {
                var bad = good.ToArray();
                bad[at] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(file, bad);
                Verify(folder).Code.ShouldNotBe(0, $"{Path.GetFileName(file)} byte {at}");
            }

            await File.WriteAllBytesAsync(file, good);
        }

        Verify(folder).Code.ShouldBe(0);
    }

    /// <summary>Without the list of digests: what a forger would mend as well. What the signatures cover is what counts then.</summary>
    [Theory]
    [InlineData("entry.json")]
    [InlineData("path.txt")]
    [InlineData("statement.json")]
    [InlineData("signer.cer")]
    [InlineData("stamper.cer")]
    public async Task A_forger_who_mends_the_list_of_digests_is_caught_by_hash_signature_or_stamp(string name)
    {
        await using var place = await Place.Make(entries: 5);
        await place.Seal();
        var folder = await Unpack(place, 3);
        var file = Path.Combine(folder, name);
        var good = await File.ReadAllBytesAsync(file);
        foreach (var at in Enumerable.Range(0, 12).Select(i => i * good.Length / 12))
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            await File.WriteAllBytesAsync(file, bad);
            await Sums(folder);
            var (code, said) = Verify(folder);
            code.ShouldBe(1, $"{name} byte {at}: {said}");
        }
    }

    [Fact]
    public async Task A_receipt_of_another_installation_does_not_pass_for_the_citys()
    {
        await using var place = await Place.Make();
        await using var forger = await Place.Make(entries: 3);
        await forger.Seal();
        var (code, said) = Verify(await Unpack(forger, 2), "--signer", Sealing.Signer.Fingerprint(place.Signer.Certificate));

        code.ShouldBe(1, said);
    }

    [Fact]
    public async Task There_is_no_receipt_for_what_is_not_there_not_sealed_or_does_not_fit()
    {
        await using var place = await Place.Make(entries: 3);
        (await Make(place).Run(2, CancellationToken.None)).Problem!.Code.ShouldBe("LDG-002");
        (await Make(place).Run(9, CancellationToken.None)).Problem!.Code.ShouldBe("LDG-001");
        await place.Seal();
        await place.Tamper("UPDATE ledger_entry SET result = 'x' WHERE seq = 2");
        (await Make(place).Run(2, CancellationToken.None)).Problem!.Code.ShouldBe("LDG-003");
        (await Make(place).Run(1, CancellationToken.None)).Refused.ShouldBeFalse();
    }

    private static MakeReceipt Make(Place place) => new(place.State, place.Suite, place.Signer, place.Stamper);

    private static async Task<string> Unpack(Place place, long seq)
    {
        var folder = Path.Combine(place.Folder, $"receipt-{seq}");
        await using var zip = new MemoryStream((await Make(place).Run(seq, CancellationToken.None)).Value);
        await ZipFile.ExtractToDirectoryAsync(zip, folder);
        return folder;
    }

    private static async Task Sums(string folder)
    {
        var lines = Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != "SHA256SUMS").Order(StringComparer.Ordinal)
            .Select(f => $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))}  {Path.GetFileName(f)}\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "SHA256SUMS"), string.Concat(lines));
    }

    private static (int Code, string Said) Verify(string folder, params string[] more)
    {
        Servers.SkipWhen(!File.Exists("/usr/bin/openssl"), "OpenSSL is not installed (apt-get install openssl).");
        var start = new ProcessStartInfo("sh", [Path.Combine(folder, "verify.sh"), folder, .. more]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        process.WaitForExit(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        return (process.ExitCode, said.Result + complained.Result);
    }
}
