// In: a table at a snapshot and what was decided. Out: the relation the reader sees: refused items absent, masked ones masked by the engine, filtered rows left out.
// Whatever is asked is asked of this relation, so a filter, an order, a format or an error can tell no more than a plain look.
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Lake.Masks;
using Lizhou.Lake.Reading;
using Lizhou.Policy.Disclosure;

namespace Lizhou.Policy.Views;

internal sealed class View
{
    /// <summary>A page's order of last resort, the order in which rows came; tells rows apart.</summary>
    public static readonly Column Stable = new(0, "_row_id", ColumnType.Int64);

    /// <summary>The same where a grant hides what tells rows apart: an order of this grant alone, so that its rows cannot be laid beside those of another grant one by one.</summary>
    private static readonly Column Place = new(0, "_place", ColumnType.Text);

    /// <summary>With a row's number one block of SHA-256; half of the key is as much as nobody can guess.</summary>
    private const int PlaceKey = 32;

    private static readonly string[] Source = [Origin.Batch, Origin.File, Origin.Record];

    private readonly ReadPlan plan;
    private readonly Condition? rows;
    private readonly string key;
    private readonly Difference? only;

    /// <param name="only">Only these rows of the plan; null for all.</param>
    public View(ReadPlan plan, Decided decided, string key, Difference? only = null)
    {
        (this.plan, this.key, this.only, rows) = (plan, key, only, decided.Rows);
        // An item published after the last load has no column yet.
        Items = [.. decided.Items.Where(d => d.Verdict != Verdict.Refuse && plan.Table.Column(d.Item.Column) is not null)];
        People = [.. decided.Items.Where(d => PersonKey.Names(d.Item)).Select(d => plan.Table.Column(d.Item.Column)).OfType<Column>()];
        var telling = decided.Items.Any(d => d.Item.Key) ? decided.Items.Where(d => d.Item.Key) : decided.Items;
        Shuffled = decided.Grant is not null && telling.Any(d => d.Verdict == Verdict.Refuse || d.Mask is not (null or MaskKind.Partial));
        Shape = plan.Table with { Columns = [.. Items.Select(d => Shown(d, plan.Table.Column(d.Item.Column)!))] };
    }

    /// <summary>What may be seen, in the catalogue's order.</summary>
    public IReadOnlyList<ItemDecision> Items { get; }

    /// <summary>Columns that say whom a row is about, shown or not.</summary>
    public IReadOnlyList<Column> People { get; }

    /// <summary>What the relation calls the keys of the persons a row is about.</summary>
    public IEnumerable<string> PeopleNames => People.Select((_, i) => $"_person{i}");

    /// <summary>The columns as they are shown: a masked one is a text, mostly.</summary>
    public Table Shape { get; }

    public ReadPlan Plan => plan;

    /// <summary>Whether some rows of the table are left out.</summary>
    public bool Filtered => rows is not null;

    /// <summary>Whether it hides a key (any item, where there is no key) behind more than a partial mask, or leaves it out: then rows come in an order of the grant's own.</summary>
    public bool Shuffled { get; }

    /// <summary>What tells rows apart when nothing else orders them.</summary>
    public Column Last => Shuffled ? Place : Stable;

    /// <summary>The relation in parentheses; with <see cref="Origin"/>'s columns and the row's id beside the items.</summary>
    /// <param name="batch">Only rows of this batch; null for all.</param>
    /// <param name="origin">Whether the origin columns stand beside the items.</param>
    /// <param name="identity">The key items by which <c>_id</c> tells rows apart, none for the row's id in the lake; null for no <c>_id</c>.</param>
    /// <param name="rowIds">Only these rows, with <paramref name="origin"/>; null for all.</param>
    /// <param name="person">Makes the keys of the persons each row is about, <see cref="PeopleNames"/>; null for none.</param>
    public Result<string> Relation(Arguments with, Guid? batch = null, bool origin = true, IReadOnlyList<string>? identity = null, PersonKey? person = null, IReadOnlyList<long>? rowIds = null)
    {
        var filter = rows is null ? "true" : "";
        if (rows is not null)
        {
            var compiled = Compile.Sql(rows, plan.Table, with);
            if (compiled.Refused)
            {
                return compiled.Problem!;
            }

            filter = compiled.Value;
        }

        if (batch is not null)
        {
            filter += $" AND r.{Origin.Batch} = {with.Add(batch.Value.ToString("D"))}";
        }

        if (rowIds is not null)
        {
            filter += rowIds.Count == 0 ? " AND false" : $" AND r.{Stable.Name} IN ({string.Join(", ", rowIds.Select(id => with.Add(id)))})";
        }

        var columns = Items.Select(d => $"{Expression(d, plan.Table.Column(d.Item.Column)!, with)} AS {SqlText.Name(d.Item.Column)}");
        if (origin)
        {
            columns = columns.Concat(Source.Append(Stable.Name).Select(c => $"r.{c}"));
            if (Shuffled && identity is null)
            {
                columns = columns.Append($"sha256(concat({with.Add(key[..PlaceKey])}, ':', r.{Stable.Name})) AS {Place.Name}");
            }
        }

        if (person is not null)
        {
            columns = columns.Concat(People.Zip(PeopleNames, (c, name) => $"{person.Sql($"r.{SqlText.Name(c.Name)}", with)} AS {name}"));
        }

        if (identity is not null)
        {
            columns = columns.Prepend($"{Identity(identity, with)} AS _id");
        }

        return $"(SELECT {string.Join(", ", columns)} FROM ({only?.Rows(with) ?? plan.Relation(with, provenance: origin)}) AS r WHERE {filter})";
    }

    /// <summary>A pseudonym of the row under this grant, so that a receiver can follow it though its key is masked or not theirs to see.</summary>
    private string Identity(IReadOnlyList<string> columns, Arguments with)
    {
        var text = columns.Count == 0
            ? "concat('row:', r._row_id)"
            : $"CAST(to_json([{string.Join(", ", columns.Select(c => $"CAST(r.{SqlText.Name(c)} AS VARCHAR)"))}]) AS VARCHAR)";
        return $"{MaskFunction.Name}({with.Add(new MaskPlan(MaskWay.Hash, MaskOf.Text).ToString())}, {with.Add(key)}, {text})";
    }

    private string Expression(ItemDecision decision, Column column, Arguments with)
    {
        var cell = $"r.{SqlText.Name(column.Name)}";
        if (decision.Verdict == Verdict.Allow)
        {
            return cell;
        }

        if (decision.Mask == MaskKind.Null)
        {
            return $"CAST(NULL AS {column.Type.Engine})";
        }

        var masked = $"{MaskFunction.Name}({with.Add(MaskOfItem.Plan(decision, column.Type).ToString())}, {with.Add(key)}, CAST({cell} AS VARCHAR))";
        return KeepsType(decision, column.Type) ? $"TRY_CAST({masked} AS {column.Type.Engine})" : masked;
    }

    private static Column Shown(ItemDecision decision, Column column) =>
        column with { Name = decision.Item.Column, Type = decision.Verdict == Verdict.Allow || KeepsType(decision, column.Type) ? column.Type : ColumnType.Text };

    private static bool KeepsType(ItemDecision decision, ColumnType type) =>
        decision.Mask == MaskKind.Null || (decision.Mask == MaskKind.Noise && MaskOfItem.Plan(decision, type).Of is MaskOf.Number or MaskOf.Date or MaskOf.Moment);
}
