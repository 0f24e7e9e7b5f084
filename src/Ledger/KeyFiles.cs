// Where the ledger keeps the keys and certificates of its seals.
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Ledger;

internal static class KeyFiles
{
    public static string Folder(Settings settings) => OwnerFile.Folder(Path.Combine(settings.Keys, "ledger"));
}
