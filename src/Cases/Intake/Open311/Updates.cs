// In: a channel's key and either a span of time or something more about a case it reported. Out: what happened to its cases, oldest first; or the words as an event of the case, once for each update_id.
// Of a report that was merged, what happens to the case that is worked on for it is told under its own number.
// The extension of GeoReport v2 that clients use: servicerequestupdates.
using System.Text.Json.Nodes;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Intake.Open311;

internal sealed class Updates(CasesDb db, StateStore state, CaseWriter writer, DeskBook desks, TimeProvider clock)
{
    private const int Most = 1_000;

    /// <summary>What was done is told to who reported only when the case is closed; before that, its steps.</summary>
    public async Task<JsonArray> Since(DateTimeOffset? from, DateTimeOffset? to, Actor channel, CancellationToken stop)
    {
        var (desk, now) = (await desks.Now(stop), clock.GetUtcNow());
        var (least, most) = ((from ?? now.AddDays(-1)).ToStored(), (to ?? now).ToStored());
        var own = channel.Id;
        var happened = await db.Events.FromSql($"SELECT * FROM case_event WHERE known_at >= {least} AND known_at <= {most}").AsNoTracking()
            .Where(e => db.Files.Any(f => f.Id == e.CaseId && f.ReportedBy == own)).OrderBy(e => e.KnownAt).ThenBy(e => e.CaseId).ThenBy(e => e.Seq).Take(Most).ToListAsync(stop);
        var followed = await Followed(own, least, most, stop);
        var elsewhere = followed.Select(f => f.Case).ToHashSet();
        var theirs = (await db.Events.FromSql($"SELECT * FROM case_event WHERE known_at >= {least} AND known_at <= {most}").AsNoTracking().Where(e => elsewhere.Contains(e.CaseId)).ToListAsync(stop)).ToDictionary(e => (e.CaseId, e.Seq));
        var cases = happened.Select(e => e.CaseId).Concat(followed.Select(f => f.Report)).Concat(elsewhere).ToHashSet();
        var files = await db.Files.AsNoTracking().Where(f => cases.Contains(f.Id)).ToDictionaryAsync(f => f.Id, stop);
        var mains = new Dictionary<Guid, CaseFile>();
        foreach (var file in files.Values)
        {
            mains[file.Id] = await db.Main(file, stop);
        }

        return new JsonArray(
        [
            .. happened.Select(e => (Event: e, Report: e.CaseId)).Concat(followed.Select(f => (Event: theirs[(f.Case, f.Seq)], f.Report)))
                .OrderBy(t => t.Event.KnownAt).ThenBy(t => t.Report).ThenBy(t => t.Event.CaseId).ThenBy(t => t.Event.Seq).Take(Most).Select(t => Told(t.Event, files[t.Event.CaseId], files[t.Report], mains[t.Report], desk)),
        ]);
    }

    /// <summary>What happened to cases into which a channel's were merged, from then on, and to which of its own.</summary>
    private async Task<IReadOnlyList<(Guid Report, Guid Case, long Seq)>> Followed(Guid channel, string least, string most, CancellationToken stop) => await state.Read(
        $"""
         WITH RECURSIVE follows (report, since, main) AS (
             SELECT id, closed_at, parent FROM case_file WHERE reported_by = {channel.ToString("D")} AND parent IS NOT NULL
             UNION ALL SELECT w.report, w.since, f.parent FROM follows w JOIN case_file f ON f.id = w.main WHERE f.parent IS NOT NULL)
         SELECT w.report, e.case_id, e.seq FROM follows w JOIN case_event e ON e.case_id = w.main
         WHERE e.known_at >= {least} AND e.known_at <= {most} AND e.at >= w.since ORDER BY e.known_at, e.case_id, e.seq LIMIT {Most}
         """,
        r => (Guid.Parse(r.GetString(0)), Guid.Parse(r.GetString(1)), r.GetInt64(2)), stop);

    public async Task<Result<JsonArray>> Add(IFormCollection form, Actor channel, CancellationToken stop)
    {
        string Of(string name) => form[name].ToString().Trim();
        var (number, id, words) = (Of("service_request_id"), Of("update_id"), Of("description"));
        var wrong = number.Length is 0 or > 30 ? "service_request_id" : id.Length is 0 or > 90 || !Legible.Is(id) ? "update_id" : words.Length is 0 or > 1_000 || !Legible.Is(words) ? "description" : null;
        if (wrong is not null)
        {
            return Problems.WrongField.With(new Text(wrong, wrong), new Text("须填写，不含控制字符；说明不超过 1000 字，编号不超过 90 字。", "it is needed, without control characters; a description has at most 1,000 characters, an id 90."));
        }

        var added = await writer.Run<bool>((session, all) => Write(session, number, $"update {id}", words, channel, all), stop, number);
        return added.Problem is { } refused ? refused : new JsonArray(new JsonObject { ["update_id"] = id });
    }

    private async Task<Result<bool>> Write(CaseSession session, string number, string key, string words, Actor channel, CancellationToken stop)
    {
        if (await session.Whole(number, stop) is not { } whole || whole.File.ReportedBy != channel.Id)
        {
            return Problems.NoCase.With(number);
        }

        var sender = channel.Id.ToString("D");
        if (await session.Key(sender, key, stop) is not null)
        {
            return true;
        }

        session.Keep(sender, key, number);

        var told = Decide.Told(whole, "supplement", new(words, words), clock.GetUtcNow(), actor: channel);
        return await session.Write(whole, told.After, told.Events, channel, new("case.supplemented", number, Evidence.Done), stop) is { } late ? late : true;
    }

    /// <param name="file">Of the event.</param>
    /// <param name="report">Of the channel: the same, or one that was merged into it.</param>
    private static JsonObject Told(CaseEvent e, CaseFile file, CaseFile report, CaseFile main, Desk desk)
    {
        var flow = desk.FlowOf(file);
        var merged = e.Detail.Outcome == Outcome.Merged;
        var done = merged ? FindRequests.Note(report, main)?.ToString() : e.Detail.Outcome is not null ? e.Reason : file.Ended && e.Detail.Effects.Contains("handled") ? e.Detail.Fields.GetValueOrDefault("result") : null;
        return new()
        {
            ["update_id"] = report.Id == file.Id ? $"{file.Number}-{e.Seq}" : $"{report.Number}-{file.Number}-{e.Seq}",
            ["service_request_id"] = report.Number,
            ["status"] = e.Detail.Ended && !merged ? "closed" : "open",
            ["updated_datetime"] = FindRequests.Moment(e.At),
            ["description"] = $"{flow.ActTitle(e.Act)} · {flow.TitleOf(e.State)}{(done is { Length: > 0 } ? $" · {done}" : "")}",
            ["media_url"] = null,
        };
    }
}
