// In: what somebody tells of something that is wrong in the city. Out: a case, whose first clocks run. The same key again gets the same case.
// A moment that lies further back than who tells it can vouch for is kept as what was claimed: number and limits begin with the receipt.
// Refuses an unknown place, an unknown class, and nothing told at all.
using System.Globalization;
using Lizhou.Cases.Centre;
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Cases.Acting;

internal sealed class ReportCase(CaseWriter writer, DeskBook desks, PersonWords people, TimeProvider clock)
{
    private const int MostYears = 10;

    /// <summary>What the fields are called on the forms.</summary>
    private static readonly Dictionary<string, Text> Named = new(StringComparer.Ordinal)
    {
        ["words"] = new("情况描述", "What is wrong"), ["address"] = new("地址", "Address"), ["name"] = new("姓名", "Name"), ["phone"] = new("电话", "Telephone"), ["email"] = new("邮箱", "Mail"), ["x"] = new("位置", "Position"), ["source"] = new("来源", "Source"), ["media"] = new("图片地址", "Address of a picture"),
    };

    /// <summary>How far back a program or device says when it saw something: what was out of its network for a day is sent after it.</summary>
    public static readonly TimeSpan MachinesBack = TimeSpan.FromDays(1);

    /// <summary>The same of a person, who may enter what was taken down before a long holiday.</summary>
    public static readonly TimeSpan PersonsBack = TimeSpan.FromDays(10);

    /// <param name="Words">What is wrong; 4 to 4,000 characters.</param>
    /// <param name="Place">Code of a town, village or grid of the register of nodes; null: the lowest whose area holds the position, else the city's centre.</param>
    /// <param name="X">Longitude, CGCS2000, degrees. Anywhere: a phone may be wrong about where it is, and the place says which node answers.</param>
    /// <param name="At">When it was seen; null: now. Of a person more than ten days ago: kept as told, the case begins with its receipt.</param>
    /// <param name="Phone">Of who reports.</param>
    /// <param name="Key">Chosen by the sender: the same again gets the same case.</param>
    /// <param name="Media">Address of a picture.</param>
    /// <param name="Email">To reach who reports; kept where no telephone is told.</param>
    internal sealed record Ask(
        string? Words, string? Place = null, CaseSource Source = CaseSource.Hotline, string? Class = null, string? Address = null, double? X = null, double? Y = null, string? Name = null, string? Phone = null,
        DateTimeOffset? At = null, string? Key = null, string? Media = null, string? Email = null) : IChecked
    {
        /// <summary>When it was seen by the word of the sender, where that is too long ago to begin the case; null: <see cref="At"/> says it.</summary>
        internal DateTimeOffset? Claimed { get; init; }

        /// <summary>The same, begun with its receipt where it claims to be older than <paramref name="back"/>.</summary>
        internal Ask Within(TimeSpan back, DateTimeOffset now) => At is { } at && at < now - back && at >= now.AddYears(-MostYears) ? this with { At = null, Claimed = at } : this;

        public IEnumerable<Fault> Check()
        {
            if (Words?.Trim() is not { Length: >= 4 and <= 4_000 })
            {
                yield return new("words", new("请用 4 至 4000 字写明情况", "says in 4 to 4,000 characters what is wrong"));
            }

            if (Address?.Length > 256)
            {
                yield return new("address", new("不超过 256 字", "has at most 256 characters"));
            }

            if (Name?.Length > 50)
            {
                yield return new("name", new("不超过 50 字", "has at most 50 characters"));
            }

            if (!Legible.IsPhone(Phone))
            {
                yield return new("phone", Legible.NoPhone);
            }

            if (!Legible.IsMail(Email))
            {
                yield return new("email", Legible.NoMail);
            }

            foreach (var (field, said) in new[] { ("words", Words), ("address", Address), ("name", Name), ("key", Key), ("media", Media) })
            {
                if (!Legible.Is(said))
                {
                    yield return new(field, Legible.Fault);
                }
            }

            if (Key?.Length > 100)
            {
                yield return new("key", new("不超过 100 字", "has at most 100 characters"));
            }

            if (!Enum.IsDefined(Source))
            {
                yield return new("source", new("没有这个来源", "is no source"));
            }

            if (X is < -180 or > 180 or double.NaN || Y is < -90 or > 90 or double.NaN || X is null != Y is null)
            {
                yield return new("x", new("经纬度须同时填写，单位为度", "goes with y, both in degrees"));
            }

            if (Media is not null && (Media.Length > 500 || !Uri.TryCreate(Media, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
            {
                yield return new("media", new("须为 http 或 https 地址，不超过 500 字", "is an address of http or https of at most 500 characters"));
            }
        }
    }

    /// <summary>Sources a person may name: logs, other levels and programs have ways in of their own; what a leader hands down counts double in some schemes, so that only who accepts or files for the whole city says so.</summary>
    public static IReadOnlyList<CaseSource> SourcesOf(Actor actor, Desk desk)
    {
        var centre = desk.Duties.Of(actor, desk.Nodes.Centre.Code);
        return [.. Enum.GetValues<CaseSource>().Where(s => s is not (CaseSource.Log or CaseSource.Upper or CaseSource.Lower) && (s != CaseSource.Leader || centre.Contains("acceptor") || centre.Contains("chief")))];
    }

    /// <summary>Of a person, who says where it comes from.</summary>
    public async Task<Result<CaseWhole>> ByHand(Ask ask, Actor actor, CancellationToken stop) =>
        !Enum.IsDefined(ask.Source) || SourcesOf(actor, await desks.Now(stop)).Contains(ask.Source) ? await Run(ask.Within(PersonsBack, clock.GetUtcNow()), actor, stop)
        : Problems.WrongField.With(Named["source"], ask.Source == CaseSource.Leader ? new Text("领导交办由市中心的受理员或值班长登记。", "What a leader hands down is registered by the acceptor or the chief on duty of the city's centre.")
            : new Text("外部日志只由导入产生，上级交办、下级上报只由省市县联动产生。", "Logs come by their import, other levels by the line to them.")).At("source");

    public async Task<Result<CaseWhole>> Run(Ask ask, Actor actor, CancellationToken stop) =>
        actor.Has(Roles.Steward) || actor.Has(Roles.Engineer) ? await Take(ask, [], actor, stop) : Problems.NotReporter;

    /// <summary>Of anybody, the public too.</summary>
    /// <param name="photos">As <see cref="Intake.Photo"/> made them.</param>
    public async Task<Result<CaseWhole>> Take(Ask ask, IReadOnlyList<byte[]> photos, Actor actor, CancellationToken stop)
    {
        var (desk, now) = (await desks.Now(stop), clock.GetUtcNow());
        var place = ask.Place is { Length: > 0 } named ? desk.Nodes.Find(named) : (ask is { X: { } x, Y: { } y } ? Sketch.Find(x, y, desk.Nodes) : null) ?? desk.Nodes.Centre;
        var refused = ask.Check().FirstOrDefault() is { } fault ? Problems.WrongField.With(Named.GetValueOrDefault(fault.Field, new(fault.Field, fault.Field)), fault.What).At(fault.Field)
            : place is null ? Problems.NoPlace.With(ask.Place).At("place")
            : ask.Class is { Length: > 0 } code && !desk.Classes.ContainsKey(code) ? Problems.WrongField.With(new Text("事件分类", "Class"), new Text("没有这个分类。", "There is no such class.")).At("class")
            : ask.At > now.AddMinutes(1) || ask.At < now.AddYears(-MostYears) ? Problems.WrongTime.At("at")
            : null;
        return refused is not null ? refused : await writer.Run<CaseWhole>((session, all) => Write(session, ask, place!.Code, photos, actor, desk, now, all), stop);
    }

    internal async Task<Result<CaseWhole>> Write(CaseSession session, Ask ask, string place, IReadOnlyList<byte[]> photos, Actor actor, Desk desk, DateTimeOffset now, CancellationToken stop)
    {
        var sender = actor.Id.ToString("D");
        if (ask.Key is { Length: > 0 } key && await session.Key(sender, key, stop) is { } first)
        {
            return (await session.Whole(first, stop))!;
        }

        var contact = string.IsNullOrWhiteSpace(ask.Phone) ? ask.Email?.Trim() : ask.Phone.Trim();
        var reporter = ask.Name?.Trim() is { Length: > 0 } || contact is { Length: > 0 };
        var day = (ask.At ?? now).InCity().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var told = new Reported(await session.Number(day, stop), place, ask.Source, ask.Words!.Trim(), ask.Address?.Trim() ?? "", ask.X, ask.Y, reporter, ask.Media, photos.Count, ask.Claimed);
        var decided = Decide.Report(Guid.CreateVersion7(now), told, ask.Class is { Length: > 0 } given ? given : null, null, actor, desk, ask.At ?? now, now);
        var late = await session.Write(CaseWhole.None, decided.After, decided.Events, actor, new("case.registered", told.Number, Evidence.Done, new { ask.Source, place }), stop);
        if (reporter)
        {
            session.Put($"INSERT INTO case_reporter (case_id, name, phone) VALUES ({decided.After.File.Id.ToString("D")}, {people.Seal(ask.Name) ?? ""}, {people.Seal(contact)})");
        }

        for (var i = 0; i < photos.Count; i++)
        {
            session.Put($"INSERT INTO case_photo (case_id, place, body) VALUES ({decided.After.File.Id.ToString("D")}, {i + 1}, {photos[i]})");
        }

        if (ask.Key is { Length: > 0 })
        {
            session.Keep(sender, ask.Key, told.Number);
        }

        return late is null ? decided.After : late;
    }
}
