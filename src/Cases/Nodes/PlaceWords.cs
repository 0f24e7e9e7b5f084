// The words that names of villages and grids are made of.
namespace Lizhou.Cases.Nodes;

internal static class PlaceWords
{
    private const string Numerals = "一二三四五";

    /// <summary>Ends the name of a grid that the program made up.</summary>
    private const string Invented = "（示意）";

    /// <summary>Grids of a village that have a name, at most.</summary>
    public static int MostGrids => Numerals.Length;

    /// <param name="number">In its village, from 1.</param>
    public static string Grid(int number) => $"第{Numerals[number - 1]}网格{Invented}";

    /// <summary>As an address writes it.</summary>
    public static string InAddress(string name) => name.Replace(Invented, "", StringComparison.Ordinal);

    /// <summary>As it stands on a map, dozens beside each other.</summary>
    public static string OnMap(string name) => name.Replace("社区居委会", "社区", StringComparison.Ordinal).Replace("村委会", "村", StringComparison.Ordinal);
}
