// In: a table at two snapshots. Out: the rows the one shows and the other does not, told apart by their ids; only files and buffered rows that differ are read,
// and what compaction or a flush moved is no difference.
using Lizhou.Lake.Catalog;

namespace Lizhou.Lake.Reading;

/// <param name="Shows">Where such rows can be.</param>
/// <param name="Hides">Where the other snapshot can have the same rows.</param>
internal sealed record Difference(ReadPlan Shows, ReadPlan Hides)
{
    public static Difference Of(ReadPlan shows, ReadPlan hides)
    {
        var shown = Apart(shows, hides);
        // What was withdrawn from a file never comes back into it, so a file the earlier snapshot knows brings nothing new later.
        var known = hides.Files.Select(f => f.Id).ToHashSet();
        return new(shows.Snapshot > hides.Snapshot ? shown with { Files = [.. shown.Files.Where(f => !known.Contains(f.Id))] } : shown, Apart(hides, shows));
    }

    /// <summary>The rows as a sub-query without parentheses, with their provenance.</summary>
    public string Rows(Arguments arguments) => Hides.Files.Count + Hides.Buffered.Count == 0
        ? Shows.Relation(arguments, provenance: true)
        : $"SELECT * FROM ({Shows.Relation(arguments, provenance: true)}) AS s ANTI JOIN ({Hides.Relation(arguments, provenance: true)}) AS h USING ({Names.RowId})";

    private static ReadPlan Apart(ReadPlan plan, ReadPlan other)
    {
        var same = other.Files.Select(Key).ToHashSet();
        var buffered = other.Buffered.Select(b => (b.Buffer, b.RowId, b.Begin)).ToHashSet();
        return plan with
        {
            Files = [.. plan.Files.Where(f => !same.Contains(Key(f)))],
            Buffered = [.. plan.Buffered.Where(b => !buffered.Contains((b.Buffer, b.RowId, b.Begin)))],
        };
    }

    private static (long File, long? Deletes) Key(DataFile file) => (file.Id, file.Deletes?.Id);
}
