// In: the last entry on disk. Out: its number and hash in a file outside the state database, so that an end cut off before its seal is seen, also by the next program that
// runs here. The file follows the commit and is written over in place, not forced to the disk: it costs a call of the system for a commit; a process that dies loses nothing of
// it, a machine that loses power its last seconds. It never goes back by itself: what was cut off stays known until somebody has answered for it.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Ledger.Sealing;

internal sealed class TipMark
{
    /// <summary>In the data folder.</summary>
    public const string Name = "ledger/tip";

    private readonly string path;
    private readonly Lock one = new();
    private (long Seq, string Hash) last = (0, "");

    public TipMark(Settings settings)
    {
        path = Path.Combine(settings.Data, Name);
        Lost = Kept() is null;
    }

    /// <summary>Whether nothing was remembered when this program began and nobody has been told of it.</summary>
    public bool Lost { get; set; }

    /// <summary>The last entry that was written, by whichever host on this folder; 0 for none.</summary>
    public (long Seq, string Hash) Read()
    {
        lock (one)
        {
            // Several hosts write here: half of one's line and half of another's is no line.
            return Kept() is { } kept && kept.Seq >= last.Seq ? kept : last;
        }
    }

    /// <summary>Onwards only.</summary>
    public void Raise((long Seq, string Hash) now)
    {
        lock (one)
        {
            if (now.Seq > Read().Seq)
            {
                Set(now);
            }
        }
    }

    /// <summary>Whatever was remembered before.</summary>
    public void Set((long Seq, string Hash) now)
    {
        lock (one)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0, UnixCreateMode = OwnerFile.Rights });
            var line = Encoding.ASCII.GetBytes(Line(now));
            if (file.Length != line.Length)
            {
                file.SetLength(line.Length); // of something else than a line
            }

            file.Write(line);
            last = now;
        }
    }

    private (long Seq, string Hash)? Kept()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var bytes = new byte[256];
        var text = Encoding.ASCII.GetString(bytes, 0, file.Read(bytes));
        return text.Split(' ') is [var seq, var hash, _] && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Line((number, hash)) == text ? (number, hash) : null;
    }

    /// <summary>As long for every entry, so that none leaves something of another behind.</summary>
    private static string Line((long Seq, string Hash) entry)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{entry.Seq:D19} {entry.Hash.PadRight(64, '-')}");
        return $"{text} {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)).AsSpan(0, 4))}\n";
    }
}
