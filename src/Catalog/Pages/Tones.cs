// The colour of a state, beside its name; and the choices of a filter with their counts.
using Lizhou.Catalog.Search;
using Lizhou.Contracts.Catalog;

namespace Lizhou.Catalog.Pages;

internal static class Tones
{
    public static string Of(ResourceState? state) => state switch
    {
        ResourceState.Published => "good",
        ResourceState.UnitReview or ResourceState.BureauReview => "warn",
        ResourceState.Draft => "info",
        _ => "plain",
    };

    public static string Of(Level level) => level switch
    {
        Level.L1 => "good",
        Level.L2 => "info",
        Level.L3 => "warn",
        _ => "bad",
    };

    public static string Of(SharingKind sharing) => sharing switch
    {
        SharingKind.Unconditional => "good",
        SharingKind.Conditional => "warn",
        _ => "bad",
    };

    /// <summary>Values of an enumeration with what a facet counts of each.</summary>
    public static IEnumerable<(string Value, string Label, long Count)> Choices<T>(IReadOnlyList<FacetValue> facet, Func<T, Kernel.Text> label)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select(v => (v.ToString(), label(v).ToString(), facet.FirstOrDefault(f => f.Value == v.ToString())?.Count ?? 0));
}
