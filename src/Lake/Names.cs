// Which names tables, layers and columns may have.
using System.Text;
using System.Text.RegularExpressions;

namespace Lizhou.Lake;

internal static partial class Names
{
    /// <summary>Provenance columns that every reading can ask for: data file (null while buffered), 0-based position in it, id of the row in its table.</summary>
    public const string File = "_file";

    public const string Row = "_row";

    public const string RowId = "_row_id";

    /// <summary>Ours, and two columns the engine's Parquet reader always has.</summary>
    private static readonly string[] Reserved = [File, Row, RowId, "file_index", "file_row_number"];

    /// <summary>1 to 63 bytes (PostgreSQL cuts longer identifiers), no control characters, no blanks at the ends.</summary>
    public static bool Allowed(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= 63 && name.Trim().Length == name.Length && !name.Any(char.IsControl);

    public static bool AllowedColumn(string name) =>
        Allowed(name) && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith("_ducklake_", StringComparison.OrdinalIgnoreCase);

    /// <summary>A layer is also a folder.</summary>
    public static bool AllowedLayer(string name) => Layer().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9_]{0,30}$", RegexOptions.NonBacktracking)]
    private static partial Regex Layer();
}
