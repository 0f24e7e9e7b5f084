// Row numbers as bytes: the difference to the one before, seven bits at a time. Rows sent back in order cost a byte each.
namespace Lizhou.Collection.Rejects;

internal static class SeqList
{
    public static byte[] Write(IEnumerable<long> seqs)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var before = 0L;
        foreach (var seq in seqs)
        {
            // Differences may be negative where a clerk sorted the sheet: zig-zag keeps small ones short.
            var difference = seq - before;
            writer.Write7BitEncodedInt64((difference << 1) ^ (difference >> 63));
            before = seq;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    public static List<long> Read(byte[]? bytes)
    {
        var seqs = new List<long>();
        using var reader = new BinaryReader(new MemoryStream(bytes ?? []));
        var before = 0L;
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var raw = reader.Read7BitEncodedInt64();
            before += (long)((ulong)raw >> 1) ^ -(raw & 1);
            seqs.Add(before);
        }

        return seqs;
    }
}
