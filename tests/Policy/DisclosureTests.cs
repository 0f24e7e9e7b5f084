// Whom an answer was about can be found again by the person's key, whichever way it left and whether or not their number was shown; what a law withholds is not told to them.
using CsCheck;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Lake;
using Lizhou.Policy.Disclosure;

namespace Lizhou.Policy.Tests;

public sealed class DisclosureTests
{
    private const string Zhang = "11010519491231002X";
    private const string Li = "330784199001011239";

    private static readonly (ItemCard, ColumnType)[] Items =
    [
        (ItemCard.Of("姓名", column: "name", level: Level.L3), ColumnType.Text), (ItemCard.Of("身份号码", column: "id_number", level: Level.L4, check: CheckCharacter.IdNumber), ColumnType.Text),
        (ItemCard.Of("街镇", column: "town", level: Level.L1), ColumnType.Text),
    ];

    private static readonly string?[][] Rows = [["张三", Zhang, "望春街道"], ["李四", Li, "方岩镇"], ["无名", null, "望春街道"]];

    [Fact]
    public async Task Every_way_out_tells_of_whom_it_was_also_where_the_number_is_not_shown()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, ("town", null));
        await house.Put(grant);
        var ask = new RowAsk(resource.Id, grant.Purpose) { Grant = grant.Id };
        var page = (await house.Gate.Read(ask with { Where = new Condition.Compare("town", Comparison.Equal, "望春街道") }, House.Foreigner, default)).Value;
        page.Items.Select(i => i.Item.Column).ShouldBe(["town"]);
        var file = (await house.Gate.Write(ask, RowFormat.Csv, Stream.Null, House.Foreigner, default)).Value;
        var changes = (await house.Changes.Read(new ChangeAsk(resource.Id, grant.Purpose, grant.Id), House.Foreigner, default)).Value;
        changes.Rows.Count.ShouldBe(3);

        // Entry 1 is the grant's own.
        house.People.Of(house.Person.Of(Zhang)).ShouldBe([2, file.Evidence, changes.Evidence]);
        house.People.Of(house.Person.Of(Li)).ShouldBe([file.Evidence, changes.Evidence]);
        house.People.Of(house.Person.Of("330784198512120019")).ShouldBeEmpty();

        var told = (await Find(house).ForPerson(" " + Zhang.ToLowerInvariant(), default, House.Foreigner, default)).Value.Items;
        told.Select(d => d.Evidence).ShouldBe([changes.Evidence, file.Evidence, 2]);
        (told[0].Grant, told[0].Purpose, told[0].To, told[0].From).ShouldBe((grant.Number, grant.Purpose, House.Other, House.Owner));
        told[0].Items.ShouldBe(["街镇"]);
        told[0].Masked.ShouldNotBeNull().ShouldBeEmpty("it went out in clear");
        house.Ledger.Entries.Last().ShouldSatisfyAllConditions(e => e.Act.ShouldBe("disclosures.looked-up"), e => e.Subject.ShouldNotContain(Zhang));
        (await Find(house).ForPerson("123", default, House.Foreigner, default)).Problem!.Code.ShouldBe("POL-041");
    }

    [Fact]
    public async Task It_is_told_how_items_went_out_and_not_that_blanks_did()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, ("name", MaskKind.Partial), ("id_number", MaskKind.Null), ("town", null));
        await house.Put(grant);
        (await house.Gate.Read(new(resource.Id, grant.Purpose) { Grant = grant.Id }, House.Foreigner, default)).Problem.ShouldBeNull();
        var told = (await Find(house).ForPerson(Zhang, default, House.Foreigner, default)).Value.Items.Single();
        told.Items.ShouldBe(["姓名", "街镇"]);
        told.Masked!.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("姓名", MaskKind.Partial));
        System.Text.Json.JsonSerializer.Serialize(house.Ledger.Entries.Last(e => e.Act == "rows.read").Detail).ShouldContain(grant.Number);
    }

    [Fact]
    public async Task What_a_law_withholds_is_shown_to_the_auditor_and_to_the_person_from_its_day_on()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, ("name", null));
        await house.Put(grant);
        var auditor = House.Of(Roles.AuditAdministrator, null);
        var withhold = new WithholdDisclosures(house.State, house.Grants, house.Seals, house.Ledger, house.Clock);
        var until = house.Clock.Today().AddDays(10);
        (await withhold.Run(grant.Number, new("gossip", "x", until), auditor, default)).Problem!.Code.ShouldBe("POL-042");
        (await withhold.Run(grant.Number, new("tax-inspection", "《模拟法》第一条", until.AddYears(9)), auditor, default)).Problem!.Code.ShouldBe("POL-042");
        (await withhold.Run(grant.Number, new("tax-inspection", "《模拟法》第一条", until), House.Engineer, default)).Problem!.Code.ShouldBe("POL-002");
        (await withhold.Run(grant.Number, new("tax-inspection", "《模拟法》第一条", until), auditor, default)).Value.ShouldBeTrue();
        (await house.Gate.Read(new(resource.Id, grant.Purpose) { Grant = grant.Id }, House.Foreigner, default)).Problem.ShouldBeNull();

        (await Find(house).ForPerson(Zhang, default, House.Foreigner, default)).Value.Items.ShouldBeEmpty();
        (await Find(house).ForOffice(Zhang, default, House.Engineer, default)).Problem!.Code.ShouldBe("POL-002");
        (await Find(house).ForOffice(Zhang, default, auditor, default)).Value.Items.Single().Withheld.ShouldBe(new Secrecy("tax-inspection", until));
        house.Clock.Advance(TimeSpan.FromDays(10));
        (await Find(house).ForPerson(Zhang, default, House.Foreigner, default)).Value.Items.Single().Withheld.ShouldBeNull();
    }

    [Fact]
    public async Task Thousands_of_disclosures_come_in_pages_and_what_is_withheld_is_in_no_page_and_no_count_of_the_persons()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        var grant = house.Granted(resource, null, ("name", null));
        await house.Put(grant);
        var auditor = House.Of(Roles.AuditAdministrator, null);
        var ask = new RowAsk(resource.Id, grant.Purpose) { Grant = grant.Id };
        await house.Gate.Read(ask, House.Foreigner, default);
        await new WithholdDisclosures(house.State, house.Grants, house.Seals, house.Ledger, house.Clock).Run(grant.Number, new("tax-inspection", "《模拟法》第一条", house.Clock.Today().AddDays(10)), auditor, default);
        await house.Gate.Read(ask, House.Foreigner, default);
        var (open, closed) = (house.Ledger.Entries.First(e => e.Exchange is { Rows: > 0 }), house.Ledger.Entries.Last(e => e.Exchange is { Rows: > 0 }));
        (open.Exchange!.Secrecy, closed.Exchange!.Secrecy?.Code).ShouldBe((null, "tax-inspection"));
        for (var more = 0; more < 1300; more++)
        {
            house.Ledger.Entries.Enqueue(more % 2 == 0 ? open : closed);
            await house.People.Add(house.Ledger.Entries.Count, [house.Person.Of(Zhang)]);
        }

        var all = await Pages(p => Find(house).ForOffice(Zhang, p, auditor, default));
        (all.Count, all.Count(d => d.Withheld is null)).ShouldBe((1302, 651));
        var told = await Pages(p => Find(house).ForPerson(Zhang, p, House.Foreigner, default));
        told.Select(d => d.Evidence).ShouldBe(all.Where(d => d.Withheld is null).Select(d => d.Evidence));
        (await Find(house).ForPerson(Zhang, new(99, 50), House.Foreigner, default)).Value.Items.ShouldBeEmpty();

        static async Task<List<Disclosed>> Pages(Func<PageAsk, Task<Result<Page<Disclosed>>>> find)
        {
            List<Disclosed> found = [];
            for (int number = 1, pages = 1; number <= pages; number++)
            {
                var page = (await find(new(number, 200))).Value;
                pages = page.Pages;
                found.AddRange(page.Items);
            }

            return found;
        }
    }

    [Fact]
    public async Task Nothing_leaves_when_it_cannot_be_written_whom_it_was_about()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", Items, Rows);
        Directory.Delete(Path.Combine(house.Settings.Data, "disclosures"), recursive: true);
        await Should.ThrowAsync<IOException>(() => house.Gate.Read(new(resource.Id, "preview"), House.Steward, default));
        using var to = new MemoryStream();
        await Should.ThrowAsync<IOException>(() => house.Gate.Write(new(resource.Id, "export"), RowFormat.Csv, to, House.Steward, default));
        to.Length.ShouldBe(0);
    }

    [Fact]
    public async Task What_was_acknowledged_is_found_after_a_crash_after_a_pair_cut_short_and_after_merges()
    {
        await using var house = await House.Build();
        var settings = house.Settings with { Data = Path.Combine(house.Settings.Data, "crash") };
        var folder = Path.Combine(settings.Data, "disclosures");
        using (var people = new PeopleTold(settings, new RunBook(house.State), house.Clock))
        {
            await people.Add(7, [1, 2, ulong.MaxValue, 2]);
            await people.Add(8, [2, 0]);
        }

        await File.AppendAllTextAsync(Directory.EnumerateFiles(folder, "*.journal").Single(), "cut");
        await File.WriteAllTextAsync(Path.Combine(folder, "0-x.run.part"), "half");
        using var again = new PeopleTold(settings, new RunBook(house.State), house.Clock);
        (again.Of(2), again.Of(ulong.MaxValue), again.Of(0), again.Of(3)).ShouldSatisfyAllConditions(
            f => f.Item1.ShouldBe([7, 8]), f => f.Item2.ShouldBe([7]), f => f.Item3.ShouldBe([8]), f => f.Item4.ShouldBeEmpty());
        for (var entry = 10; entry < 30; entry++)
        {
            again.AddAll(entry, add =>
            {
                add(2);
                add((ulong)entry);
            });
        }

        again.Merge(default).ShouldBeGreaterThan(0);
        again.Files.ShouldBeLessThan(8);
        new RunBook(house.State).Names().Count.ShouldBe(again.Files);
        Directory.EnumerateFiles(folder).Count().ShouldBeGreaterThan(again.Files, "a backup under way may need those that were merged");
        house.Clock.Advance(TimeSpan.FromDays(2));
        again.Merge(default);
        Directory.EnumerateFiles(folder).Count().ShouldBe(again.Files);
        again.Of(2).ShouldBe([7, 8, .. Enumerable.Range(10, 20).Select(i => (long)i)]);
        again.Of(29).ShouldBe([29]);
    }

    [Fact]
    public async Task A_file_of_persons_is_kept_with_the_digest_of_its_bytes_also_one_from_before_there_were_any()
    {
        await using var house = await House.Build();
        var settings = house.Settings with { Data = Path.Combine(house.Settings.Data, "kept") };
        using (var people = new PeopleTold(settings, new RunBook(house.State), house.Clock))
        {
            people.AddAll(7, add => add(1));
        }

        await Holds(1);
        await using (var connection = await house.State.Open())
        {
            await connection.Execute(null, $"DELETE FROM policy_people_run");
        }

        using var again = new PeopleTold(settings, new RunBook(house.State), house.Clock);
        await Holds(1);
        await again.Add(8, [2]);
        await Holds(1);

        async Task Holds(int files)
        {
            await using var connection = await house.State.Open();
            var kept = await new PolicyModule().Kept(connection, default).ToListAsync();
            kept.Count.ShouldBe(files);
            kept.ShouldAllBe(k => k.Needed && k.Digest == Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(settings.Data, k.Path)))));
        }
    }

    [Fact]
    public void A_run_finds_every_person_in_it_and_nobody_else()
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-runs-").FullName;
        try
        {
            // Evenly spread keys as digests are, and crowded ones as they never are.
            var keys = Gen.OneOf(Gen.ULong, Gen.ULong[0, 300], Gen.ULong[ulong.MaxValue - 50, ulong.MaxValue]);
            Gen.Select(Gen.Select(keys, Gen.Long[1, 5]).List[0, 3000], keys.List[1, 20]).Sample((pairs, others) =>
            {
                var path = Path.Combine(folder, $"{Guid.NewGuid():N}.run");
                PeopleRun.Write(path, pairs.Select(p => new Told(p.Item1, p.Item2)).Order(Told.InOrder));
                using var run = new PeopleRun(path);
                foreach (var person in pairs.Select(p => p.Item1).Take(50).Concat(others))
                {
                    var found = new SortedSet<long>();
                    run.Find(person, found);
                    found.ShouldBe(pairs.Where(p => p.Item1 == person).Select(p => p.Item2).Distinct().Order());
                }
            }, iter: 60);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FindDisclosures Find(House house) => new(house.Person, house.People, new Entries(house), house.Grants, house.Catalog, house.Ledger, house.Clock);

    private sealed class Entries(House house) : IExchanges
    {
        public Task<IReadOnlyList<(Guid Grant, string Hour, Exchanged Moved)>> Called(DateTimeOffset since, CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<Guid, Exchanged>> ByGrant(DateTimeOffset since, CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<(Guid Resource, Guid? Receiver), Exchanged>> WithoutGrant(DateTimeOffset since, CancellationToken stop) => throw new NotSupportedException();

        public Task<IReadOnlyList<Movement>> Of(IReadOnlyList<long> entries, CancellationToken stop) => Task.FromResult<IReadOnlyList<Movement>>(
            [.. house.Ledger.Entries.Select((e, i) => (Seq: i + 1L, Entry: e)).Where(e => entries.Contains(e.Seq)).OrderByDescending(e => e.Seq).Select(e => new Movement(e.Seq, default, e.Entry.Act, e.Entry.Exchange!, System.Text.Json.JsonSerializer.Serialize(e.Entry.Detail)))]);

        public Task<IReadOnlyList<long>> Tellable(IReadOnlyList<long> entries, DateOnly today, CancellationToken stop) => Task.FromResult<IReadOnlyList<long>>(
            [.. house.Ledger.Entries.Select((e, i) => (Seq: i + 1L, e.Exchange?.Secrecy)).Where(e => entries.Contains(e.Seq) && !(e.Secrecy?.Until > today)).OrderByDescending(e => e.Seq).Select(e => e.Seq)]);
    }
}
