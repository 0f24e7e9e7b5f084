// Faults as departments make them, by the shares county.yaml states. At most one a cell.
namespace Lizhou.Sample;

internal enum DirtKind
{
    /// <summary>The cell is empty.</summary>
    Blank,

    /// <summary>The check character is wrong.</summary>
    BadCheck,

    /// <summary>A day no calendar has.</summary>
    BadDate,

    /// <summary>Words where a number belongs.</summary>
    Text,

    /// <summary>A value outside the code list.</summary>
    Unknown,

    /// <summary>Spaces around the value; harmless.</summary>
    Spaces,
}

internal sealed class CellDirt
{
    private static readonly byte[][] NoDays = ["2023-02-30"u8.ToArray(), "2022-13-01"u8.ToArray(), "0000-00-00"u8.ToArray()];
    private readonly (DirtKind Kind, double Until)[] kinds;
    private readonly bool required;

    public CellDirt(ItemPlan item)
    {
        var until = 0.0;
        kinds = [.. item.Dirt.Select(d => (Enum.Parse<DirtKind>(d.Key.Replace("-", "", StringComparison.Ordinal), ignoreCase: true), until += d.Value))];
        required = item.Required;
    }

    public void Apply(Row row, Line line, Injected counts)
    {
        if (kinds.Length == 0)
        {
            return;
        }

        var drawn = row.Dice.Unit();
        foreach (var (kind, until) in kinds)
        {
            if (drawn < until)
            {
                Spoil(kind, row, line);
                counts.Add(kind, rejected: kind != DirtKind.Spaces && (kind != DirtKind.Blank || required));
                return;
            }
        }
    }

    private static void Spoil(DirtKind kind, Row row, Line line)
    {
        switch (kind)
        {
            case DirtKind.BadCheck:
                line.Cell[^1] = line.Cell[^1] is >= (byte)'0' and < (byte)'9' ? (byte)(line.Cell[^1] + 1) : (byte)(line.Cell[^1] == '9' ? '0' : '5');
                return;
            case DirtKind.Spaces:
                line.Put("  "u8);
                return;
        }

        line.Blank();
        switch (kind)
        {
            case DirtKind.BadDate:
                line.Put(NoDays[row.Dice.Below(NoDays.Length)]);
                break;
            case DirtKind.Text:
                line.Put(row.Words.InsteadOfNumber[row.Dice.Below(row.Words.InsteadOfNumber.Length)]);
                break;
            case DirtKind.Unknown:
                line.Put(row.Words.UnknownCode);
                break;
        }
    }
}

/// <summary>What was spoiled on purpose: the truth a load is measured against.</summary>
internal sealed class Injected
{
    private bool faulty;

    /// <summary>Rows written, those sent twice included.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows written a second time.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Rows with at least one fault that must be refused; second copies included.</summary>
    public long Faulty { get; private set; }

    /// <summary>Cells by kind of fault.</summary>
    public Dictionary<DirtKind, long> Cells { get; } = [];

    public void Add(DirtKind kind, bool rejected)
    {
        Cells[kind] = Cells.GetValueOrDefault(kind) + 1;
        faulty |= rejected;
    }

    public void EndRow(bool twice)
    {
        var copies = twice ? 2 : 1;
        Rows += copies;
        Duplicates += copies - 1;
        Faulty += faulty ? copies : 0;
        faulty = false;
    }
}
