// Records of any format, one after the other, before anything is known of headers, counts or types.
namespace Lizhou.Tabular;

internal abstract class RecordSource : IDisposable
{
    /// <summary>Line (row of a sheet) where the record starts, from 1.</summary>
    public long Line { get; protected set; }

    /// <summary>Cells of the record; the list is reused by the next <see cref="Read"/>.</summary>
    public List<string?> Cells { get; } = [];

    /// <summary>What made the record unreadable; null when it could be read.</summary>
    public RowFault? Fault { get; protected set; }

    /// <summary>Lines or rows without anything in them that were passed over.</summary>
    public long Blanks { get; protected set; }

    /// <summary>Moves to the next record; false at the end.</summary>
    /// <exception cref="ProblemException">The file cannot be read on.</exception>
    public abstract bool Read();

    /// <summary>The record in another delimiter or quoting, when the format has such a thing and that gives the wanted number of cells.</summary>
    public virtual List<string?>? Reread(int wanted) => null;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
