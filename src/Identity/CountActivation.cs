// In: a period. Out: the activation rate (激活率) of each unit the actor may see, and the accounts and people behind every figure.
// Rate = open accounts that signed in during the period ÷ open accounts. Listed people in office without an account stand beside it: they are due one.
using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Tabular.Writers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Identity;

[JsonConverter(typeof(JsonStringEnumConverter<Activation>))]
internal enum Activation
{
    /// <summary>Open, and came in during the period.</summary>
    Activated,

    /// <summary>Open, and did not.</summary>
    Unused,

    /// <summary>A listed person in office who has no open account.</summary>
    Unopened,
}

/// <summary>One behind the figures.</summary>
/// <param name="Login">Null where there is no account.</param>
/// <param name="Unit">Null for accounts of no unit, such as the administrators'.</param>
/// <param name="SignIns">In the period.</param>
/// <param name="LastInAt">Ever; null for never.</param>
internal sealed record ActivationLine(Activation State, string? Login, string Name, Guid? Unit, string? UnitName, long SignIns, DateTimeOffset? LastInAt);

/// <param name="Unit">Null for accounts of no unit.</param>
/// <param name="Open">Accounts that may come in.</param>
/// <param name="Unopened">People without one.</param>
internal sealed record UnitActivation(Guid? Unit, string? Name, int Open, int Activated, int Unopened)
{
    /// <summary>0 to 1; null when nobody has an account.</summary>
    public decimal? Rate => Open == 0 ? null : Math.Round((decimal)Activated / Open, 4);
}

internal sealed class CountActivation(IdentityDb db, StateStore state, IUnits units, IPeople people, ILedger ledger, TimeProvider clock)
{
    /// <param name="Unit">The empty id for accounts of no unit; null for all.</param>
    internal sealed record Filter(DateOnly? From = null, DateOnly? To = null, Guid? Unit = null, Activation? Show = null);

    internal sealed record Answer(Period Period, UnitActivation All, IReadOnlyList<UnitActivation> Units);

    internal static async Task<Ok<Answer>> Handle([AsParameters] Filter filter, CountActivation count, ClaimsPrincipal user, CancellationToken stop)
    {
        var period = count.Of(filter);
        var lines = await count.Lines(period, filter.Unit, Actor.From(user)!, stop);
        return TypedResults.Ok(new Answer(period, Sum(lines), ByUnit(lines)));
    }

    internal static async Task<Ok<Page<ActivationLine>>> HandleLines([AsParameters] Filter filter, [AsParameters] PageAsk ask, CountActivation count, ClaimsPrincipal user, CancellationToken stop) =>
        TypedResults.Ok(Cut(await count.Lines(count.Of(filter), filter.Unit, Actor.From(user)!, stop), filter.Show, ask));

    internal static async Task<FileContentHttpResult> HandleExport([AsParameters] Filter filter, string? format, CountActivation count, ClaimsPrincipal user, CancellationToken stop) =>
        await count.Export(filter, format, Actor.From(user)!, stop);

    public static UnitActivation Sum(IReadOnlyList<ActivationLine> lines) => new(
        null, null, lines.Count(l => l.State != Activation.Unopened), lines.Count(l => l.State == Activation.Activated), lines.Count(l => l.State == Activation.Unopened));

    public static IReadOnlyList<UnitActivation> ByUnit(IReadOnlyList<ActivationLine> lines) =>
        [.. lines.GroupBy(l => (l.Unit, l.UnitName)).Select(g => Sum([.. g]) with { Unit = g.Key.Unit, Name = g.Key.UnitName })];

    public static Page<ActivationLine> Cut(IReadOnlyList<ActivationLine> lines, Activation? show, PageAsk ask) => ask.Of<ActivationLine>([.. lines.Where(l => show is null || l.State == show)]);

    public static Text Shown(Activation state) => state switch
    {
        Activation.Activated => new("已激活", "Activated"),
        Activation.Unused => new("未激活", "Not activated"),
        _ => new("未开户", "No account"),
    };

    /// <summary>By unit, those without unit last; in a unit by state and name.</summary>
    public async Task<IReadOnlyList<ActivationLine>> Lines(Period period, Guid? only, Actor actor, CancellationToken stop)
    {
        var tree = await units.All(stop);
        var place = tree.Select((u, i) => (u.Id, At: (Order: i, u.Name))).ToDictionary(u => u.Id, u => u.At);
        var charge = Keeping.Charge(actor, tree);
        bool Wanted(Guid? unit) => (charge is null || (unit is { } own && charge.Contains(own))) && (only is null || only == (unit ?? Guid.Empty));
        ActivationLine Line(Activation is_, string? login, string name, Guid? unit, long signIns, DateTimeOffset? last) =>
            new(is_, login, name, unit, unit is { } id && place.TryGetValue(id, out var at) ? at.Name : null, signIns, last);

        var accounts = await db.Accounts.AsNoTracking().Where(a => a.Active).ToListAsync(stop);
        var came = await SignIns(period, stop);
        var holders = accounts.Select(a => a.Person).ToHashSet();
        return
        [
            .. accounts.Where(a => Wanted(a.Unit))
                .Select(a => (Account: a, Times: came.GetValueOrDefault(a.Id)))
                .Select(a => Line(a.Times > 0 ? Activation.Activated : Activation.Unused, a.Account.Login, a.Account.Name, a.Account.Unit, a.Times, a.Account.LastInAt))
                .Concat((await people.Of([.. tree.Select(u => u.Id).Where(u => Wanted(u))], stop)).Where(p => !holders.Contains(p.Id)).Select(p => Line(Activation.Unopened, null, p.Name, p.Unit, 0, null)))
                .OrderBy(l => l.Unit is { } unit && place.TryGetValue(unit, out var at) ? at.Order : int.MaxValue).ThenBy(l => l.State).ThenBy(l => l.Name, StringComparer.Ordinal),
        ];
    }

    public async Task<FileContentHttpResult> Export(Filter filter, string? format, Actor actor, CancellationToken stop)
    {
        var period = Of(filter);
        var lines = (await Lines(period, filter.Unit, actor, stop)).Where(l => filter.Show is null || l.State == filter.Show).ToList();
        await ledger.Append(actor, new("accounts.exported", "activation", Evidence.Done, new { period.First, period.Last, rows = lines.Count }), stop);
        var title = new Text("账号激活", "Activation").ToString();
        (Text, double)[] columns = [(new("机构", "Unit"), 32), (new("姓名", "Name"), 16), (new("账号", "Login"), 20), (new("状态", "State"), 14), (new("期内登录次数", "Sign-ins in the period"), 20), (new("最近登录", "Last sign-in"), 20)];
        var file = ListFile.Of(
            format, title, [.. columns.Select(c => (c.Item1.ToString(), c.Item2))],
            lines.Select(l => new[] { l.UnitName, l.Name, l.Login, Shown(l.State).ToString(), l.SignIns.ToString(CultureInfo.InvariantCulture), l.LastInAt?.Shown() }));
        return TypedResults.File(file.Content, file.Type, $"{title}_{period.First:yyyyMMdd}_{period.Last:yyyyMMdd}{file.Ending}");
    }

    private Period Of(Filter filter) => Period.Of(filter.From, filter.To, clock);

    private async Task<Dictionary<Guid, long>> SignIns(Period period, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        return await connection.Rows(
            null,
            $"""
             SELECT account, COUNT(*) FROM identity_sign_in
             WHERE account IS NOT NULL AND result = {Evidence.Done} AND at >= {period.First.Midnight().ToStored()} AND at < {period.Last.EndOfDay().ToStored()} GROUP BY account
             """,
            r => (Account: Guid.Parse(r.GetString(0)), Times: r.GetInt64(1)),
            stop).ToDictionaryAsync(r => r.Account, r => r.Times, cancellationToken: stop);
    }
}
