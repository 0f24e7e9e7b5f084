// What went out, counted by grant, and by resource and reader where there was none.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;

namespace Lizhou.Ledger.Tests;

public sealed class ExchangeTests
{
    [Theory]
    [InlineData(StateKind.Sqlite)]
    [InlineData(StateKind.PostgreSql)]
    public async Task Answers_are_counted_once_by_grant_or_by_resource_and_reader(StateKind kind)
    {
        await using var place = await Place.Make(kind);
        var (resource, unit, grant) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var exchange in new Exchange[]
        {
            new() { Resource = resource, Receiver = unit, Rows = 3 }, new() { Resource = resource, Receiver = unit, Rows = 0 }, new() { Resource = resource, Rows = 5 },
            new() { Resource = resource, Receiver = unit, Grant = grant, Rows = 7 }, new() { Resource = resource, Receiver = unit },
        })
        {
            await place.Chain.Append(Actor.System, new("rows.read", "x", Evidence.Done) { Exchange = exchange }, default);
        }

        await place.Chain.Append(Actor.System, new("rows.read", "x", "POL-003") { Exchange = new() { Resource = resource, Receiver = unit, Rows = 9 } }, default);
        CountExchanges count = new(place.State);

        (await count.ByGrant(DateTimeOffset.UtcNow.AddDays(-1), default)).ShouldBe(new Dictionary<Guid, Exchanged> { [grant] = new(1, 7) });
        var others = await count.WithoutGrant(DateTimeOffset.UtcNow.AddDays(-1), default);
        others.Count.ShouldBe(2);
        others[(resource, unit)].ShouldBe(new Exchanged(2, 3));
        others[(resource, null)].ShouldBe(new Exchanged(1, 5));
        (await count.WithoutGrant(DateTimeOffset.UtcNow.AddDays(1), default)).ShouldBeEmpty();
    }
}
