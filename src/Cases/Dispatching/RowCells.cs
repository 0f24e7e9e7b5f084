// A row of the dispatch table cell by cell, as a spreadsheet or a form has it.
namespace Lizhou.Cases.Dispatching;

/// <summary>In the order of <see cref="TableText.Header"/>; an empty cell is empty, never null.</summary>
/// <param name="Assists">Names or codes of units, by semicolon.</param>
/// <param name="Limit">An amount and its measure, such as 4 工作时 or 4 WorkHours.</param>
internal sealed record RowCells(string Class = "", string Place = "", string Grade = "", string Lead = "", string Assists = "", string Limit = "", string Priority = "", string Auto = "", string Flow = "")
{
    public string[] All => [Class, Place, Grade, Lead, Assists, Limit, Priority, Auto, Flow];

    /// <param name="cells">Without the last of them, they are empty.</param>
    public static RowCells Of(IReadOnlyList<string?> cells)
    {
        string At(int i) => cells.ElementAtOrDefault(i)?.Trim() ?? "";
        return new(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8));
    }
}
