// Refusals that are counted are lost to no fault of the ledger: what could not be written is told when it can.
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Ledger.Tests;

public sealed class RefusalNotesTests
{
    private static readonly Actor Knocker = new(Guid.NewGuid(), "测试", null, new HashSet<string>([Roles.Steward], StringComparer.Ordinal));

    [Fact]
    public async Task What_was_counted_while_the_ledger_could_not_be_written_is_told_once_it_can_be_with_all_since()
    {
        await using var place = await Place.Make();
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var notes = new NoteRefusals(place.Chain, clock, NullLogger<NoteRefusals>.Instance);
        Task Knock(string subject) => notes.Note(Knocker, "door", new("door.refused", subject, "X-001"));
        await Knock("a");
        await Knock("b");
        await Knock("c");

        await place.Run("ALTER TABLE ledger_entry RENAME TO away");
        clock.Advance(TimeSpan.FromMinutes(2));
        await Should.ThrowAsync<Exception>(() => notes.Look(default));
        await Should.ThrowAsync<Exception>(() => notes.Note(Knocker, "other", new("door.refused", "x", "X-002")));
        await Knock("d");
        await place.Run("ALTER TABLE away RENAME TO ledger_entry");

        clock.Advance(TimeSpan.FromMinutes(2));
        await notes.Look(default);
        Convert.ToInt64(await place.Run("SELECT COUNT(*) FROM ledger_entry")).ShouldBe(3);
        (await place.Run("SELECT detail FROM ledger_entry WHERE seq > 1 AND result = 'X-001'"))!.ToString()!.ShouldContain("\"times\":3");
        (await place.Run("SELECT detail FROM ledger_entry WHERE result = 'X-002'"))!.ToString()!.ShouldContain("\"times\":1");
    }
}
