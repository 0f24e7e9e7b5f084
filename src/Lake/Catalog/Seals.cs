// In: catalog rows as they come and go. Out: one 256-bit sum per lake table that any later reading of the rows must give again.
// Each row is hashed with the lake's key and added lane by lane, so a commit costs its own rows only, whatever the catalog's size.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lizhou.Lake.Catalog;

/// <summary>A sum of row hashes; adding and removing the same row gives the old sum.</summary>
internal sealed class Seal
{
    private readonly ulong[] lanes = new ulong[4];

    public Seal()
    {
    }

    public Seal(byte[] stored)
    {
        for (var i = 0; i < 4; i++)
        {
            lanes[i] = BinaryPrimitives.ReadUInt64LittleEndian(stored.AsSpan(i * 8, 8));
        }
    }

    public void Add(ReadOnlySpan<byte> hash)
    {
        for (var i = 0; i < 4; i++)
        {
            lanes[i] += BinaryPrimitives.ReadUInt64LittleEndian(hash.Slice(i * 8, 8));
        }
    }

    public void Remove(ReadOnlySpan<byte> hash)
    {
        for (var i = 0; i < 4; i++)
        {
            lanes[i] -= BinaryPrimitives.ReadUInt64LittleEndian(hash.Slice(i * 8, 8));
        }
    }

    public void Add(Seal other)
    {
        for (var i = 0; i < 4; i++)
        {
            lanes[i] += other.lanes[i];
        }
    }

    public bool IsZero => lanes.All(l => l == 0);

    public byte[] Stored()
    {
        var bytes = new byte[32];
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8, 8), lanes[i]);
        }

        return bytes;
    }
}

/// <summary>Hashes rows with the lake's key.</summary>
internal sealed class SealKey(byte[] key)
{
    /// <summary>The scope of rows that belong to the lake as a whole.</summary>
    public const long Lake = -1;

    public byte[] Hash(string table, ReadOnlySpan<object?> row)
    {
        var text = new StringBuilder(table);
        foreach (var value in row)
        {
            text.Append('\u001f');
            switch (value)
            {
                case null: text.Append('n'); break;
                case bool flag: text.Append(flag ? "t" : "f"); break;
                case string s: text.Append('s').Append(s.Length).Append(':').Append(s); break;
                case DateTimeOffset moment: text.Append('m').Append(moment.UtcTicks); break;
                case Guid uuid: text.Append('u').Append(uuid.ToString("N")); break;
                case IFormattable number: text.Append('i').Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
                default: throw new InvalidOperationException($"No seal for a value of type {value.GetType()}.");
            }
        }

        return HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString()));
    }
}
