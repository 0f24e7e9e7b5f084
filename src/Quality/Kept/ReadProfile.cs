// In: what a scan keeps of a resource, or of one batch. Out: its profile: counts of every item; values, forms and quantiles only as the policy shows them to the reader. The look is evidence.
using System.Globalization;
using System.Text;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Quality.Kept;

/// <summary>The profile of one item. Values are as the reader may see them; null or none where they may not.</summary>
/// <param name="Distinct">About how many different values, 3 % off where there are many.</param>
/// <param name="Quartiles">The values below which a quarter, a half and three quarters lie, from drawn rows; none without values.</param>
/// <param name="Forms">Classes of characters instead of characters, with their share of the drawn rows; none unless the reader sees the item in clear.</param>
internal sealed record ItemProfile(
    string Item, string Column, Verdict Verdict, long Values, long Nulls, long Distinct, string? Least, string? Most, IReadOnlyList<string?> Quartiles,
    IReadOnlyList<ProfileValue> Top, IReadOnlyList<ProfileForm> Forms);

internal sealed record ProfileValue(string? Value, long Count);

internal sealed record ProfileForm(string Form, double Share);

internal sealed class ReadProfile(KeptDb db, SaveRules save, IRowGate gate, ILedger ledger)
{
    private const int Commonest = 8;
    private const int MostForms = 4;

    /// <param name="batch">Id of a batch; null for the whole resource.</param>
    public async Task<Result<IReadOnlyList<ItemProfile>>> Run(Guid resource, Guid? batch, Actor actor, CancellationToken stop)
    {
        var mine = await save.Mine(resource, actor, stop);
        if (mine.Refused)
        {
            return mine.Problem!;
        }

        var card = mine.Value;
        var scan = await db.Scans.AsNoTracking().FirstOrDefaultAsync(s => s.Resource == resource, stop);
        var state = scan is null ? null : batch is null ? db.Unpack(scan.State) : await OfBatch(resource, batch.Value, stop);
        if (state is null)
        {
            return Problems.NotScanned.With(card.Name);
        }

        var sight = await Sight.Of(card, gate, actor, stop);
        var columns = KeptDb.From<List<ScannedColumn>>(scan!.Columns);
        var items = card.Items.Select(i => (Item: i, At: columns.FindIndex(c => string.Equals(c.Name, i.Column, StringComparison.OrdinalIgnoreCase)))).Where(i => i.At >= 0 && i.At < state.Columns.Count).ToList();
        await ledger.Append(actor, new("profile.read", card.Code, Evidence.Done, new { batch }) { Exchange = new() { Provider = card.Unit, Receiver = actor.Unit, Resource = resource, Snapshot = scan.Snapshot, Items = [.. items.Select(i => i.Item.Column)] } }, stop);
        return items.ConvertAll(i => Of(i.Item, sight.Of(i.Item), state, i.At, columns[i.At].Type, v => sight.Show(i.Item, v)));
    }

    private static ItemProfile Of(ItemCard item, Verdict verdict, ScanState state, int at, string type, Func<string?, string?> show)
    {
        var column = state.Columns[at];
        var hidden = verdict == Verdict.Refuse;
        return new(
            item.Name, item.Column, verdict, column.Values, column.Nulls, column.Distinct, hidden ? null : show(Extreme(column, type, least: true)), hidden ? null : show(Extreme(column, type, least: false)),
            hidden || column.Values == 0 ? [] : [.. new[] { 0.25, 0.5, 0.75 }.Select(q => show(state.Quantile(at, q)))],
            hidden ? [] : [.. state.Top(at, Commonest).Select(t => new ProfileValue(show(t.Value), t.Count))],
            // A form keeps the length and the classes of characters, which a mask may hide.
            verdict != Verdict.Allow ? [] : [.. state.Forms(at, MostForms).Select(f => new ProfileForm(ValueForm.Called(f.Form).ToString(), f.Share))]);
    }

    /// <summary>The files of a batch of the resource added up; null when it has none of its own (waiting rows, files packed together, a batch of another resource).</summary>
    private async Task<ScanState?> OfBatch(Guid resource, Guid batch, CancellationToken stop)
    {
        var parts = await db.Batches.AsNoTracking().Where(b => b.Resource == resource && b.Root == batch && !b.Undone).Select(b => b.Batch).ToListAsync(stop);
        ScanState? sum = null;
        foreach (var file in await db.Files.AsNoTracking().Where(f => f.Resource == resource && f.Batch != null && parts.Contains(f.Batch.Value)).ToListAsync(stop))
        {
            if (db.Unpack(file.State) is not { } state)
            {
                continue;
            }

            if (sum is null)
            {
                sum = state;
            }
            else
            {
                sum.Add(state);
            }
        }

        return sum;
    }

    /// <summary>The least or the greatest value as a text; null without values. Of a text its first 64 bytes.</summary>
    internal static string? Extreme(ColumnState column, string type, bool least) => (column.Values, column.Kind) switch
    {
        (0, _) => null,
        (_, ScanKind.Real) => (least ? column.LeastReal : column.MostReal).ToString("R", CultureInfo.InvariantCulture),
        (_, ScanKind.Text) => (least ? column.LeastText : column.MostText) is { } text ? Encoding.UTF8.GetString(text).TrimEnd('\ufffd') : null,
        _ => Whole(least ? column.Least : column.Most, type),
    };

    private static string Whole(long value, string type) => type switch
    {
        "boolean" => value != 0 ? "true" : "false",
        "date" => DateTime.UnixEpoch.AddDays(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "timestamp" or "timestamptz" => DateTime.UnixEpoch.AddTicks(value * 10).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ when type.StartsWith("decimal(", StringComparison.Ordinal) && int.Parse(type[8..^1].Split(',')[1], CultureInfo.InvariantCulture) is var scale =>
            (value / (decimal)Math.Pow(10, scale)).ToString(CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
