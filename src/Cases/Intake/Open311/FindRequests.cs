// In: what an Open311 client asks of requests, and its key. Out: its own reports whole, newest first; without a key the progress of those it names, with nothing that tells of a person or a house.
// A report that was merged is as far as the case that is worked on for it, and names it.
using System.Globalization;
using System.Text.Json.Nodes;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Intake.Open311;

/// <summary>As GeoReport v2 names them; paging as its extension in use does.</summary>
/// <param name="Service_request_id">Several by commas.</param>
/// <param name="Start_date">ISO 8601 with an offset; ninety days before the end without it.</param>
/// <param name="Status">open, closed, or both by a comma.</param>
/// <param name="Page">1 …; a page far behind the last is empty.</param>
/// <param name="Page_size">1,000 at most, and without it.</param>
internal sealed record RequestsAsk(
    string? Service_request_id, string? Service_code = null, string? Start_date = null, string? End_date = null, string? Status = null, string? Page = null, string? Page_size = null);

internal sealed class FindRequests(CasesDb db, DeskBook desks, TimeProvider clock)
{
    private const int Most = 1_000;
    private const int MostNamed = 50;
    private const int Days = 90;

    /// <param name="channel">Null without a key.</param>
    public async Task<Result<JsonArray>> Run(RequestsAsk ask, Actor? channel, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        var numbers = ask.Service_request_id?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (numbers.Length > MostNamed)
        {
            return Problems.WrongField.With(new Text("service_request_id", "service_request_id"), new Text("不超过 50 个。", "50 at most."));
        }

        if (channel is null && numbers.Length == 0)
        {
            return Problems.WrongField.With(new Text("api_key", "api_key"), new Text("没有密钥时只能按 service_request_id 查询。", "without a key only service_request_id can be asked for."));
        }

        var (from, to, status, page, most) = (Asked.Moment("start_date", ask.Start_date), Asked.Moment("end_date", ask.End_date), Asked.Status(ask.Status), Asked.Number("page", ask.Page), Asked.Number("page_size", ask.Page_size));
        if ((from.Problem ?? to.Problem ?? status.Problem ?? page.Problem ?? most.Problem) is { } wrong)
        {
            return wrong;
        }

        var own = channel?.Id;
        var all = (status.Value is { } only ? db.Done(only == "closed") : db.Files.AsNoTracking()).Where(f => own == null || f.ReportedBy == own);
        all = numbers.Length > 0 ? all.Where(f => numbers.Contains(f.Number)) : Between(all, from.Value, to.Value ?? clock.GetUtcNow());
        var services = ask.Service_code?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (services.Select(s => CaseWords.Unclassed(s, desk, "service_code")).FirstOrDefault(p => p is not null) is { } none)
        {
            return none;
        }

        all = services.Length > 0 ? all.Where(f => services.Contains(f.Class)) : all;
        var size = Math.Min(most.Value ?? Most, Most);
        var skip = (Math.Min(page.Value ?? 1, 1_000_000) - 1L) * size;
        var found = await all.OrderByDescending(f => f.Number).Skip((int)Math.Min(skip, int.MaxValue)).Take(size).ToListAsync(stop);
        JsonArray told = [];
        foreach (var file in found)
        {
            told.Add(Told(file, await db.Main(file, stop), desk, whole: channel is not null));
        }

        return told;
    }

    private static IQueryable<CaseFile> Between(IQueryable<CaseFile> all, DateTimeOffset? from, DateTimeOffset end)
    {
        var (least, most) = (Number(from ?? end.AddDays(-Days)), Number(end.AddDays(1)));
        return all.Where(f => string.Compare(f.Number, least) >= 0 && string.Compare(f.Number, most) < 0);
    }

    /// <summary>A number begins with its day, so a span of days is a span of numbers.</summary>
    private static string Number(DateTimeOffset at) => "SJ" + at.InCity().ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Where a case was merged, the number of the one that is worked on for it; else null.</summary>
    public static Text? Note(CaseFile file, CaseFile main) => file.Id == main.Id ? null : new Text("已并入 {0}", "merged into {0}").With(main.Number);

    private static JsonObject Told(CaseFile f, CaseFile main, Desk desk, bool whole)
    {
        var told = new JsonObject
        {
            ["service_request_id"] = f.Number,
            ["status"] = main.Ended ? "closed" : "open",
            ["status_notes"] = $"{desk.FlowOf(main).TitleOf(main.State)}{(Note(f, main) is { } into ? $" · {into}" : "")}",
            ["service_name"] = f.Class is null ? null : desk.ClassName(f.Class),
            ["service_code"] = f.Class,
            ["agency_responsible"] = main.Led is { } lead ? desk.UnitName(lead) : null,
            ["requested_datetime"] = Moment(f.ReportedAt),
            ["updated_datetime"] = Moment(main.LastAt > f.LastAt ? main.LastAt : f.LastAt),
            ["expected_datetime"] = main.WholeDue is { } due ? Moment(due) : null,
        };
        if (whole)
        {
            (told["description"], told["address"], told["address_id"], told["lat"], told["long"]) = (f.Words, f.Address, f.Place, f.Y, f.X);
        }

        return told;
    }

    /// <summary>W3C form, with the city's offset.</summary>
    public static string Moment(DateTimeOffset at) => at.InCity().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
