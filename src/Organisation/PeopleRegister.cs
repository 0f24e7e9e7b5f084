// In: a question of another module. Out: people as they are now, with their unit and post.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Organisation;

internal sealed class PeopleRegister(StateStore state) : IPeople
{
    public async Task<PersonCard?> Find(Guid id, CancellationToken stop) => await Many($"{id}", "", stop) is [var only] ? only : null;

    public Task<IReadOnlyList<PersonCard>> Of(IReadOnlyCollection<Guid> units, CancellationToken stop) => Many("", string.Join(',', units), stop);

    private async Task<IReadOnlyList<PersonCard>> Many(string id, string units, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        List<PersonCard> people = [];
        await foreach (var person in connection.Rows(
            null,
            $"""
             SELECT p.id, p.name, p.number, p.unit, o.name, p.active FROM organisation_person p LEFT JOIN organisation_post o ON o.id = p.post
             WHERE p.id = {id} OR ({id} = '' AND p.active = 1 AND {"," + units + ","} LIKE '%,' || p.unit || ',%') ORDER BY p.name, p.id
             """,
            r => new PersonCard(
                Guid.Parse(r.GetString(0)), r.GetString(1), r.IsDBNull(2) ? null : r.GetString(2), Guid.Parse(r.GetString(3)), r.IsDBNull(4) ? null : r.GetString(4), r.GetInt64(5) == 1),
            stop))
        {
            people.Add(person);
        }

        return people;
    }
}
