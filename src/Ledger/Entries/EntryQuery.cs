// In: the filters of the entry list as an address or a form has them. Out: the filter, or what is wrong with which field. An empty field does not filter.
using System.Globalization;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Ledger.Entries;

/// <param name="Actor">Part of the name, or the id.</param>
/// <param name="Unit">Its id.</param>
/// <param name="Act">Beginning of the act.</param>
/// <param name="Grant">Its number or its id.</param>
/// <param name="Result"><c>done</c>, <c>refused</c> for every refusal, or a code.</param>
/// <param name="From">First day, city time, yyyy-MM-dd.</param>
/// <param name="To">Last day.</param>
/// <param name="Format">Of an export: csv, or xlsx where nothing is said.</param>
internal sealed record EntryQuery(
    string? Actor = null, string? Unit = null, string? Act = null, string? Subject = null, string? Grant = null, string? Result = null, string? From = null, string? To = null, string? Format = null) : IChecked
{
    private const string Days = "yyyy-MM-dd";

    public IEnumerable<Fault> Check()
    {
        foreach (var (field, day) in new[] { ("from", From), ("to", To) })
        {
            if (Said(day) && Day(day) is null)
            {
                yield return new(field, new("应为日期，如 2026-11-24", "must be a day, such as 2026-11-24"));
            }
        }

        if (Said(Unit) && !Guid.TryParse(Unit, out _))
        {
            yield return new("unit", new("应为机构的标识", "must be the id of a unit"));
        }

        if (Said(Format) && Format is not ("csv" or "xlsx"))
        {
            yield return new("format", new("可选 csv、xlsx", "must be csv or xlsx"));
        }
    }

    /// <summary>Of one that has no faults.</summary>
    public async Task<EntryFilter> Filter(IGrantNumbers grants, CancellationToken stop)
    {
        var grant = Said(Grant) ? Grant!.Trim() : null;
        var id = grant is null ? (Guid?)null : Guid.TryParse(grant, out var written) ? written : await grants.Find(grant, stop);
        return new(Actor, Guid.TryParse(Unit, out var unit) ? unit : null, Act, Subject, grant, Result, Day(From), Day(To)) { GrantId = id };
    }

    private static bool Said(string? text) => !string.IsNullOrWhiteSpace(text);

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text?.Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
