// In: the newest batch. Out: its statement in a file beside the state database, so that a database set back, or cut off with its seals, is seen.
// It follows the commit: after a crash it may name the batch before, never one that is not there. A restored city begins without it.
using System.Text;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Ledger.Sealing;

internal sealed class Watermark(Settings settings)
{
    private readonly string file = Path.Combine(settings.Data, "ledger", "watermark");

    public void Raise(Batch batch)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        OwnerFile.Write(file, batch.Text);
    }

    /// <summary>The statement of the newest batch seen here; null when there was none yet or the file is not readable as one.</summary>
    public (Statement Statement, byte[] Bytes)? Read() =>
        File.Exists(file) && File.ReadAllText(file) is var text && Statement.Parse(text) is { } statement ? (statement, Encoding.UTF8.GetBytes(text)) : null;
}
