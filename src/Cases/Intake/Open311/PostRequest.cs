// In: a report as Open311 clients send it, and the channel's key. Out: a case and its number; the same Idempotency-Key again gets the same case. Refuses a service that is none, no place, no words, each by its name.
using System.Globalization;
using System.Text.Json.Nodes;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Nodes;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Cases.Intake.Open311;

internal sealed class PostRequest(ReportCase report, DeskBook desks)
{
    /// <summary>What the standard calls our fields.</summary>
    private static readonly Dictionary<string, string> Theirs = new(StringComparer.Ordinal)
    {
        ["words"] = "description", ["address"] = "address_string", ["name"] = "first_name, last_name", ["x"] = "lat, long", ["media"] = "media_url", ["key"] = "Idempotency-Key",
    };

    public async Task<Result<JsonArray>> Run(IFormCollection form, string? key, CaseSource source, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        string Of(string name) => form[name].ToString().Trim();
        var (service, address) = (Of("service_code"), Of("address_string"));
        if (!desk.Classes.TryGetValue(service, out var known))
        {
            return Problems.WrongField.With(new Text("service_code", "service_code"), new Text("须为 services 中的编码。", "one of the codes of services is needed."));
        }

        var (x, y) = (Degrees(Of("long")), Degrees(Of("lat")));
        if (x is double.NaN || y is double.NaN)
        {
            return Problems.WrongField.With(new Text("lat, long", "lat, long"), new Text("须为十进制度。", "decimal degrees are needed."));
        }

        var node = Of("address_id") is { Length: > 0 } code ? code : InAddress(address, desk.Nodes)?.Code;
        if (x is null && address.Length == 0 && node is null)
        {
            return Problems.WrongField.With(new Text("lat, long, address_string", "lat, long, address_string"), new Text("须填写位置：经纬度、address_string 或 address_id。", "a place is needed: lat and long, address_string or address_id."));
        }

        var words = Of("description") is { Length: > 0 } said ? said.Length < 4 ? $"{known.Name}：{said}" : said : $"{known.Family} · {known.Name}"; // The standard asks for none.
        var ask = new ReportCase.Ask(words, node, source, service, address, x, y, $"{Of("first_name")} {Of("last_name")}".Trim(), Of("phone"), Key: key, Media: Of("media_url") is { Length: > 0 } media ? media : null, Email: Of("email"));
        if (ask.Check().FirstOrDefault() is { } fault)
        {
            var field = Theirs.GetValueOrDefault(fault.Field, fault.Field);
            return Problems.WrongField.With(new Text(field, field), fault.What);
        }

        if (node is not null && desk.Nodes.Find(node) is null)
        {
            return Problems.WrongField.With(new Text("address_id", "address_id"), new Text("没有这个地点。", "there is no such place."));
        }

        var made = await report.Run(ask, actor, stop);
        return made.Problem is { } refused ? refused : new JsonArray(new JsonObject { ["service_request_id"] = made.Value.File.Number, ["service_notice"] = null, ["account_id"] = null });
    }

    private static double? Degrees(string text) =>
        text.Length == 0 ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees) ? degrees : double.NaN;

    /// <summary>The lowest node whose name an address holds; of several with that name none. Grids of all villages are called alike: one is looked for only in the village that is named.</summary>
    private static CaseNode? InAddress(string address, NodeBook nodes)
    {
        bool Named(CaseNode node) => address.Contains(PlaceWords.InAddress(node.Name), StringComparison.Ordinal);
        var named = nodes.ByCode.Values.Where(n => n.Parent is not null && n.Kind != NodeKind.Grid && Named(n)).ToList();
        var lowest = named.Where(n => n.Kind == NodeKind.Village).ToList() is { Count: > 0 } villages ? villages : named;
        var found = lowest.Count == 1 ? lowest[0] : lowest.FirstOrDefault(n => named.Any(m => m.Code == n.Parent));
        return found is null ? null : nodes.Below[found.Code].FirstOrDefault(n => n.Kind == NodeKind.Grid && Named(n)) ?? found;
    }
}
