// In: pairs of a person's key and the evidence's number. Out: one immutable file of them in order, sixteen bytes each; and the numbers of one person, found by interpolation:
// keys are evenly spread, so that a handful of reads finds one among hundreds of millions.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lizhou.Lake.Catalog;
using Microsoft.Win32.SafeHandles;

namespace Lizhou.Policy.Disclosure;

/// <param name="Person">The key.</param>
/// <param name="Entry">Number of the evidence.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Told(ulong Person, long Entry)
{
    public const int Size = 16;

    /// <summary>By person, then by evidence.</summary>
    public static readonly Comparer<Told> InOrder = Comparer<Told>.Create((a, b) => a.Person != b.Person ? a.Person.CompareTo(b.Person) : a.Entry.CompareTo(b.Entry));
}

internal sealed class PeopleRun : IDisposable
{
    private const int InRead = 256;
    private const int InPage = 1 << 14;

    private readonly SafeFileHandle file;

    public PeopleRun(string path)
    {
        Path = path;
        file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        Count = RandomAccess.GetLength(file) / Told.Size;
    }

    public string Path { get; }

    public long Count { get; }

    /// <summary>Writes the pairs, which come in order, without those that repeat; the file is on disk and whole when it has its name.</summary>
    /// <returns>SHA-256 of its bytes, hexadecimal, lower case.</returns>
    public static string Write(string path, IEnumerable<Told> ordered)
    {
        var part = path + ".part";
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var to = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 18))
        {
            var last = default(Told?);
            var page = new Told[InPage];
            var many = 0;
            foreach (var pair in ordered)
            {
                if (last == pair)
                {
                    continue;
                }

                page[many++] = pair;
                last = pair;
                if (many == page.Length)
                {
                    Put(page);
                    many = 0;
                }
            }

            Put(page.AsSpan(0, many));
            to.Flush(flushToDisk: true);

            void Put(ReadOnlySpan<Told> pairs)
            {
                digest.AppendData(MemoryMarshal.AsBytes(pairs));
                to.Write(MemoryMarshal.AsBytes(pairs));
            }
        }

        File.Move(part, path);
        Durable.Folder(System.IO.Path.GetDirectoryName(path)!);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Adds the evidence that tells of one person.</summary>
    public void Find(ulong person, ISet<long> entries)
    {
        Span<Told> page = stackalloc Told[InRead];
        var (low, high) = (0L, Count); // the first pair of the person, if any, is in [low, high]
        var (least, most) = (0UL, ulong.MaxValue);
        while (high - low > InRead)
        {
            // Once by the spread of keys, aimed a little before, so that the answer is in the page read.
            var share = (double)(person - least) / Math.Max(1, most - least);
            var at = Math.Clamp(low + (long)(share * (high - low)) - (InRead / 2), low, high - InRead);
            Read(at, page);
            if (person <= page[0].Person)
            {
                (high, most) = (at, page[0].Person);
                if (at == low)
                {
                    break;
                }
            }
            else if (person > page[^1].Person)
            {
                (low, least) = (at + InRead, page[^1].Person);
            }
            else
            {
                low = at;
                break;
            }
        }

        for (var at = low; at < Count; at += InRead)
        {
            var read = page[..(int)Math.Min(InRead, Count - at)];
            Read(at, read);
            foreach (var pair in read)
            {
                if (pair.Person == person)
                {
                    entries.Add(pair.Entry);
                }
                else if (pair.Person > person)
                {
                    return;
                }
            }
        }
    }

    public IEnumerable<Told> All()
    {
        var page = new Told[InPage];
        for (var at = 0L; at < Count; at += page.Length)
        {
            var many = (int)Math.Min(page.Length, Count - at);
            Read(at, page.AsSpan(0, many));
            for (var i = 0; i < many; i++)
            {
                yield return page[i];
            }
        }
    }

    public void Dispose() => file.Dispose();

    private void Read(long at, Span<Told> into)
    {
        var bytes = MemoryMarshal.AsBytes(into);
        for (var read = 0; read < bytes.Length;)
        {
            var now = RandomAccess.Read(file, bytes[read..], (at * Told.Size) + read);
            read += now > 0 ? now : throw new EndOfStreamException(Path);
        }
    }
}
