// What became of a log: every row and every case is in one of the counts, and what was not understood is named.
namespace Lizhou.Cases.Importing;

/// <summary>Read = taken + duplicate + passed + rejected.</summary>
/// <param name="Passed">Of a lifecycle the map does not take.</param>
/// <param name="NoRows">Lines that are none, and not among those read: blank ones, headers that come again, notes under the table.</param>
internal sealed record RowCounts(long Read, long Taken, long Duplicate, long Passed, long Rejected, long NoRows);

/// <param name="Lines">The first ten.</param>
internal sealed record RejectedRows(string Reason, long Rows, IReadOnlyList<long> Lines);

/// <summary>Found = written + continued + already + changed.</summary>
/// <param name="Written">New here.</param>
/// <param name="Continued">Imported before; the log says more by now.</param>
/// <param name="Already">Imported before, and nothing is new.</param>
/// <param name="Changed">Imported before, and acted on here since, or the log tells its past otherwise now: left as it is.</param>
/// <param name="ChangedCases">Numbers in the log of the first ten of those.</param>
/// <param name="Open">Of all found, those that have not ended by the log.</param>
internal sealed record ImportedCases(long Found, long Written, long Continued, long Already, long Changed, IReadOnlyList<string> ChangedCases, long Open);

/// <param name="Written">Into the ledger, by this import.</param>
/// <param name="Told">Of those, named by the log.</param>
/// <param name="Implied">Of those, steps of the flow between two that the log names.</param>
/// <param name="Jumps">Of those told, the ones to a state to which no way of the flow leads.</param>
/// <param name="OutOfOrder">Rows that stood in the log after a later one of their case.</param>
internal sealed record ImportedEvents(long Written, long Told, long Implied, long Jumps, long OutOfOrder);

/// <param name="Log">Name of the file.</param>
/// <param name="Digest">SHA-256 of the file, hex.</param>
/// <param name="MapDigest">SHA-256 of the map's text, hex.</param>
/// <param name="Flow">Version of the flow the cases are under.</param>
/// <param name="Checked">True: nothing was written.</param>
/// <param name="Unknown">By kind (state, class, grade, place, unit, limit): words of the log the map does not know, with how often they stand. Rows of an unknown state are kept, and change no state.</param>
/// <param name="Seconds">From the first row to the last commit.</param>
internal sealed record ImportReport(
    string Source, string Log, string Digest, string MapDigest, int Flow, bool Checked, RowCounts Rows, IReadOnlyList<RejectedRows> Rejects, ImportedCases Cases, ImportedEvents Events,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Unknown, double Seconds);

/// <summary>Counts while it goes on.</summary>
internal sealed class ImportTally
{
    private const int MostWords = 500;
    private const int MostLines = 10;
    private readonly SortedDictionary<string, SortedDictionary<string, long>> unknown = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (long Rows, List<long> Lines)> rejects = new(StringComparer.Ordinal);
    private readonly List<string> changedCases = [];

    public long Read { get; set; }

    public long NoRows { get; set; }

    public long Duplicate { get; set; }

    public long Passed { get; set; }

    public long Rejected { get; private set; }

    public long Found { get; set; }

    public long Already { get; set; }

    public long Continued { get; set; }

    public long Changed { get; private set; }

    public long Written { get; set; }

    public long Open { get; set; }

    public long Told { get; set; }

    public long Implied { get; set; }

    public long Jumps { get; set; }

    public long OutOfOrder { get; set; }

    public void Reject(string reason, long line)
    {
        Rejected++;
        var (rows, lines) = rejects.GetValueOrDefault(reason, (0, []));
        if (lines.Count < MostLines)
        {
            lines.Add(line);
        }

        rejects[reason] = (rows + 1, lines);
    }

    public void Unknown(string kind, string word)
    {
        var words = unknown.TryGetValue(kind, out var known) ? known : unknown[kind] = new(StringComparer.Ordinal);
        var key = words.ContainsKey(word) || words.Count < MostWords ? word : "…";
        words[key] = words.GetValueOrDefault(key) + 1;
    }

    public void Differs(string key)
    {
        Changed++;
        if (changedCases.Count < MostLines)
        {
            changedCases.Add(key);
        }
    }

    public ImportReport Report(string source, string log, string digest, string mapDigest, int flow, bool check, TimeSpan took) => new(
        source, log, digest, mapDigest, flow, check,
        new(Read, Read - Duplicate - Passed - Rejected, Duplicate, Passed, Rejected, NoRows), [.. rejects.Select(r => new RejectedRows(r.Key, r.Value.Rows, r.Value.Lines))],
        new(Found, Written, Continued, Already, Changed, changedCases, Open), new(Told + Implied, Told, Implied, Jumps, OutOfOrder),
        unknown.ToDictionary(u => u.Key, u => (IReadOnlyDictionary<string, long>)u.Value, StringComparer.Ordinal), Math.Round(took.TotalSeconds, 3));
}
