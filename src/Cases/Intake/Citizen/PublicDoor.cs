// Who reports without being known to the program: everybody, as one.
using Lizhou.Kernel;

namespace Lizhou.Cases.Intake.Citizen;

internal static class PublicDoor
{
    public static readonly Actor Public = new(Guid.Parse("01930000-0000-7000-8000-00000000ca5e"), new Text("公众", "The public").Zh, null, new HashSet<string>(StringComparer.Ordinal));
}
