// In: an information system of a unit, by form, call or row of a file. A name stands once in a unit.

namespace Lizhou.Organisation;

internal static class SaveSystem
{
    internal sealed record Request(string? Name, Guid Unit, string? Purpose = null, string? Vendor = null, DateOnly? Since = null, bool Active = true, int? Version = null)
        : Wish<InformationSystem>(Name, Unit, Active, Version)
    {
        internal override string Noun => "system";

        internal override void Fill(InformationSystem entry)
        {
            base.Fill(entry);
            (entry.Purpose, entry.Vendor, entry.Since) = (Belongings.Clean(Purpose), Belongings.Clean(Vendor), Since);
        }
    }
}
