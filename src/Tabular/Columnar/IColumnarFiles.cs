// The port through which columnar files (Parquet) are read: text out, types as the file itself states them.
namespace Lizhou.Tabular;

/// <summary>Reads columnar files. Implemented beside the engine that can; where none is given such files are refused with TAB-016.</summary>
public interface IColumnarFiles
{
    /// <summary>A folder the engine can read. What lies packed in a zip or gz is unpacked into it first, and removed afterwards.</summary>
    string Room { get; }

    /// <param name="path">A file the engine can read.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message says why and names no folder. Reading its rows may throw it too.</exception>
    IColumnarFile Open(string path);
}

/// <summary>One columnar file. Holds nothing open between calls.</summary>
public interface IColumnarFile
{
    /// <summary>Name and type of each column as the file states them.</summary>
    IReadOnlyList<ColumnShape> Columns { get; }

    /// <summary>Rows by the file's own count; there may turn out to be fewer.</summary>
    long Count { get; }

    /// <summary>Rows in the file's order, a text per column, null for no value.</summary>
    /// <param name="from">0-based number of the first row wanted.</param>
    /// <param name="most">Fewer come only at the end.</param>
    IReadOnlyList<string?[]> Rows(long from, int most);
}
