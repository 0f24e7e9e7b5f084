// In: a person of a unit, by form, call or row of a file; not active: they have left. Refuses a post of another unit, a staff number someone else has.
// Whoever gives the person a way in is told, so that one who left or moved is out at once. So whoever holds an administrator's account is renamed, moved and put out by its keeper alone, the security administrator.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation;

internal static class SavePerson
{
    /// <param name="Number">Staff number, unique in the city; null where there is none.</param>
    internal sealed record Request(string? Name, Guid Unit, Guid? Post = null, string? Phone = null, bool Active = true, int? Version = null, string? Number = null)
        : Wish<Person>(Name, Unit, Active, Version)
    {
        internal override string Noun => "person";

        internal override async Task<Problem?> Refusal(OrganisationDb db, Guid id, CancellationToken stop)
        {
            if (Post is { } post && !await db.Posts.AnyAsync(p => p.Id == post && p.Unit == Unit, stop))
            {
                return Problems.NoSuchEntry;
            }

            var number = Belongings.Clean(Number);
            return number is not null && await db.People.AnyAsync(p => p.Number == number && p.Id != id, stop) ? Problems.NumberTaken.With(number) : null;
        }

        internal override void Fill(Person entry)
        {
            base.Fill(entry);
            (entry.Post, entry.Phone, entry.Number) = (Post, Belongings.Clean(Phone), Belongings.Clean(Number));
        }

        internal override bool MovesAccount(Person entry) => (entry.Name, entry.Unit, entry.Active) != (Name?.Trim(), Unit, Active);

        internal override IFact Tells(Person entry) => new PersonChanged(entry.Id, entry.Name, entry.Unit, entry.Active);
    }
}
