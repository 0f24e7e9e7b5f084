// In: who acts on which standard, and how. Out: its draft written, published or thrown away, with the evidence in one transaction. Refuses all but the bureau's engineers, and a stale edit.
// Code lists, elements and unifications share this one lifecycle: a draft beside the version in force, which stays until the draft is published.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Standards;

/// <summary>One version in a list of them.</summary>
/// <param name="PublishedAt">Null while it never was.</param>
internal sealed record VersionLine(int Number, int Codes, string MadeBy, DateTimeOffset MadeAt, string? PublishedBy, DateTimeOffset? PublishedAt);

internal sealed class Register(StandardsDb db, ILedger ledger, TimeProvider clock)
{
    /// <summary>The acts of each kind as the ledger keeps them.</summary>
    private static readonly Dictionary<StandardKind, (string Drafted, string Published, string Discarded, string Refused)> Acts = new()
    {
        [StandardKind.CodeList] = ("code-list.drafted", "code-list.published", "code-list.discarded", "code-list.refused"),
        [StandardKind.Element] = ("element.drafted", "element.published", "element.discarded", "element.refused"),
        [StandardKind.Unification] = ("unification.drafted", "unification.published", "unification.discarded", "unification.refused"),
    };

    private static readonly JsonSerializerOptions Kept = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public StandardsDb Db => db;

    public TimeProvider Clock => clock;

    public static string Write<T>(T body) => JsonSerializer.Serialize(body, Kept);

    public static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, Kept)!;

    public Task<Standard?> Find(StandardKind kind, string code, CancellationToken stop) =>
        db.Standards.AsNoTracking().FirstOrDefaultAsync(s => s.Kind == kind && s.Code == code, stop);

    public async Task<T?> Body<T>(Standard standard, int number, CancellationToken stop)
        where T : class =>
        await db.Versions.AsNoTracking().Where(v => v.Standard == standard.Id && v.Number == number).Select(v => v.Body).FirstOrDefaultAsync(stop) is { } body ? Read<T>(body) : null;

    /// <summary>All of a kind with the version lists show of each, by code.</summary>
    public async Task<List<(Standard Standard, StandardVersion Version)>> All(StandardKind kind, CancellationToken stop) =>
        [.. (await db.Standards.AsNoTracking().Where(s => s.Kind == kind)
            .Join(db.Versions.AsNoTracking(), s => s.Id, v => v.Standard, (s, v) => new { s, v })
            .Where(j => j.v.Number == (j.s.InForce ?? j.s.Draft ?? j.s.Last)).OrderBy(j => j.s.Code).ToListAsync(stop)).Select(j => (j.s, j.v))];

    /// <summary>A page of a kind by code, of what the actor sees. Only where words are looked for is more than the page read: what holds them.</summary>
    /// <param name="words">In the code or in what the version says, without case; null for any.</param>
    /// <param name="holds">What the kept version says besides; null for anything.</param>
    /// <param name="fits">Which of those that hold the words are meant; the words may stand where nobody looks for them.</param>
    public async Task<Page<(Standard Standard, StandardVersion Version)>> Look(
        StandardKind kind, Actor actor, PageAsk ask, string? words, string? holds, Func<Standard, StandardVersion, bool> fits, CancellationToken stop)
    {
        var all = actor.Has(Roles.Engineer);
        var found = db.Standards.AsNoTracking().Where(s => s.Kind == kind && (all || s.InForce != null)).Join(db.Versions.AsNoTracking(), s => s.Id, v => v.Standard, (s, v) => new { s, v })
            .Where(j => j.v.Number == (j.s.InForce ?? j.s.Draft ?? j.s.Last) && (holds == null || j.v.Body.Contains(holds))).OrderBy(j => j.s.Code);
        if (words is null)
        {
            var page = await found.Skip(ask.Skip).Take(ask.Rows).ToListAsync(stop);
            return new([.. page.Select(j => (j.s, j.v))], ask.Number, ask.Rows, await found.LongCountAsync(stop));
        }

        var (inCode, inBody) = (words.ToLowerInvariant(), Write(words)[1..^1].ToLowerInvariant());
        var held = await found.Where(j => j.s.Code.ToLower().Contains(inCode) || j.v.Body.ToLower().Contains(inBody)).ToListAsync(stop);
        return ask.Of<(Standard, StandardVersion)>([.. held.Where(j => fits(j.s, j.v)).Select(j => (j.s, j.v))]);
    }

    public Task<List<VersionLine>> Versions(Standard standard, CancellationToken stop) =>
        db.Versions.AsNoTracking().Where(v => v.Standard == standard.Id).OrderByDescending(v => v.Number)
            .Select(v => new VersionLine(v.Number, v.Codes, v.MadeBy, v.MadeAt, v.PublishedBy, v.PublishedAt)).ToListAsync(stop);

    /// <summary>The lines of one version of a code list, in its order.</summary>
    public Task<List<CodeLine>> Codes(Standard list, int number, CancellationToken stop) =>
        db.Codes.AsNoTracking().Where(c => c.Standard == list.Id && c.Number == number).OrderBy(c => c.Line).ToListAsync(stop);

    /// <summary>Brings a draft into the database, unwritten: <see cref="Commit"/> writes all that was brought, and its evidence.</summary>
    /// <param name="revision">The revision its editor saw; null for a new standard, or to write over whatever is there.</param>
    /// <param name="codes">The lines of a code list; null to take those of the version lists show.</param>
    public async Task<Result<Standard>> Draft<T>(
        StandardKind kind, string code, string name, T body, IReadOnlyList<CodeRow>? codes, int? revision, bool fresh, Actor actor, CancellationToken stop)
    {
        var standard = await db.Standards.FirstOrDefaultAsync(s => s.Kind == kind && s.Code == code, stop);
        if (standard is null == !fresh)
        {
            return fresh ? Problems.CodeTaken.With(code) : Problems.NotFound.With(code);
        }

        if (revision is not null && revision != standard?.Revision)
        {
            return Problems.ChangedMeanwhile;
        }

        var now = clock.GetUtcNow();
        var shown = standard?.Draft ?? standard?.InForce;
        codes ??= kind == StandardKind.CodeList && shown is { } number ? [.. (await Codes(standard!, number, stop)).Select(CodeRow.Of)] : [];
        if (standard is null)
        {
            standard = new() { Id = Guid.CreateVersion7(now), Kind = kind, Code = code };
            db.Add(standard);
        }

        if (standard.Draft is { } open)
        {
            // A draft is written over: its lines go first, so that the numbers of the new ones are free; Commit ends the transaction.
            _ = db.Database.CurrentTransaction ?? await db.Database.BeginTransactionAsync(stop);
            await db.Codes.Where(c => c.Standard == standard.Id && c.Number == open).ExecuteDeleteAsync(stop);
        }
        else
        {
            standard.Last++;
            standard.Draft = standard.Last;
        }

        (standard.Revision, standard.ChangedAt) = (standard.Revision + 1, now);
        standard.Name = standard.InForce is null ? name : standard.Name;
        var version = await db.Versions.FindAsync([standard.Id, standard.Draft.Value], stop);
        if (version is null)
        {
            version = new() { Standard = standard.Id, Number = standard.Draft.Value };
            db.Add(version);
        }

        (version.Body, version.Codes, version.MadeBy, version.MadeAt) = (Write(body), codes.Count, actor.Name, now);
        db.Codes.AddRange(codes.Select((c, i) => c.At(standard.Id, standard.Draft.Value, i + 1)));
        return standard;
    }

    /// <summary>Writes a draft and nothing else.</summary>
    public async Task<Result<Standard>> SaveDraft<T>(
        StandardKind kind, string code, string name, T body, IReadOnlyList<CodeRow>? codes, int? revision, bool fresh, Actor actor, CancellationToken stop)
    {
        if (await Refusal(kind, code, actor, stop) is { } refused)
        {
            return refused;
        }

        var drafted = await Draft(kind, code, name, body, codes, revision, fresh, actor, stop);
        return drafted.Refused ? drafted
            : await db.Commit(ledger, actor, new(Acts[kind].Drafted, code, Evidence.Done, new { version = drafted.Value.Draft, codes = codes?.Count }), stop) is { } late ? late : drafted;
    }

    /// <summary>The draft takes the place of the version in force.</summary>
    public Task<Result<Standard>> Publish(StandardKind kind, string code, int? revision, Actor actor, CancellationToken stop) =>
        Change(kind, code, revision, actor, Acts[kind].Published, async standard =>
        {
            var version = (await db.Versions.FindAsync([standard.Id, standard.Draft!.Value], stop))!;
            (version.PublishedBy, version.PublishedAt) = (actor.Name, clock.GetUtcNow());
            standard.Name = Named(kind, version.Body);
            (standard.InForce, standard.Draft) = (standard.Draft, null);
            if (kind == StandardKind.CodeList)
            {
                await Standardise.Treatments.Follow(db, code, clock, stop);
            }

            return version.Number;
        }, stop);

    /// <summary>The draft is thrown away; a standard that never was in force goes with it.</summary>
    public Task<Result<Standard>> Discard(StandardKind kind, string code, int? revision, Actor actor, CancellationToken stop) =>
        Change(kind, code, revision, actor, Acts[kind].Discarded, async standard =>
        {
            var number = standard.Draft!.Value;
            db.Codes.RemoveRange(await db.Codes.Where(c => c.Standard == standard.Id && c.Number == number).ToListAsync(stop));
            db.Versions.Remove((await db.Versions.FindAsync([standard.Id, number], stop))!);
            standard.Draft = null;
            if (standard.InForce is null)
            {
                db.Standards.Remove(standard);
            }

            return number;
        }, stop);

    /// <summary>Why this actor may not keep standards, once it stands in the ledger; null when they may.</summary>
    public async Task<Problem?> Refusal(StandardKind kind, string code, Actor actor, CancellationToken stop)
    {
        if (actor.Has(Roles.Engineer))
        {
            return null;
        }

        await ledger.Append(actor, new(Acts[kind].Refused, code, Problems.BureauOnly.Code), stop);
        return Problems.BureauOnly;
    }

    public Task<Problem?> Commit(Actor actor, Evidence evidence, CancellationToken stop) => db.Commit(ledger, actor, evidence, stop);

    private static string Named(StandardKind kind, string body) => kind switch
    {
        StandardKind.CodeList => Read<Lists.ListBody>(body).Name,
        StandardKind.Element => Read<Elements.ElementBody>(body).Name,
        _ => Read<Rules.RuleBody>(body).Name,
    };

    private async Task<Result<Standard>> Change(StandardKind kind, string code, int? revision, Actor actor, string act, Func<Standard, Task<int>> how, CancellationToken stop)
    {
        if (await Refusal(kind, code, actor, stop) is { } refused)
        {
            return refused;
        }

        var standard = await db.Standards.FirstOrDefaultAsync(s => s.Kind == kind && s.Code == code, stop);
        if (standard is null)
        {
            return Problems.NotFound.With(code);
        }

        if (standard.Draft is null)
        {
            return Problems.NoDraft.With(standard.Name);
        }

        if (revision is not null && revision != standard.Revision)
        {
            return Problems.ChangedMeanwhile;
        }

        var version = await how(standard);
        (standard.Revision, standard.ChangedAt) = (standard.Revision + 1, clock.GetUtcNow());
        return await db.Commit(ledger, actor, new(act, code, Evidence.Done, new { version }), stop) is { } late ? late : standard;
    }
}
