// In: a report of a system or a sensor as JSON, and its channel's key. Out: a case with its number and where its progress stands; the same Idempotency-Key again gets the first case.
// Refuses by the name of the field: neither class nor words, no place, a class or a place that is none, what is too long, a value without its name.
using System.Globalization;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Cases.Intake.Systems;

/// <summary>What a sensor or a model measured.</summary>
/// <param name="Name">E.g. 水位; 1 to 50 characters.</param>
/// <param name="Unit">Null for a plain number.</param>
/// <param name="Limit">That it is past; null: none.</param>
internal sealed record Measured(string? Name, decimal? Value, string? Unit = null, decimal? Limit = null)
{
    public string Said => $"{Name!.Trim()} {Number(Value!.Value)}{(Unit is { Length: > 0 } ? $" {Unit.Trim()}" : "")}{(Limit is { } limit ? $"（{new Text("限值", "limit")} {Number(limit)}）" : "")}";

    private static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}

/// <param name="Number">Of the case.</param>
/// <param name="Link">Page on which anybody sees how far it is, by its number.</param>
/// <param name="State">Code of the flow's state it is in now.</param>
internal sealed record ReportTaken(string Number, string Link, string State);

internal sealed class TakeReport(ReportCase report, DeskBook desks, TimeProvider clock)
{
    /// <summary>A report. Text or class is needed, and one of place, address and x with y.</summary>
    /// <param name="Class">Code of the classes of cases.</param>
    /// <param name="Text">What is wrong; 4 to 3,000 characters; null: the class says it.</param>
    /// <param name="Place">Code of a town or village of the register of nodes.</param>
    /// <param name="X">Longitude, CGCS2000, degrees.</param>
    /// <param name="Y">Latitude.</param>
    /// <param name="At">When it was seen or measured; null: now. More than a day ago: kept as told, the case begins with its receipt, for the clock of a device may be wrong.</param>
    /// <param name="Device">Name or number of the camera or sensor; kept with the words.</param>
    /// <param name="Media">Address of a picture; it is never fetched from here.</param>
    internal sealed record Ask(
        string? Class = null, string? Text = null, string? Place = null, string? Address = null, double? X = null, double? Y = null, DateTimeOffset? At = null, string? Device = null, Measured? Measured = null, string? Media = null,
        string? Name = null, string? Phone = null) : IChecked
    {
        public IEnumerable<Fault> Check()
        {
            if (string.IsNullOrWhiteSpace(Text) && string.IsNullOrWhiteSpace(Class))
            {
                yield return new("text", new("请填写 text 或 class", "or class is needed"));
            }

            if (Text?.Trim() is { Length: > 0 and < 4 or > 3_000 })
            {
                yield return new("text", new("请用 4 至 3000 字写明情况", "says in 4 to 3,000 characters what is wrong"));
            }

            if (string.IsNullOrWhiteSpace(Place) && string.IsNullOrWhiteSpace(Address) && X is null && Y is null)
            {
                yield return new("place", new("请填写 place、address 或 x 与 y", "or address, or x and y, is needed"));
            }

            if (!Legible.Is(Text))
            {
                yield return new("text", Legible.Fault);
            }

            if (!Legible.Is(Device))
            {
                yield return new("device", Legible.Fault);
            }

            if (!Legible.Is(Measured?.Name, Measured?.Unit))
            {
                yield return new("measured", Legible.Fault);
            }

            if (Device?.Length > 100)
            {
                yield return new("device", new("不超过 100 字", "has at most 100 characters"));
            }

            if (Measured is not null && (Measured.Name?.Trim() is not { Length: > 0 and <= 50 } || Measured.Value is null || Measured.Unit?.Length > 20))
            {
                yield return new("measured", new("须有 name（不超过 50 字）与 value，unit 不超过 20 字", "has a name of at most 50 characters and a value, its unit 20"));
            }

            foreach (var fault in new ReportCase.Ask("1234", Place, CaseSource.Sensor, Class, Address, X, Y, Name, Phone, At, Media: Media).Check())
            {
                yield return fault;
            }
        }
    }

    /// <param name="key">The sender's Idempotency-Key; at most 100 characters; null or empty: each report is one of its own.</param>
    public async Task<Result<ReportTaken>> Run(Ask ask, string? key, CaseSource source, Actor actor, CancellationToken stop)
    {
        var desk = await desks.Now(stop);
        if (key?.Length > 100)
        {
            return Problems.WrongField.With(new Text("Idempotency-Key", "Idempotency-Key"), new Text("不超过 100 字", "it has at most 100 characters")).At("Idempotency-Key");
        }

        if (ask.Class is { Length: > 0 } code && !desk.Classes.ContainsKey(code))
        {
            return Problems.WrongField.With(new Text("class", "class"), new Text("没有这个分类", "there is no such class")).At("class");
        }

        if (ask.Place is { Length: > 0 } place && desk.Nodes.Find(place) is null)
        {
            return Problems.WrongField.With(new Text("place", "place"), new Text("没有这个地点", "there is no such place")).At("place");
        }

        var told = new ReportCase.Ask(
            Words(ask, desk), ask.Place is { Length: > 0 } ? ask.Place : null, source, ask.Class, ask.Address, ask.X, ask.Y, ask.Name, ask.Phone, ask.At, key is { Length: > 0 } ? key : null, ask.Media);
        var made = await report.Run(told.Within(ReportCase.MachinesBack, clock.GetUtcNow()), actor, stop);
        return made.Problem is { } refused ? refused : new ReportTaken(made.Value.File.Number, $"/progress?number={made.Value.File.Number}", made.Value.File.State);
    }

    private static string Words(Ask ask, Desk desk)
    {
        var said = ask.Text?.Trim() is { Length: > 0 } text ? text : desk.Classes[ask.Class!] is var line ? $"{line.Family} · {line.Name}" : "";
        var measured = ask.Measured is { } value ? $"\n{value.Said}" : "";
        return $"{said}{measured}{(ask.Device is { Length: > 0 } device ? $"\n{new Text("设备", "device")} {device.Trim()}" : "")}";
    }
}
