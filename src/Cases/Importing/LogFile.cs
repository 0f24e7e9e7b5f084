// In: a log as a table (CSV, workbook, JSON, also in a gz or zip) or as XES (also in a gz), and its map. Out: its rows, one after the other, with the columns of the map. Refuses a log without the columns it needs.
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Cases.Importing;

/// <param name="Line">Of the log, 1-based.</param>
/// <param name="Cells">One for each of <see cref="LogMap.Columns"/>; null: no value.</param>
/// <param name="Digest">Of all cells, those the map does not name too: what is the same twice is one event.</param>
/// <param name="Fault">Why it cannot be read; null for a good one.</param>
internal readonly record struct LogRow(long Line, IReadOnlyList<string?> Cells, byte[] Digest, string? Fault);

internal abstract class LogFile : IDisposable
{
    /// <param name="path">Where it lies.</param>
    /// <param name="name">What its sender calls it.</param>
    public static Result<LogFile> Open(string path, string name, LogMap map)
    {
        try
        {
            return XmlFile.Looks(path) ? new XesLog(XmlFile.Open(path), name, map) : Table(path, name, map);
        }
        catch (ProblemException refusal)
        {
            return refusal.Problem.Called(Path.GetFileName(path), name);
        }
        catch (XmlException broken)
        {
            return XmlFile.Broken(name, broken);
        }
    }

    /// <summary>In the order of the log. Can be enumerated once.</summary>
    /// <exception cref="ProblemException">The log cannot be read on.</exception>
    public abstract IEnumerable<LogRow> Rows();

    /// <summary>Lines that were no rows; complete when <see cref="Rows"/> has ended.</summary>
    public virtual long NoRows => 0;

    public abstract void Dispose();

    protected static byte[] DigestOf(IEnumerable<string?> cells) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', cells)));

    private static Result<LogFile> Table(string path, string name, LogMap map)
    {
        var hints = new Hints { Encoding = map.Encoding, Delimiter = map.Delimiter, Sheet = map.Sheet };
        List<string> there = [];
        // As it looks first; then with a header in one line, which cannot be told where all is text.
        foreach (var hint in new[] { hints, hints with { HeaderRows = 1, PreambleRows = 0 } })
        {
            var found = Inspector.Inspect(path, hint);
            if ((found.Problem ?? found.Value.Tables.Select(t => t.Problem).FirstOrDefault(p => p is not null)) is { } refused)
            {
                return refused.Called(Path.GetFileName(path), name);
            }

            foreach (var table in found.Value.Tables)
            {
                var names = table.Shape.Columns.Select(c => c.Name).ToList();
                if (map.Columns.All(names.Contains))
                {
                    return new TableLog(RowReader.Open(path, table.Shape), [.. map.Columns.Select(c => names.IndexOf(c))], Path.GetFileName(path), name);
                }

                there = there.Count > 0 ? there : names;
            }
        }

        return Problems.LacksColumn.With(string.Join("、", map.Columns.Except(there)), string.Join("、", there.Take(100)));
    }

    private sealed class TableLog(RowReader reader, int[] places, string kept, string name) : LogFile
    {
        public override IEnumerable<LogRow> Rows()
        {
            while (Next() is { } row)
            {
                yield return row.Fault is { } fault
                    ? new(row.Line, [], [], $"{fault.Code} {fault.Reason}")
                    : places.Any(p => !Legible.Is(row.Cells[p])) ? new(row.Line, [], [], Legible.Fault.ToString())
                    : new(row.Line, [.. places.Select(p => row.Cells[p])], DigestOf(row.Cells), null);
            }
        }

        public override long NoRows => reader.Passed.Sum;

        public override void Dispose() => reader.Dispose();

        private Row? Next()
        {
            try
            {
                return reader.Next();
            }
            catch (ProblemException refusal)
            {
                throw new ProblemException(refusal.Problem.Called(kept, name), refusal);
            }
        }
    }
}
