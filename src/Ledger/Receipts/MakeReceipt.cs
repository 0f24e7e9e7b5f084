// In: an entry's number. Out: a zip with which anybody who has OpenSSL can check it: the entry, its way up the tree, the signed statement, the time stamp,
// both certificates and the script. Refuses an entry that is not there, not sealed yet, or does not fit its seal.
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Ledger.Sealing;

namespace Lizhou.Ledger.Receipts;

internal sealed class MakeReceipt(StateStore state, Suite suite, Signer signer, Stamper stamper)
{
    public async Task<Result<byte[]>> Run(long seq, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var (entry, before) = await Find(connection, seq, stop);
        if (entry is null)
        {
            return Problems.NoSuchEntry.With(seq);
        }

        if (await Batch.Over(connection, seq, stop) is not { Statement: { } said } batch)
        {
            return Problems.NotSealedYet.With(seq);
        }

        var leaves = await Batch.Leaves(connection, batch.First, (int)(batch.Last - batch.First + 1), stop);
        var canonical = entry.Canonical(before);
        if (leaves.Length != batch.Last - batch.First + 1
            || !suite.Leaf(canonical).AsSpan().SequenceEqual(leaves[seq - batch.First]) || Convert.ToHexStringLower(MerkleTree.Root(suite, leaves)) != said.Root
            || signer.Verify(batch.Signed, batch.Signature) is not { } by || stamper.Verify(batch.Signature, batch.Stamp) is not { } stamp)
        {
            return Problems.DoesNotFit.With(seq);
        }

        return Zip(
            batch.SealedAt,
            [
                new("entry.json", canonical),
                new("path.txt", Lines(MerkleTree.Path(suite, leaves, (int)(seq - batch.First)).Select(s => $"{(s.Left ? 'L' : 'R')} {Convert.ToHexStringLower(s.Hash)}"))),
                new("signer.cer", by.GetEncoded()),
                new("stamp.tsr", batch.Stamp),
                new("stamper.cer", stamp.By.GetEncoded()),
                new("statement.cms", batch.Signature),
                new("statement.json", batch.Signed),
                new("verify.sh", Script()),
            ]);
    }

    private sealed record Part(string Name, byte[] Bytes);

    private static async Task<(Entry? Entry, string Before)> Find(System.Data.Common.DbConnection connection, long seq, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Entry.ColumnList}, hash FROM ledger_entry WHERE seq IN ({(seq - 1).ToString(CultureInfo.InvariantCulture)}, {seq.ToString(CultureInfo.InvariantCulture)}) ORDER BY seq";
        await using var rows = await command.ExecuteReaderAsync(stop);
        var before = "";
        while (await rows.ReadAsync(stop))
        {
            var entry = Entry.Read(rows);
            if (entry.Seq == seq)
            {
                return (entry, before);
            }

            before = rows.GetString(Entry.Columns.Count);
        }

        return (null, before);
    }

    private static byte[] Script()
    {
        using var script = typeof(MakeReceipt).Assembly.GetManifestResourceStream("verify.sh")!;
        using var bytes = new MemoryStream();
        script.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Lines(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(l => l + "\n")));

    private static byte[] Zip(DateTimeOffset at, IReadOnlyList<Part> parts)
    {
        var sums = new Part("SHA256SUMS", Lines(parts.Select(p => $"{Convert.ToHexStringLower(SHA256.HashData(p.Bytes))}  {p.Name}")));
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in parts.Append(sums))
            {
                var entry = zip.CreateEntry(part.Name);
                entry.LastWriteTime = at;
                using var to = entry.Open();
                to.Write(part.Bytes);
            }
        }

        return file.ToArray();
    }
}
