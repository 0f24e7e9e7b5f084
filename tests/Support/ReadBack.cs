// Rows as a format brought them, read by other hands than wrote them where there are others; one writing for a value, whatever a format makes of it.
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using Lizhou.Kernel;

namespace Lizhou.Tests.Support;

public static class ReadBack
{
    private const string Absent = "∅";

    /// <summary>The rows of a file, in order of their text.</summary>
    /// <param name="format">csv, ndjson, arrow, parquet or xlsx.</param>
    /// <param name="columns">In the order wished; of the file's own order where it has one.</param>
    public static List<string> Of(string format, byte[] bytes, IReadOnlyList<string> columns)
    {
        IEnumerable<string> lines = format.ToLowerInvariant() switch
        {
            "csv" => Csv(Encoding.UTF8.GetString(bytes)).Skip(1).Select(r => Line(r.Select(c => c is null ? null : (object)Formula.Restore(c)))),
            "ndjson" => Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => Line(JsonDocument.Parse(l).RootElement, columns)),
            "arrow" => Arrows(bytes),
            "parquet" => Parquet(bytes),
            "xlsx" => Sheet(bytes, columns.Count),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    public static List<string> Parquet(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            using var connection = new DuckDBConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM read_parquet('{path}')";
            using var reader = command.ExecuteReader();
            var lines = new List<string>();
            while (reader.Read())
            {
                lines.Add(Line(Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))));
            }

            return [.. lines.Order(StringComparer.Ordinal)];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A row as a JSON object.</summary>
    public static string Line(JsonElement row, IReadOnlyList<string> columns) => Line(columns.Select(c => Value(row.GetProperty(c))));

    public static object? Value(JsonElement value) => value.ValueKind switch { JsonValueKind.Null => null, JsonValueKind.Number => (object)value.GetDecimal(), _ => value.GetString() };

    public static string Line(IEnumerable<object?> values) => string.Join('|', values.Select(Word));

    /// <summary>Numbers without closing zeros, days as ISO has them.</summary>
    public static string Word(object? value) => value switch
    {
        null => Absent,
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ when Convert.ToString(value, CultureInfo.InvariantCulture)! is var text && text.Contains('.', StringComparison.Ordinal) && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
            number.ToString("0.############", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<string> Arrows(byte[] bytes)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(bytes));
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                yield return Line(batch.Arrays.Select(a => a switch
                {
                    _ when a.IsNull(row) => null,
                    StringArray text => (object?)text.GetString(row),
                    Decimal128Array number => number.GetValue(row),
                    Date32Array day => DateOnly.FromDateTime(day.GetDateTime(row)!.Value),
                    Int64Array whole => whole.GetValue(row),
                    _ => a.GetType().Name,
                }));
            }
        }
    }

    private static IEnumerable<string> Sheet(byte[] bytes, int columns)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes));
        using var part = zip.Entries.Single(e => e.FullName.StartsWith("xl/worksheets/", StringComparison.Ordinal) && e.FullName.EndsWith(".xml", StringComparison.Ordinal)).Open();
        var sheet = XDocument.Load(part);
        XNamespace ns = sheet.Root!.Name.Namespace;
        foreach (var row in sheet.Descendants(ns + "row").Skip(1))
        {
            var cells = new object?[columns];
            foreach (var cell in row.Elements(ns + "c"))
            {
                var value = string.Concat(cell.Descendants(ns + "t").Select(t => t.Value).DefaultIfEmpty((string?)cell.Element(ns + "v") ?? ""));
                cells[((string)cell.Attribute("r")!)[0] - 'A'] = value.Length == 0 ? null : value;
            }

            yield return Line(cells);
        }
    }

    /// <summary>RFC 4180; an empty cell without quotes is null.</summary>
    private static IEnumerable<List<string?>> Csv(string text)
    {
        var (row, cell, quoted, was) = (new List<string?>(), new StringBuilder(), false, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append(text[++i]);
                    break;
                case '"':
                    (quoted, was) = (!quoted, true);
                    break;
                case ',' or '\n' when !quoted:
                    row.Add(cell.Length == 0 && !was ? null : cell.ToString());
                    (was, _) = (false, cell.Clear());
                    if (text[i] == '\n')
                    {
                        yield return row;
                        row = [];
                    }

                    break;
                case '\r' when !quoted:
                    break;
                default:
                    cell.Append(text[i]);
                    break;
            }
        }
    }
}
