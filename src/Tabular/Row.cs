// A row as it comes out of any file: its place, its cells, and what is wrong with it.
namespace Lizhou.Tabular;

/// <summary>One record of a table.</summary>
/// <param name="Number">1 for the first record under the header; faulty rows count too.</param>
/// <param name="Line">Line in the file (row in the sheet) where it starts, from 1.</param>
/// <param name="Cells">One per column; null for no value. Of a faulty row: the cells as far as they could be told apart.</param>
/// <param name="Fault">Null for a good row.</param>
public sealed record Row(long Number, long Line, IReadOnlyList<string?> Cells, RowFault? Fault = null);

/// <summary>Why a row cannot be taken as it is.</summary>
/// <param name="Code">Stable code, see <c>Problems.cs</c>.</param>
/// <param name="ByteOffset">Place in the (unpacked) file; null where it has no meaning.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="Repair">The row as it was almost certainly meant, when exactly one correction makes every cell fit its column; else null.</param>
public sealed record RowFault(string Code, long? ByteOffset, Text Reason, Text Hint, IReadOnlyList<string?>? Repair = null);
