// What units, systems, posts and people share as tables: columns that are exported, handed out as a template and read again, and one way to take rows in.
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Organisation.Sheets;

/// <param name="Name">As the header says in either language.</param>
/// <param name="Width">In characters.</param>
/// <param name="Needed">Whether a file without it is refused.</param>
internal readonly record struct SheetColumn(Text Name, double Width, bool Needed = false);

/// <summary>What an export is limited to; what a kind does not know counts as no condition.</summary>
internal sealed record SheetFilter(string? Q = null, Guid? Unit = null, string? Kind = null, string? State = null)
{
    public bool? Active => State switch { "active" => true, "closed" => false, _ => null };
}

/// <summary>A row of a file with its cells in the order of the sheet's columns.</summary>
/// <param name="Line">Row of the sheet or line of the file, from 1.</param>
/// <param name="Has">Which columns the file has.</param>
internal sealed record SheetLine(long Line, string?[] Cells, bool[] Has)
{
    /// <summary>The row over what is there already: a column the file does not have changes nothing.</summary>
    public SheetLine Over(string?[] before) => this with { Cells = [.. Cells.Select((c, i) => Has[i] ? c : before[i])] };

    public string? Cell(int at) => string.IsNullOrWhiteSpace(Cells[at]) ? null : Cells[at]!.Trim();
}

/// <summary>One cell that would change.</summary>
internal sealed record CellChange(Text Column, string? Before, string? After);

/// <summary>What a row would do, or why it cannot be taken.</summary>
/// <param name="Changes">Of an entry that is there: what becomes different; empty for a new one, and for one that is so already.</param>
/// <param name="Wrong">Empty when it can be taken.</param>
internal sealed record ImportRow(long Line, string? Name, string? Code, bool New, IReadOnlyList<CellChange> Changes, IReadOnlyList<Text> Wrong)
{
    public bool Same => !New && Changes.Count == 0;
}

/// <summary>One kind of table.</summary>
internal abstract class Sheet
{
    /// <summary>Its path under <c>/api/v1/</c> and among the pages.</summary>
    public abstract string Noun { get; }

    public abstract Text Title { get; }

    /// <summary>What one of its rows is found again by.</summary>
    public abstract Text Key { get; }

    public abstract IReadOnlyList<SheetColumn> Columns { get; }

    /// <summary>Who may send one; which rows, each row is asked.</summary>
    public virtual string Senders => OrganisationModule.Keepers;

    public abstract Task<IReadOnlyList<string?[]>> Rows(SheetFilter filter, OrganisationDb db, CancellationToken stop);

    /// <summary>Brings every good row into <paramref name="db"/>, unwritten: the caller writes all or forgets all.</summary>
    /// <param name="administrators">People who hold an account of one of the three administrators: no row renames, moves or puts them out.</param>
    public abstract Task<IReadOnlyList<ImportRow>> Apply(IReadOnlyList<SheetLine> lines, OrganisationDb db, IReadOnlySet<Guid> administrators, Actor actor, TimeProvider clock, CancellationToken stop);

    protected IReadOnlyList<CellChange> Changes(string?[] before, string?[] after) =>
        [.. Columns.Select((c, i) => new CellChange(c.Name, before[i], after[i])).Where(c => (c.Before ?? "") != (c.After ?? ""))];

    protected static Text State(bool active) => active ? new("启用", "Active") : new("停用", "Closed");

    /// <summary>Whether the cell says active; blank does; null when it says neither.</summary>
    protected static bool? ReadState(string? cell) => cell is null || Says(cell, State(true)) ? true : Says(cell, State(false)) ? false : null;

    protected static bool Says(string cell, Text text) => cell == text.Zh || cell.Equals(text.En, StringComparison.OrdinalIgnoreCase);

    protected static string Upper(string? cell) => (cell ?? "").ToUpperInvariant();
}

internal static class SheetKinds
{
    public static readonly IReadOnlyList<Sheet> All = [new UnitSheet(), new SystemSheet(), new PostSheet(), new PersonSheet()];

    public static Sheet? Of(string noun) => All.FirstOrDefault(s => s.Noun == noun);
}
