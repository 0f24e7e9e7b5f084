// In: a post of a unit, by form, call or row of a file. A name stands once in a unit.
namespace Lizhou.Organisation;

internal static class SavePost
{
    internal sealed record Request(string? Name, Guid Unit, string? Duty = null, bool Active = true, int? Version = null) : Wish<Post>(Name, Unit, Active, Version)
    {
        internal override string Noun => "post";

        internal override void Fill(Post entry)
        {
            base.Fill(entry);
            entry.Duty = Belongings.Clean(Duty);
        }
    }
}
