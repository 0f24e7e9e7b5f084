// The four columns a loaded table has beside its own, so that every row tells where it came from at almost no cost.
namespace Lizhou.Lake;

/// <summary>Names of the origin columns. They differ from the reader's own provenance (data file and position in it), which names files of the lake.</summary>
public static class Origin
{
    /// <summary>VARCHAR: id of the batch, 36 characters.</summary>
    public const string Batch = "_batch";

    /// <summary>INTEGER: 0-based number of the source file in its batch.</summary>
    public const string File = "_source_file";

    /// <summary>BIGINT: 1-based record number in the source file, after preamble and header.</summary>
    public const string Record = "_record";

    /// <summary>BIGINT: bit i = column i of the load was kept though it failed a lenient rule (bit 62 stands for all from the 63rd on); 0 = nothing odd.</summary>
    public const string Quality = "_quality";

    /// <summary>Whether a column is one of the four.</summary>
    public static bool Has(string column) => column is Batch or File or Record or Quality;

    /// <summary>The columns of a table for a load: its own and these four.</summary>
    public static IReadOnlyList<NewColumn> TableOf(IEnumerable<LoadColumn> columns) =>
    [
        .. columns.Select(c => new NewColumn(c.Name, c.Stored, Nullable: true)),
        new NewColumn(Batch, ColumnType.Text), new NewColumn(File, ColumnType.Int32), new NewColumn(Record, ColumnType.Int64), new NewColumn(Quality, ColumnType.Int64),
    ];
}
