// In: evidence and its actor. Out: one row of the ledger and the bytes its hash covers. Text a database could not give back as it was is cleaned first.
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger;

/// <summary>One entry as its columns: text or whole number, null where not said. All but the last are single values; the last is the detail's JSON as written.</summary>
internal sealed class Entry
{
    /// <summary>In the order of the canonical bytes.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "seq", "at", "actor", "name", "unit", "act", "subject", "result",
        "provider", "receiver", "grant_id", "purpose", "resource", "snapshot", "items", "rows", "bytes", "digest", "duration_ms", "tracking", "secrecy", "secret_until",
        "detail",
    ];

    public static readonly string ColumnList = string.Join(", ", Columns);

    public static readonly string Insert =
        $"INSERT INTO ledger_entry ({ColumnList}, hash) VALUES ({string.Join(", ", Enumerable.Range(0, Columns.Count + 1).Select(i => $"@p{i}"))})";

    private const int SeqAt = 0;
    private const int TimeAt = 1;
    private static readonly int ItemsAt = Columns.ToList().IndexOf("items");
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonSerializerOptions PlainDetail = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonEncodedText[] Keys = [.. Columns.Select(c => JsonEncodedText.Encode(c))];

    private readonly object?[] values;

    private Entry(object?[] values) => this.values = values;

    public IReadOnlyList<object?> Values => values;

    public long Seq => (long)values[SeqAt]!;

    /// <summary>The entry without its place; <see cref="Place"/> gives it one.</summary>
    public static Entry Of(Actor actor, Evidence evidence)
    {
        var moved = evidence.Exchange;
        return new(
        [
            null, null, Text(actor.Id), Clean(actor.Name), Text(actor.Unit), Clean(evidence.Act), Clean(evidence.Subject), Clean(evidence.Result),
            Text(moved?.Provider), Text(moved?.Receiver), Text(moved?.Grant), Clean(moved?.Purpose), Text(moved?.Resource), moved?.Snapshot,
            moved?.Items is { } items ? string.Join('\n', items.Select(i => Clean(i)!.Replace('\n', ' '))) : null,
            moved?.Rows, moved?.Bytes, Clean(moved?.Digest), (long?)moved?.Duration?.TotalMilliseconds, Clean(moved?.Tracking),
            Clean(moved?.Secrecy?.Code), moved?.Secrecy?.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            evidence.Detail is null ? null : Clean(JsonSerializer.Serialize(evidence.Detail, PlainDetail)),
        ]);
    }

    /// <summary>The columns of <see cref="ColumnList"/> from the current row.</summary>
    public static Entry Read(DbDataReader row)
    {
        var read = new object?[Columns.Count];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = row.IsDBNull(i) ? null : row.GetValue(i);
        }

        return new(read);
    }

    public Entry Place(long seq, DateTimeOffset at)
    {
        (values[SeqAt], values[TimeAt]) = (seq, at.ToStored());
        return this;
    }

    /// <summary>The same entry at another place; asks whether a row was moved.</summary>
    public Entry At(long seq)
    {
        var moved = (object?[])values.Clone();
        moved[SeqAt] = seq;
        return new(moved);
    }

    /// <summary>What is hashed, signed and handed out in a receipt: JSON of fixed order, what is null left out, the hash before it in front.
    /// No two different rows have the same bytes: each value is escaped but the last, which goes on to the end.</summary>
    public byte[] Canonical(string before)
    {
        using var bytes = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("before"u8, before);
            for (var i = 0; i < values.Length - 1; i++)
            {
                WriteValue(json, i);
            }

            if (values[^1] is string detail)
            {
                json.WritePropertyName(Keys[^1]);
                json.WriteRawValue(detail, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private void WriteValue(Utf8JsonWriter json, int column)
    {
        switch (values[column])
        {
            case null:
                return;
            case string items when column == ItemsAt:
                json.WriteStartArray(Keys[column]);
                foreach (var item in items.Split('\n'))
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
                return;
            case string text:
                json.WriteString(Keys[column], text);
                return;
            case var number:
                json.WriteNumber(Keys[column], Convert.ToInt64(number, CultureInfo.InvariantCulture));
                return;
        }
    }

    private static string? Text(Guid? id) => id?.ToString("D");

    /// <summary>Half characters and NUL come back changed from a database, which would look like an edit.</summary>
    private static string? Clean(string? text) =>
        text is null || (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 && !text.Contains('\0'))
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
}
