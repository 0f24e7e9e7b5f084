// A gate over a real lake and a real state database, with a catalogue of the test's own. In: rows as text. Out: what an actor may see of them.
using System.Data.Common;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;
using Lizhou.Policy.Rules;
using Lizhou.Policy.UserSql;
using Lizhou.Policy.Views;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Lizhou.Policy.Tests;

internal sealed class House : IAsyncDisposable
{
    public static readonly Guid Owner = Guid.Parse("01930000-0000-7000-8000-000000000001");
    public static readonly Guid Other = Guid.Parse("01930000-0000-7000-8000-000000000002");
    public static readonly Actor Engineer = Of(Roles.Engineer, null);
    public static readonly Actor Steward = Of(Roles.Steward, Owner);
    public static readonly Actor Foreigner = Of(Roles.Steward, Other);

    private readonly string folder = Directory.CreateTempSubdirectory("lizhou-policy-").FullName;
    private int writes;

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public Settings Settings { get; private set; } = null!;

    public StateStore State { get; private set; } = null!;

    public Engine Engine { get; private set; } = null!;

    public Warehouse Lake { get; private set; } = null!;

    public Shelf Catalog { get; } = new();

    public Notes Ledger { get; } = new();

    public PolicyKeys Keys { get; private set; } = null!;

    public RuleMark Mark { get; private set; } = null!;

    public RuleBook Rules { get; private set; } = null!;

    public GrantBook Grants { get; private set; } = null!;

    public GrantSeals Seals => new(Keys, Settings);

    public OpenView Open => new(Catalog, Lake, Grants, Rules, Keys, Ledger, Clock);

    public PersonKey Person => new(Keys);

    public PeopleTold People { get; private set; } = null!;

    public IRowGate Gate => new RowGate(Open, new WriteRows(Open, Lake, Settings, Keys, Person, People, Send, Ledger, Clock), Lake, Rules, Keys, Person, People, Kept, Ledger, Clock);

    public KeptAnswers Kept { get; } = new();

    private SendAnswer Send => new(Grants, Ledger, Clock);

    public IChangeGate Changes => new ChangeGate(Open, Lake, Settings, Keys, Person, People, Send, Ledger, Clock);

    public SqlRunning Running { get; } = new();

    public SqlDesk Desk => new(Catalog, Open, new QueryLog(State, Clock), Settings, new TellQuery(Lake, Person, People, Ledger), Ledger, Running, Clock, NullLogger<SqlDesk>.Instance);

    public static Actor Of(string role, Guid? unit) => new(Guid.Empty, "模拟", unit, new HashSet<string>([role])) { Label = 4 };

    public static async Task<House> Build()
    {
        var house = new House();
        house.Settings = new Settings(house.folder);
        house.State = new StateStore(house.Settings.StatePath);
        house.Engine = new Engine(new EngineOptions([Warehouse.DataFolder(house.Settings.Lake), house.Settings.Work], Path.Combine(house.Settings.Lake, "temp")) { MemoryLimit = 1L << 30 });
        await SchemaScripts.Apply(house.State, typeof(Module).Assembly);
        await SchemaScripts.Apply(house.State, typeof(Warehouse).Assembly);
        await SchemaScripts.Apply(house.State, typeof(PolicyModule).Assembly);
        house.Lake = await Warehouse.Open(house.State, house.Engine, house.Settings.Lake, new byte[32], house.Clock);
        house.Keys = new PolicyKeys(house.Settings);
        house.People = new PeopleTold(house.Settings, new RunBook(house.State), house.Clock);
        house.Mark = new RuleMark(house.Keys, house.Settings);
        await house.Mark.Begin(house.State, house.Ledger, default);
        house.Rules = new RuleBook(house.State, house.Keys, house.Mark, house.Ledger, house.Clock);
        house.Grants = new GrantBook(house.State, house.Seals, house.Ledger);
        return house;
    }

    /// <summary>A published resource of the owner with these rows; a cell is the text of its value, null for none.</summary>
    public async Task<ResourceCard> Resource(string table, IReadOnlyList<(ItemCard Item, ColumnType Type)> items, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        var card = new ResourceCard(
            Guid.CreateVersion7(Clock.GetUtcNow()), $"303001/{table}", table, Owner, null, table, 1, ResourceState.Published, SharingKind.Conditional, UpdateCycle.Daily,
            [.. items.Select((i, n) => i.Item with { Id = new Guid(n + 1, 0, 0, new byte[8]) })]);
        Catalog.Cards.Add(card);
        NewColumn[] columns =
        [
            .. items.Select(i => new NewColumn(i.Item.Column, i.Type)), new(Origin.Batch, ColumnType.Text), new(Origin.File, ColumnType.Int32), new(Origin.Record, ColumnType.Int64),
            new(Origin.Quality, ColumnType.Int64),
        ];
        var made = (await Lake.CreateTable("landing", table, columns, Terms())).Value;
        await Add(made, rows);
        return card;
    }

    public async Task Add(Table table, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var with = new Arguments();
        var batch = Guid.CreateVersion7(Clock.GetUtcNow()).ToString("D");
        var json = JsonSerializer.Serialize(rows.Select((r, n) => (IEnumerable<string?>)[.. r, batch, "0", $"{n + 1}", "0"]));
        var cells = table.Columns.Select((c, i) => $"CAST(v.r ->> '$[{i}]' AS {c.Type.Engine}) AS {SqlText.Name(c.Name)}");
        var staged = await Lake.Stage(table, $"SELECT {string.Join(", ", cells)} FROM (SELECT unnest(CAST({with.Add(json)} AS JSON[])) AS r) AS v", with.Values);
        (await Lake.Append(table, [staged!], Terms())).Refused.ShouldBeFalse();
    }

    public Terms Terms() => new($"k{Interlocked.Increment(ref writes)}", "test", "test");

    public async Task Put(Grant grant)
    {
        await using var connection = await State.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await Grants.Put(connection, transaction, grant, Actor.System, default);
        await transaction.CommitAsync();
    }

    public async Task Revoke(Guid grant)
    {
        await using var connection = await State.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await Grants.Revoke(connection, transaction, grant, "test", Actor.System, default);
        await transaction.CommitAsync();
    }

    public Grant Granted(ResourceCard resource, Condition? rows, params (string Column, MaskKind? Mask)[] items) => new(
        Guid.CreateVersion7(Clock.GetUtcNow()), $"SQ-{Interlocked.Increment(ref writes)}", resource.Id, Other, "checking benefits",
        [.. items.Select(i => new GrantItem(resource.Items.Single(x => x.Column == i.Column).Id, i.Mask))], rows, Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(30));

    public async ValueTask DisposeAsync()
    {
        People.Dispose();
        await Lake.DisposeAsync();
        Engine.Dispose();
        State.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal sealed class Shelf : ICatalog
    {
        public List<ResourceCard> Cards { get; } = [];

        public Task<ResourceCard?> Published(string code, CancellationToken stop) => Task.FromResult(Cards.FirstOrDefault(c => c.Code == code));

        public Task<ResourceCard?> Published(Guid id, CancellationToken stop) => Task.FromResult(Cards.FirstOrDefault(c => c.Id == id));

        public Task<IReadOnlyList<ResourceCard>> Published(IReadOnlyCollection<Guid> ids, CancellationToken stop) => Task.FromResult<IReadOnlyList<ResourceCard>>([.. Cards.Where(c => ids.Contains(c.Id))]);

        public Task<IReadOnlyList<ResourceCard>> Named(string name, CancellationToken stop) => Task.FromResult<IReadOnlyList<ResourceCard>>([.. Cards.Where(c => c.Name == name)]);

        public Task<ResourceCard?> ByTable(string table, CancellationToken stop) => Task.FromResult(Cards.FirstOrDefault(c => string.Equals(c.Table, table, StringComparison.OrdinalIgnoreCase)));

        public Task<IReadOnlyList<ResourceCard>> OfUnit(Guid? unit, int skip, int take, CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<ResourceCard>>([.. Cards.Where(c => unit is null || c.Unit == unit).Skip(skip).Take(take)]);

        public Task<IReadOnlyList<ResourceCard>> All(CancellationToken stop) => OfUnit(null, 0, int.MaxValue, stop);

        public Task<long> CountPublished(Guid? unit, CancellationToken stop) => Task.FromResult((long)Cards.Count(c => unit is null || c.Unit == unit));
    }

    internal sealed class Notes : ILedger
    {
        public System.Collections.Concurrent.ConcurrentQueue<Evidence> Entries { get; } = new();

        public bool Broken { get; set; }

        public Task<long> Append(Actor actor, Evidence evidence, CancellationToken stop)
        {
            if (Broken)
            {
                throw new IOException("The ledger cannot be written.");
            }

            Entries.Enqueue(evidence);
            return Task.FromResult((long)Entries.Count);
        }

        public Task<long> Append(DbConnection connection, DbTransaction transaction, Actor actor, Evidence evidence, CancellationToken stop) => Append(actor, evidence, stop);

        public async Task Append(DbConnection connection, DbTransaction transaction, IReadOnlyList<(Actor Actor, Evidence Evidence)> acts, CancellationToken stop)
        {
            foreach (var (actor, evidence) in acts)
            {
                await Append(actor, evidence, stop);
            }
        }

        public Task<long?> Verify(CancellationToken stop) => Task.FromResult<long?>(null);
    }
}
