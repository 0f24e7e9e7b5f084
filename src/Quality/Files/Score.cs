// In: a dirty table, its clean twin, and the cells flagged. Out: precision, recall and F1 of flags and of repairs. Cells are compared by their place.
namespace Lizhou.Quality.Files;

/// <param name="Repairs">Flags that propose another value.</param>
internal sealed record Score(int Wrong, int Flagged, int Right, int Repairs, int RightRepairs)
{
    public double Precision => Flagged == 0 ? 1 : Right / (double)Flagged;

    public double Recall => Wrong == 0 ? 1 : Right / (double)Wrong;

    public double F1 => Mean(Precision, Recall);

    public double RepairF1 => Repairs == 0 || Wrong == 0 ? 0 : Mean(RightRepairs / (double)Repairs, RightRepairs / (double)Wrong);

    public static Score Of(Grid dirty, Grid clean, IReadOnlyList<FlaggedCell> cells)
    {
        var wrong = 0;
        for (var c = 0; c < dirty.Columns.Count; c++)
        {
            wrong += Enumerable.Range(0, dirty.Rows).Count(r => IsWrong(dirty, clean, r, c));
        }

        var repairs = cells.Where(f => f.Flag.Proposed is { } right && right != dirty.Columns[f.Flag.Column][f.Flag.Row]).ToList();
        return new(
            wrong, cells.Count, cells.Count(f => IsWrong(dirty, clean, f.Flag.Row, f.Flag.Column)), repairs.Count,
            repairs.Count(f => IsWrong(dirty, clean, f.Flag.Row, f.Flag.Column) && clean.Columns[f.Flag.Column][f.Flag.Row] == f.Flag.Proposed));
    }

    public static bool IsWrong(Grid dirty, Grid clean, int row, int column) => dirty.Columns[column][row] != clean.Columns[column][row];

    private static double Mean(double precision, double recall) => precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
}
