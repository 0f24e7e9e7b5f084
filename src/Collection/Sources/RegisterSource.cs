// In: a source as entered, new or changed. Out: the source, with evidence. Refuses what has no published resource (the first gate),
// other units, taken codes, bad settings. A secret left empty stays as it was; one entered is protected and never shown again.
using System.Security.Claims;
using System.Text.RegularExpressions;
using Lizhou.Collection.Batches;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Collection.Sources;

/// <param name="Code">In addresses and folder names: lower-case Latin letters, digits, hyphens.</param>
/// <param name="Resource">Code of a published resource; its unit is the source's unit.</param>
/// <param name="Secret">Password or key; null keeps what there is, empty removes it.</param>
/// <param name="Mapping">Column of the file → item, by its name or column; empty leaves the column out.</param>
internal sealed partial record SourceEntry(
    string Code, string Name, string Resource, Guid? System, WaySettings Settings, DriftPolicy Drift = DriftPolicy.Refuse, Schedule? Schedule = null,
    string? Secret = null, FileShape? Shape = null, IReadOnlyDictionary<string, string>? Mapping = null) : IChecked
{
    public IEnumerable<Fault> Check()
    {
        // A body may leave anything out: what the record calls present is null then.
        if (Code is null || !CodePattern().IsMatch(Code))
        {
            yield return new("Code", new("应为 2 到 60 个小写字母、数字或连字符", "must be 2 to 60 lower-case letters, digits or hyphens"));
        }

        if (Name is null || Name.Trim().Length is 0 or > 100 || Name.Any(char.IsControl))
        {
            yield return new("Name", new("应为 1 到 100 个字符", "must be 1 to 100 characters"));
        }

        if (string.IsNullOrWhiteSpace(Resource))
        {
            yield return new("Resource", new("请指明信息资源", "must name a resource"));
        }

        if (Settings is null)
        {
            yield return new("Settings", new("请给出方式及其设置，例如 {\"way\":\"push\"}", "must say the way and its settings, e.g. {\"way\":\"push\"}"));
            yield break;
        }

        if (Mapping?.Values.Any(v => v is null) == true)
        {
            yield return new("Mapping", new("不归集的列请写空文本", "leaves a column out by an empty text"));
        }

        foreach (var fault in Settings.Check().Concat(Schedule?.Check() ?? []))
        {
            yield return fault;
        }

        if (Schedule is not null && Settings is not (DatabaseSettings or ApiSettings))
        {
            yield return new("Schedule", new("只有数据库和接口采集需要计划", "only databases and web interfaces are read by schedule"));
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,59}$", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();
}

internal sealed class RegisterSource(SourcesDb db, IntakeBatch intake, Secrets secrets, ILedger ledger, TimeProvider clock)
{
    internal static async Task<Results<Created<SourceView>, ProblemHttpResult>> Handle(
        SourceEntry entry, RegisterSource register, FindSources find, ClaimsPrincipal who, CancellationToken stop)
    {
        var source = await register.Register(entry, Actor.From(who)!, stop);
        return source.Refused
            ? source.Problem!.ToHttp()
            : TypedResults.Created($"/api/v1/sources/{source.Value.Code}", await find.View(source.Value, stop));
    }

    internal static async Task<Results<Ok<SourceView>, ProblemHttpResult>> HandleChange(
        string source, SourceEntry entry, RegisterSource register, FindSources find, ClaimsPrincipal who, CancellationToken stop)
    {
        var changed = await register.Change(source, entry, Actor.From(who)!, stop);
        return changed.Refused ? changed.Problem!.ToHttp() : TypedResults.Ok(await find.View(changed.Value, stop));
    }

    public async Task<Result<Source>> Register(SourceEntry entry, Actor actor, CancellationToken stop)
    {
        var source = new Source { Id = Guid.CreateVersion7(clock.GetUtcNow()), CreatedAt = clock.GetUtcNow() };
        var filled = await Fill(source, entry, actor, stop);
        if (filled.Refused)
        {
            return filled.Problem!;
        }

        db.Sources.Add(source);
        return await Save(source, "source.registered", actor, stop);
    }

    public async Task<Result<Source>> Change(string code, SourceEntry entry, Actor actor, CancellationToken stop)
    {
        var source = await db.Sources.FirstOrDefaultAsync(s => s.Code == code, stop);
        if (source is null || !actor.ActsFor(source.Unit))
        {
            return SourceProblems.NoSource.With(code);
        }

        var filled = await Fill(source, entry, actor, stop);
        return filled.Refused ? filled.Problem! : await Save(source, "source.changed", actor, stop);
    }

    private async Task<Result<Source>> Fill(Source source, SourceEntry entry, Actor actor, CancellationToken stop)
    {
        var faults = entry.Check().ToList();
        if (faults.Count > 0)
        {
            return SourceProblems.Invalid.With(string.Join("; ", faults.Select(f => $"{f.Field} {f.What}")));
        }

        var admitted = await intake.Admit(entry.Resource, actor, stop);
        if (admitted.Refused)
        {
            return admitted.Problem!;
        }

        var name = entry.Name.Trim();
        if (await db.Sources.AnyAsync(s => s.Id != source.Id && (s.Code == entry.Code || s.Name == name), stop))
        {
            return SourceProblems.Taken.With($"{entry.Code} / {name}");
        }

        if (!Same(source.Settings, entry.Settings))
        {
            source.Watermark = null; // another table or mark: what was reached there means nothing here
        }

        (source.Code, source.Name, source.Unit, source.System) = (entry.Code, name, admitted.Value.Unit, entry.System ?? admitted.Value.System);
        (source.Resource, source.Settings, source.Way) = (admitted.Value.Code, entry.Settings, WayOf(entry.Settings));
        (source.Drift, source.Schedule, source.ChangedAt) = (entry.Drift, entry.Schedule, clock.GetUtcNow());
        source.Shape = entry.Shape ?? source.Shape;
        source.Mapping = entry.Mapping ?? source.Mapping;
        source.Secret = entry.Secret switch { null => source.Secret, "" => null, var secret => secrets.Protect(secret) };
        source.NextAt = source.State == SourceState.Active ? source.Schedule?.Next(clock.GetUtcNow(), await db.Calendar(stop)) : null;
        return source;
    }

    private async Task<Result<Source>> Save(Source source, string act, Actor actor, CancellationToken stop)
    {
        try
        {
            await db.SaveChangesAsync(stop);
        }
        catch (DbUpdateException) when (db.Sources.AsNoTracking().Any(s => s.Id != source.Id && (s.Code == source.Code || s.Name == source.Name)))
        {
            return SourceProblems.Taken.With($"{source.Code} / {source.Name}");
        }

        await ledger.Append(actor, new(act, source.Code, "done", new { source.Name, source.Resource, way = source.Way.ToString() }), stop);
        return source;
    }

    private static Way WayOf(WaySettings settings) => settings switch
    {
        FolderSettings => Way.Folder,
        PushSettings => Way.Push,
        DatabaseSettings => Way.Database,
        ApiSettings => Way.Api,
        _ => Way.Upload,
    };

    private static bool Same(WaySettings before, WaySettings after) => (before, after) switch
    {
        (DatabaseSettings a, DatabaseSettings b) => (a.Kind, a.Host, a.Port, a.Database, a.Schema, a.Table, a.Mode, a.Mark) == (b.Kind, b.Host, b.Port, b.Database, b.Schema, b.Table, b.Mode, b.Mark),
        (ApiSettings a, ApiSettings b) => (a.Url, a.SinceParameter, a.SinceField) == (b.Url, b.SinceParameter, b.SinceField),
        _ => before.GetType() == after.GetType(),
    };
}
