// In: the files of a batch and the resource. Out: the tables in them, each with its shape, what was guessed, its columns beside the items, and the digest
// of its content. Refuses files that cannot be read, are no tables, lack required items, or drift where the source does not allow it.
using System.Security.Cryptography;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Collection.Batches;

/// <summary>A table to be loaded.</summary>
/// <param name="Index">Its part number in the batch.</param>
/// <param name="File">Number of the file it lies in, as sent.</param>
/// <param name="Path">The original.</param>
/// <param name="Content">Digest of bytes, resource, shape and mapping.</param>
internal sealed record Part(
    int Index, int File, string Name, string Digest, long Bytes, FileHints Hints, string Path, FileShape Shape, IReadOnlyList<FileGuess> Guesses, ColumnMatch Columns, string Content);

internal static class ReadParts
{
    private const int MostNamed = 30;
    private const int LongestNamed = 100;
    private static readonly Text EncodingIs = new("编码为 {0}", "encoding {0}");
    private static readonly Text SetByHand = new(
        "读取时人工指定了{0}；如不对，请改正或不指定（自动识别）后重新发送。", " Set by hand: {0}. If that is wrong, correct it or leave it out, so that it is found, and send the file again.");
    private static readonly Text ByContract = new("按数据源的约定。", "As the source's contract says.");

    /// <summary>The tables of all files, in their order.</summary>
    public static Result<IReadOnlyList<Part>> Of(
        IReadOnlyList<BatchFile> files, Func<string, string> pathOf, ResourceCard resource, DriftPolicy drift, IReadOnlyDictionary<string, string> mapping, IColumnarFiles columnar)
    {
        var parts = new List<Part>();
        foreach (var file in files)
        {
            var tables = Tables(file, pathOf(file.Digest), resource, drift, mapping, columnar);
            if (tables.Refused)
            {
                return tables.Problem!.Called(file.Digest, file.Name); // the reader knows an original by its digest
            }

            foreach (var table in tables.Value)
            {
                parts.Add(table with { Index = parts.Count });
            }
        }

        return DateOrders.Torn(resource, parts) is { } item ? Problems.TwoOrders.With(item.Name) : parts;
    }

    private static Result<IReadOnlyList<Part>> Tables(
        BatchFile file, string path, ResourceCard resource, DriftPolicy drift, IReadOnlyDictionary<string, string> mapping, IColumnarFiles columnar)
    {
        var inspected = Inspector.Inspect(path, Told(file.Hints), columnar);
        if (inspected.Refused)
        {
            return inspected.Problem!;
        }

        Problem? refusal = null;
        var fit = new List<Part>();
        foreach (var table in inspected.Value.Tables)
        {
            var part = table.Problem is { } unreadable ? unreadable : One(file, path, table, resource, drift, mapping);
            if (part.Refused)
            {
                refusal ??= part.Problem;
            }
            else
            {
                fit.Add(part.Value);
            }
        }

        // Sheets that hold something else are passed over; a file in which nothing fits says why its first table does not.
        return fit.Count > 0 ? fit : refusal ?? Problems.NoTable.With(file.Name);
    }

    private static Result<Part> One(
        BatchFile file, string path, TableInspection table, ResourceCard resource, DriftPolicy drift, IReadOnlyDictionary<string, string> mapping)
    {
        var shape = DateOrders.Agreed(Renamed(table.Shape, file.Hints.Shape), file.Hints.Shape);
        var columns = MapColumns.Match([.. shape.Columns.Select(c => (c.Name, c.Type.ToString()))], resource.Items, mapping);
        var name = string.Join(" / ", new[] { file.Name, shape.Entry, shape.Sheet }.Where(n => n is not null));
        // An object that has no value for a field may leave it out: what no object has is empty, row by row, and not a column that went.
        var objects = shape.Format is Format.Json or Format.NdJson;
        if (columns.Matched.Count == 0 || (!objects && columns.MissingRequired.Count > 0))
        {
            var missing = Problems.MissingRequired.With(
                name, Words(columns.MissingRequired.Count > 0 ? columns.MissingRequired : columns.Missing), Words(shape.Columns.Select(c => c.Name)));
            var byHand = ByHand(file.Hints.Hints);
            return missing with { Todo = new(missing.Todo.Zh + byHand.Zh, missing.Todo.En + byHand.En) };
        }

        if (drift == DriftPolicy.Refuse && (objects ? columns.Unknown.Count > 0 : columns.Drifted))
        {
            return Problems.Drifted.With(name, Words(columns.Unknown.Select(u => u.Header)), Words(columns.Missing));
        }

        if (DateOrders.Open(shape, columns, resource) is { Count: > 0 } open)
        {
            return Problems.OpenDates.With(name, Words(open));
        }

        var content = $"{file.Digest}|{resource.Id:D}|{Read(shape).ToJson()}|{Json.Of(mapping)}";
        return new Part(
            0, file.File, name, file.Digest, file.Bytes, file.Hints, path, shape, Guesses(file.Hints, table), columns,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
    }

    /// <summary>A contract says how a file is written; what its columns are is read from each file anew, so that a moved column is seen.</summary>
    private static Hints Told(FileHints hints)
    {
        var told = hints.Hints ?? new Hints();
        return hints.Shape is not { } shape ? told : new Hints
        {
            Encoding = told.Encoding ?? (shape.Dialect is null ? null : shape.Encoding),
            Delimiter = told.Delimiter ?? shape.Dialect?.Delimiter,
            Quote = told.Quote ?? (shape.Dialect is { } dialect ? dialect.Quote?.ToString() ?? "" : null),
            Escape = told.Escape ?? shape.Dialect?.Escape,
            PreambleRows = told.PreambleRows ?? shape.PreambleRows,
            HeaderRows = told.HeaderRows ?? shape.HeaderRows,
            UnitRow = told.UnitRow ?? shape.UnitRow,
            Sheet = told.Sheet ?? shape.Sheet,
            Entry = told.Entry ?? shape.Entry,
            Path = told.Path ?? shape.Path,
            DayFirst = told.DayFirst,
        };
    }

    /// <summary>An order that nobody knows is of texts here, and makes no difference; written so, content that landed before is known again.</summary>
    private static FileShape Read(FileShape shape) => !shape.Columns.Any(c => DateOrder.IsOpen(c.Format)) ? shape : shape with
    {
        Columns = [.. shape.Columns.Select(c => DateOrder.IsOpen(c.Format) ? c with { Format = DateOrder.As(c.Format!, dayFirst: true) } : c)],
    };

    /// <summary>Why the file was read as it was: what the preview guessed stays a guess though its answer was handed on; what a source's contract says is its word.</summary>
    private static IReadOnlyList<FileGuess> Guesses(FileHints hints, TableInspection table) => hints.Guesses ??
        [.. table.Guesses.Select(g => new FileGuess(g.Subject, g.Confidence, g.Why == Guess.Told && hints.Shape is not null ? ByContract : g.Why))];

    /// <summary>Where the file names no columns, the contract does.</summary>
    private static FileShape Renamed(FileShape found, FileShape? contract) =>
        contract is { HeaderRows: 0 } && found.HeaderRows == 0 && contract.Columns.Count == found.Columns.Count
            ? found with { Columns = [.. found.Columns.Zip(contract.Columns, (f, c) => f with { Name = c.Name })] }
            : found;

    /// <summary>A wrong encoding or delimiter makes every header another: whoever set one by hand is reminded of it.</summary>
    private static Text ByHand(Hints? told)
    {
        var delimiter = new Text("分隔符为“{0}”", "delimiter “{0}”").With(told?.Delimiter == "\t" ? new Text("制表符", "tab") : told?.Delimiter);
        return (told?.Encoding, told?.Delimiter) switch
        {
            (null, null) => new("", ""),
            (null, _) => SetByHand.With(delimiter),
            ({ } encoding, null) => SetByHand.With(EncodingIs.With(encoding)),
            ({ } encoding, _) => SetByHand.With(new Text("{0}、{1}", "{0}, {1}").With(EncodingIs.With(encoding), delimiter)),
        };
    }

    /// <summary>The first few of them: a file may have thousands of columns, and their names are a stranger's.</summary>
    private static string Words(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = all.Take(MostNamed).Select(n => n.Length <= LongestNamed ? n : n[..(char.IsHighSurrogate(n[LongestNamed - 1]) ? LongestNamed - 1 : LongestNamed)] + "…");
        return all.Count == 0 ? "—" : string.Join("、", shown) + (all.Count > MostNamed ? $"… ({all.Count})" : "");
    }
}
