// In: who looks and what for. Out: cases, newest first, by the number they end with (never by counting rows off: the list of a million is as quick as that of ten); how many lie in each state.
// People of the bureau see all; others those their unit ever handled, was called to or sent up, those that lie in a node they have a duty of or were reported from there (also once they have gone up), and those they registered. A foreign one is told like none.
using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Finding;

/// <summary>Filters; null or empty ones do not filter.</summary>
/// <param name="State">Of the flow.</param>
/// <param name="Node">A node and all below it.</param>
/// <param name="Unit">That leads it; of an ended case the last that led it.</param>
/// <param name="Q">First characters of a number (SJ…); else words that must all stand in what was reported or in its address: characters in a row, or beginnings of Latin words and numbers, whatever their case and width.</param>
/// <param name="From">First day of the city on which it was reported.</param>
/// <param name="To">Last day.</param>
/// <param name="Light">Of the stage under way.</param>
/// <param name="Mine">True: only what waits for the one who looks.</param>
/// <param name="Ended">True: only ended ones; false: only open ones.</param>
/// <param name="After">Number of the last case seen: those before it follow.</param>
internal sealed record CaseFilter(
    string? State = null, string? Node = null, Guid? Unit = null, string? Class = null, string? Q = null, DateOnly? From = null, DateOnly? To = null, Light? Light = null, bool? Mine = null, bool? Ended = null,
    bool? Supervised = null, string? After = null, int? Size = null)
{
    public int Rows => Math.Clamp(Size ?? 20, 1, 200);
}

/// <summary>A page of cases.</summary>
/// <param name="Total">At most <see cref="FindCases.MostCounted"/>: more are not counted.</param>
/// <param name="After">Where the next page begins; null on the last.</param>
/// <param name="TotalIsExact">False: there are more than <paramref name="Total"/>.</param>
internal sealed record CasePage<T>(IReadOnlyList<T> Items, long Total, string? After, bool TotalIsExact = true)
{
    /// <summary>For people: 1000+ where there are more.</summary>
    [JsonIgnore]
    public string Many => TotalIsExact ? $"{Total}" : $"{Total}+";
}

internal sealed class FindCases(CasesDb db, DeskBook desks, TimeProvider clock)
{
    public const int MostCounted = 1_000;
    private const string Greatest = "SJ99999999-999999999";

    /// <summary>Open cases as the index of the map has them, written so that the database takes no other: counting reads all of them anyway, and each in place.</summary>
    private const string Open = "SELECT id, place, state || '' AS state, class || '' AS class, node || '' AS node, number || '' AS number, unit || '' AS unit, due_at, warn_at, supervised, ended FROM case_file WHERE ended = 0";

    /// <summary>Ended cases, written so that the database does not begin with all of them where it is told whose: those of one unit are few among them.</summary>
    private const string Past = "SELECT id, place, state, class, node, number, unit, led, due_at, warn_at, supervised, ended + 0 AS ended FROM case_file WHERE ended + 0 = 1";

    /// <summary>Cases written so that they are found by their numbers alone, never by the index of what they are counted by.</summary>
    private const string Numbered = "SELECT id, place || '' AS place, state || '' AS state, class || '' AS class, node || '' AS node, number, unit || '' AS unit, led || '' AS led, due_at, warn_at, supervised, ended + 0 AS ended FROM case_file";

    public async Task<Result<CaseWhole>> One(string number, Actor actor, CancellationToken stop) =>
        await db.Whole(number, stop) is { } whole && MaySee(whole, actor, await desks.Now(stop)) ? whole : Problems.NoCase.With(number);

    public static bool MaySee(CaseWhole whole, Actor actor, Desk desk) =>
        actor.Has(Roles.Engineer)
        || (actor.Has(Roles.Steward) && (whole.File.ReportedBy == actor.Id || whole.Legs.Any(l => l.Unit == actor.Unit) || (actor.Unit is { } unit && whole.File.Consulted.Contains(unit)) || desk.Duties.Of(actor, whole.File.Node).Count > 0 || desk.Duties.Of(actor, whole.File.Place).Count > 0));

    public async Task<CasePage<CaseFile>> List(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var sought = await Sought.Of(filter.Q, db, db.Database.IsNpgsql() && !Alone(filter, actor, desk) ? Sought.FewOfDear : Sought.Few, stop);
        if (sought.Words is { Count: > 0 })
        {
            return await ByWords(filter, sought, actor, desk, stop);
        }

        var counted = Ways(filter, sought, actor, desk, few: true).Select(way => way.Select(f => f.Number).Take(MostCounted + 1));
        var many = await counted.Aggregate((one, other) => one.Union(other)).LongCountAsync(stop);
        var total = Math.Min(MostCounted, many);
        var found = new List<CaseFile>();
        foreach (var way in Ways(filter, sought, actor, desk, few: total < MostCounted))
        {
            var from = filter.After is { Length: > 0 } after ? way.Where(f => string.Compare(f.Number, after) < 0) : way;
            found.AddRange(await from.OrderByDescending(f => f.Number).Take(filter.Rows + 1).Select(f => f.File).ToListAsync(stop));
        }

        var page = found.DistinctBy(f => f.Number).OrderByDescending(f => f.Number, StringComparer.Ordinal).Take(filter.Rows + 1).ToList();
        return new([.. page.Take(filter.Rows)], total, page.Count > filter.Rows ? page[filter.Rows - 1].Number : null, many == total);
    }

    /// <summary>The same by words: where few are found in the end, all their numbers are read at once, counted and put in order.</summary>
    private async Task<CasePage<CaseFile>> ByWords(CaseFilter filter, Sought sought, Actor actor, Desk desk, CancellationToken stop)
    {
        var ways = Numbers(filter, sought, actor, desk, few: true);
        var numbers = await (sought.ByIndex ? ways : ways.Select(way => way.Take(MostCounted + 1))).Aggregate((one, other) => one.Union(other)).ToListAsync(stop);
        var (many, after) = (numbers.Count, filter.After is { Length: > 0 } last ? last : Greatest);
        if (!sought.ByIndex && many > MostCounted)
        {
            numbers = [];
            foreach (var way in Numbers(filter, sought, actor, desk, few: false))
            {
                numbers.AddRange(await way.Where(n => string.Compare(n, after) < 0).OrderByDescending(n => n).Take(filter.Rows + 1).ToListAsync(stop));
            }
        }

        List<string> page = [.. numbers.Where(n => string.CompareOrdinal(n, after) < 0).Distinct().OrderDescending(StringComparer.Ordinal).Take(filter.Rows + 1)];
        List<string> shown = [.. page.Take(filter.Rows)];
        var found = await db.Files.AsNoTracking().Where(f => EF.Parameter(shown).Contains(f.Number)).ToListAsync(stop);
        return new([.. found.OrderByDescending(f => f.Number, StringComparer.Ordinal)], Math.Min(MostCounted, many), page.Count > filter.Rows ? shown[^1] : null, many <= MostCounted);
    }

    /// <summary>Of the cases of each way; where nothing else is asked of all there are, and many have the words, the texts by themselves tell them.</summary>
    private IReadOnlyList<IQueryable<string>> Numbers(CaseFilter filter, Sought sought, Actor actor, Desk desk, bool few) =>
        !sought.ByIndex && Alone(filter, actor, desk)
            ? [sought.Texts(db).Select(t => t.Number)]
            : [.. Ways(filter, sought, actor, desk, few).Select(way => way.Select(f => f.Number))];

    /// <summary>Whether nothing but words is asked, of all cases there are.</summary>
    private static bool Alone(CaseFilter filter, Actor actor, Desk desk) =>
        SeesAll(actor, desk) && filter is { State: null or "", Node: null or "", Unit: null, Class: null or "", From: null, To: null, Light: null, Ended: null } && filter.Mine != true && filter.Supervised != true;

    /// <summary>Open cases by state, of all the actor may see.</summary>
    public async Task<IReadOnlyDictionary<string, int>> Counts(Actor actor, CancellationToken stop) =>
        await (await Of(new(Ended: false), actor, stop)).GroupBy(f => f.State).Select(g => new { g.Key, Many = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Many, stop);

    /// <summary>Before paging; nothing that does not concern the actor is in it.</summary>
    public async Task<IQueryable<CaseFile>> Of(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        return Seen(Filtered(filter, await Sought.Of(filter.Q, db, Sought.Few, stop), desk), filter, actor, desk);
    }

    /// <summary>The same for counting and for numbers alone: nothing else is there to be read where it is told whether they ended.</summary>
    public async Task<IQueryable<CaseFile>> Many(CaseFilter filter, Actor actor, CancellationToken stop)
    {
        var (desk, sought, lite) = (await desks.Now(stop), await Sought.Of(filter.Q, db, Sought.FewOfDear, stop), !db.Database.IsNpgsql());
        var few = sought.ByIndex;
        // All are counted. Only on SQLite, and only of open ones, it takes less to look at the texts of many; else they are found by the index of words however many they are.
        sought = sought.Words is { Count: > 0 } && !(lite && filter.Ended == false) ? sought with { ByIndex = true } : sought;
        return Seen(Filtered(filter, sought, desk, from: filter.Ended switch { _ when lite && sought.ByIndex => Numbered, _ when few => null, false => Open, true when !SeesAll(actor, desk) => Past, _ => null }), filter, actor, desk);
    }

    /// <summary>Of all there are, whoever may see them and whomever they wait for.</summary>
    /// <param name="few">Whether few are expected: they are found by an index and put in order. Many are found soonest in the order itself, from its newest end; then places and moments are written so that no index holds them.</param>
    /// <param name="from">Which are only counted; null: cases are read.</param>
    private IQueryable<CaseFile> Filtered(CaseFilter filter, Sought sought, Desk desk, bool few = true, string? from = null)
    {
        var now = clock.GetUtcNow().ToStored();
        // Moments and days are texts whose order is that of time. By which index they are found is told by how they are written, so they are written here.
        var all = (filter.Light, few) switch
        {
            (Light.Red, _) when from == Open => db.Files.FromSqlRaw(Open + " AND due_at < {0}", now),
            (Light.Yellow, _) when from == Open => db.Files.FromSqlRaw(Open + " AND due_at >= {0} AND warn_at <= {0}", now),
            (Light.Green, _) when from == Open => db.Files.FromSqlRaw(Open + " AND warn_at > {0}", now),
            (null, _) when from is not null => db.Files.FromSqlRaw(from),
            (Light.Red, false) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended + 0 = 0 AND due_at || '' < {now}"),
            (Light.Yellow, false) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended + 0 = 0 AND due_at || '' >= {now} AND warn_at || '' <= {now}"),
            (Light.Green, false) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended + 0 = 0 AND warn_at || '' > {now}"),
            (Light.Red, _) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended = 0 AND due_at < {now}"),
            (Light.Yellow, _) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended = 0 AND due_at >= {now} AND warn_at <= {now}"),
            (Light.Green, _) => db.Files.FromSql($"SELECT * FROM case_file WHERE ended = 0 AND warn_at > {now}"),
            _ => db.Files.FromSql($"SELECT * FROM case_file"),
        };
        all = all.AsNoTracking();
        all = filter.State is { Length: > 0 } state ? all.Where(f => f.State == state) : all;
        all = filter.Node is { Length: > 0 } node && node != desk.Nodes.Centre.Code ? all.Where(Under(node, few)) : all;
        all = filter.Unit is { } unit ? from == Open ? all.Where(f => f.Unit == unit) : all.Where(f => f.Led == unit) : all;
        all = filter.Class is { Length: > 0 } code ? all.Where(f => f.Class == code) : all;
        // Written out: an index of open ones is none to the database where it is told by a parameter.
        all = filter.Ended switch { true => all.Where(f => f.Ended), false => all.Where(f => !f.Ended), null => all };
        all = filter.Supervised == true ? all.Where(f => f.Supervised) : all;
        all = sought.In(all, db);

        // A number begins with its day, so a span of days is a span of numbers.
        if (filter.From is { } since)
        {
            var least = Number(since);
            all = all.Where(f => string.Compare(f.Number, least) >= 0);
        }

        if (filter.To is { } to && to < DateOnly.MaxValue)
        {
            var next = Number(to.AddDays(1));
            all = all.Where(f => string.Compare(f.Number, next) < 0);
        }

        return filter.Mine == true ? all.Where(f => !f.Ended) : all;
    }

    /// <summary>Why an open case waits for the actor: it is in a state that waits for their unit as handler, or for a duty of the node it lies in; their unit assists, or has yet to give its opinion. Whatever waits for them, they may see.</summary>
    private IReadOnlyList<Expression<Func<CaseFile, bool>>> Waits(Actor actor, Desk desk, bool few)
    {
        string[] Of(Func<string, bool> role) => [.. desk.Flows.Values.SelectMany(f => f.States.Values).Where(s => s.Waits.Any(role)).Select(s => s.Name).Distinct()];
        List<Expression<Func<CaseFile, bool>>> waits = [];
        if (actor.Has(Roles.Steward) && actor.Unit is { } unit)
        {
            var handling = Of(r => r == "handler");
            waits.Add(f => f.Unit == unit && handling.Contains(f.State));
            waits.Add(f => db.Legs.Where(l => l.Unit == unit && l.Place > 0 && l.EndedAt == null).Join(db.Files, l => l.CaseId, o => o.Id, (_, o) => o.Number).Contains(f.Number));
            waits.Add(f => db.Awaited.Where(a => a.Unit == unit).Select(a => a.Number).Contains(f.Number));
        }

        foreach (var duty in desk.Duties.Of(actor))
        {
            var (node, states) = (duty.Key, Of(duty.Contains));
            waits.Add(node == desk.Nodes.Centre.Code ? f => states.Contains(f.State) : Both(Under(node, few), f => states.Contains(f.State)));
        }

        return waits is [] ? [f => false] : [.. waits];
    }

    /// <summary>One condition or the other: a union of queries would read each of them whole.</summary>
    private static Expression<Func<CaseFile, bool>> Either(Expression<Func<CaseFile, bool>> one, Expression<Func<CaseFile, bool>> other) => Joined(Expression.OrElse, one, other);

    private static Expression<Func<CaseFile, bool>> Both(Expression<Func<CaseFile, bool>> one, Expression<Func<CaseFile, bool>> other) => Joined(Expression.AndAlso, one, other);

    private static Expression<Func<CaseFile, bool>> Joined(Func<Expression, Expression, Expression> how, Expression<Func<CaseFile, bool>> one, Expression<Func<CaseFile, bool>> other) =>
        Expression.Lambda<Func<CaseFile, bool>>(how(one.Body, new Same(other.Parameters[0], one.Parameters[0]).Visit(other.Body)), one.Parameters[0]);

    private IQueryable<CaseFile> Seen(IQueryable<CaseFile> all, CaseFilter filter, Actor actor, Desk desk)
    {
        if (filter.Mine == true)
        {
            return all.Where(Waits(actor, desk, few: false).Aggregate(Either));
        }

        if (SeesAll(actor, desk))
        {
            return all;
        }

        // A list of numbers, read once: asked anew of each case, a million of them took seconds.
        var (whos, nodes) = Parts(actor, desk);
        Expression<Func<CaseFile, bool>> concerns = f => db.Parts.Where(p => whos.Contains(p.Who)).Select(p => p.Number).Contains(f.Number);
        return all.Where(nodes.Aggregate(concerns, (before, node) => Either(before, f => f.Node.StartsWith(node) || f.Place.StartsWith(node))));
    }

    /// <summary>The same as one query for each reason, each in the order of an index: one query for all of them would have to look at every case.</summary>
    private IReadOnlyList<IQueryable<Found>> Ways(CaseFilter filter, Sought sought, Actor actor, Desk desk, bool few)
    {
        var all = Filtered(filter, sought, desk, few);
        IQueryable<Found> For(Expression<Func<CaseFile, bool>> reason) => all.Where(reason).Select(f => new Found { Number = f.Number, File = f });
        if (filter.Mine == true)
        {
            return [.. Waits(actor, desk, few).Select(For)];
        }

        var (whos, nodes) = Parts(actor, desk);
        return SeesAll(actor, desk) ? [For(f => true)] :
        [
            .. whos.Select(who => db.Parts.Where(p => p.Who == who).Join(all, p => p.Number, f => f.Number, (p, f) => new Found { Number = p.Number, File = f })),
            .. nodes.SelectMany(node => new[] { Under(node, few), From(node, few) }).Select(For),
        ];
    }

    /// <summary>In a node or below it, whose codes begin with its own.</summary>
    private static Expression<Func<CaseFile, bool>> Under(string node, bool few)
    {
        var last = node.PadRight(CaseNode.Longest, '9');
        return few ? f => string.Compare(f.Node, node) >= 0 && string.Compare(f.Node, last) <= 0 : f => f.Node.StartsWith(node);
    }

    /// <summary>The same of where it was reported from.</summary>
    private static Expression<Func<CaseFile, bool>> From(string node, bool few)
    {
        var last = node.PadRight(12, '9');
        return few ? f => string.Compare(f.Place, node) >= 0 && string.Compare(f.Place, last) <= 0 : f => f.Place.StartsWith(node);
    }

    private static bool SeesAll(Actor actor, Desk desk) => actor.Has(Roles.Engineer) || desk.Duties.Of(actor).Contains(desk.Nodes.Centre.Code);

    /// <summary>By whom and by which duties an actor who does not see all sees some.</summary>
    private static (IReadOnlyList<Guid> Whos, IReadOnlyList<string> Nodes) Parts(Actor actor, Desk desk) =>
        (actor.Has(Roles.Steward) && actor.Unit is { } unit ? [unit, actor.Id] : [actor.Id], [.. desk.Duties.Of(actor).Select(d => d.Key)]);

    /// <summary>The greatest number that begins so: of letters and digits in their places, that every collation of a database orders alike; a mark beyond them sorts before digits in most.</summary>
    internal static string Most(string first) => first.Length < Greatest.Length ? first + Greatest[first.Length..] : first;

    private static string Number(DateOnly day) => "SJ" + day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>A case, by the number it is found and ordered by.</summary>
    private sealed record Found
    {
        public required string Number { get; init; }

        public required CaseFile File { get; init; }
    }

    /// <summary>Puts one parameter for another.</summary>
    private sealed class Same(ParameterExpression old, ParameterExpression now) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == old ? now : node;
    }
}
