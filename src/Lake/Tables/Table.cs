// The records the lake's public entry takes and gives.
using System.Data.Common;

namespace Lizhou.Lake;

/// <summary>A table as of one snapshot.</summary>
/// <param name="Id">Stable over renames.</param>
/// <param name="Layer">Its schema: <c>landing</c>, <c>standard</c>, <c>base</c>, <c>theme</c> …</param>
/// <param name="Path">Its folder, relative to the layer's, ending in a slash.</param>
/// <param name="Columns">In order.</param>
public sealed record Table(long Id, Guid Uuid, string Layer, string Name, string Path, IReadOnlyList<Column> Columns)
{
    /// <summary>The column of that name, or null. Names are compared without case, as the engine does.</summary>
    public Column? Column(string name) => Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => $"{Layer}.{Name}";
}

/// <summary>A column of a table.</summary>
/// <param name="Id">Its field id: stable over renames, never re-used in the table, written into every Parquet file.</param>
/// <param name="Default">The text value that rows written before the column was added show; null: NULL.</param>
public sealed record Column(long Id, string Name, ColumnType Type, bool Nullable = true, string? Default = null);

/// <summary>A column to be made.</summary>
/// <param name="Default">What older rows show in a column added later, as text; null: NULL.</param>
public sealed record NewColumn(string Name, ColumnType Type, bool Nullable = true, string? Default = null);

/// <summary>One state of the whole lake.</summary>
/// <param name="Id">Grows by one with each write.</param>
/// <param name="At">UTC, microseconds.</param>
/// <param name="SchemaVersion">Grows when any table is made, altered or dropped.</param>
public sealed record Snapshot(long Id, DateTimeOffset At, long SchemaVersion);

/// <summary>How a write is made: who, why, under which key, and what else must become true in the same transaction.</summary>
/// <param name="Key">Idempotency key: the same key again gets the first answer and changes nothing.</param>
/// <param name="Author">Recorded with the snapshot.</param>
/// <param name="Message">Recorded with the snapshot.</param>
/// <param name="Along">Runs in the write's transaction (state database), once, after the catalog rows: batch, lineage, events. If it throws, nothing happened.
/// It must not wait for another write to the lake, nor open a second connection that writes.</param>
public sealed record Terms(string Key, string? Author = null, string? Message = null, Func<DbConnection, DbTransaction, Write, Task>? Along = null)
{
    /// <summary>An append or upsert of few rows that come again and again: they wait in the catalog (see <see cref="Warehouse.Buffer"/>) instead of in a file
    /// of their own, where that can be. The staged files are gone afterwards.</summary>
    public bool Small { get; init; }
}

/// <summary>The answer to a write.</summary>
/// <param name="Kind"><c>create</c>, <c>append</c>, <c>upsert</c>, <c>delete</c>, <c>replace</c>, <c>undo</c>, <c>buffer</c>, <c>flush</c>, <c>compact</c>, <c>alter</c>, <c>rename</c>, <c>drop</c>.</param>
/// <param name="Table">The table's id.</param>
/// <param name="Snapshot">The snapshot that shows it; the newest one when there was nothing to do.</param>
/// <param name="Repeated">True when this is the first answer given again.</param>
public sealed record Write(string Kind, long Table, long Snapshot, long RowsAdded, long RowsRemoved, bool Repeated = false);

/// <summary>A Parquet file written and flushed to disk, not yet part of the lake.</summary>
/// <param name="Path">Absolute, inside the table's folder (see <see cref="Warehouse.NewFile"/>).</param>
/// <param name="Digest">SHA-256 of the whole file, hexadecimal, lower case.</param>
/// <param name="FooterSize">Bytes of the Parquet footer.</param>
/// <param name="HasRowIds">Whether the file carries its rows' ids in a column of its own (rows moved by maintenance).</param>
public sealed record StagedFile(string Path, long Rows, long Bytes, long FooterSize, string Digest, IReadOnlyList<ColumnStats> Columns, bool HasRowIds = false);

/// <summary>What a file holds in one column; minimum and maximum as the engine prints them, null when unknown.</summary>
public sealed record ColumnStats(long Column, long Bytes, long Values, long Nulls, string? Min, string? Max, bool? HasNan)
{
    /// <summary>Whether all of them are numbers that the type holds; false when that is not known.</summary>
    internal bool Fit(ColumnType type) => Min is not null && Max is not null ? type.Holds(Min) && type.Holds(Max) : Nulls >= Values;
}
