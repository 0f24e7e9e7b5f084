// In: an address somebody sent to go back to. Out: it, when it is a path of this site; else another. An address elsewhere would make a page of ours a way out.
namespace Lizhou.Kernel.Web;

public static class LocalPath
{
    private const int Longest = 2000;

    /// <param name="back">As it came; null for none.</param>
    /// <param name="otherwise">Where to go instead.</param>
    public static string Of(string? back, string otherwise = "/") =>
        // Browsers read past tabs and line ends, and take a backslash for a slash.
        back is ['/', ..] and { Length: < Longest } && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\', StringComparison.Ordinal) && !back.Any(char.IsControl) ? back : otherwise;
}
