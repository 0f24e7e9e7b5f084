// The values of one column in, its type, format, form and emptiness out.
namespace Lizhou.Tabular.Types;

internal sealed class ColumnProfile
{
    /// <summary>Share of values that may deviate from a column's type; they are diverted when landed.</summary>
    private const double Stray = 0.02;

    private const int FormValues = 300;

    private readonly Dictionary<CellKind, int> kinds = [];
    private readonly Dictionary<string, int> forms = [];
    private readonly HashSet<string> distinct = [];
    private int dayFirst;
    private int monthFirst;

    public int Filled { get; private set; }

    public int Empty { get; private set; }

    public int Longest { get; private set; }

    public void Add(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Empty++;
            return;
        }

        Filled++;
        Longest = Math.Max(Longest, value.Length);
        var kind = CellKind.Of(value);
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        var order = DateOrder.DayFirst(kind.Format);
        monthFirst += order == false ? 1 : 0;
        dayFirst += order == true && value.AsSpan().TrimStart() is [>= '1', >= '0' and <= '9', ..] and not ['1', <= '2', ..] ? 1 : 0;
        if (Filled <= FormValues && forms.Count <= 16)
        {
            var form = Form(value);
            forms[form] = forms.GetValueOrDefault(form) + 1;
        }

        if (distinct.Count < 1000)
        {
            distinct.Add(value);
        }
    }

    public bool Has(string value) => distinct.Contains(value);

    /// <summary>Whether a condition holds for all distinct values (of the first thousand).</summary>
    public bool All(Predicate<string> holds) => distinct.All(v => holds(v));

    public ColumnType Type => Decide().Type;

    /// <summary>Type and format of all but a stray few values.</summary>
    public CellKind Decide()
    {
        if (Filled == 0)
        {
            return CellKind.Text;
        }

        var enough = Filled - (int)(Filled * Stray);
        foreach (var type in (ReadOnlySpan<ColumnType>)
            [ColumnType.IdNumber, ColumnType.Phone, ColumnType.Uscc, ColumnType.Boolean, ColumnType.Time, ColumnType.Integer, ColumnType.Money])
        {
            if (Count(type) >= enough)
            {
                return new(type, Common(type));
            }
        }

        if (Count(ColumnType.Date) + Count(ColumnType.DateTime) >= enough)
        {
            return Dates();
        }

        if (Count(ColumnType.Integer) + Count(ColumnType.Decimal) >= enough)
        {
            return new(ColumnType.Decimal, Common(ColumnType.Decimal));
        }

        if (Count(ColumnType.Integer) + Count(ColumnType.Decimal) + Count(ColumnType.Money) >= enough && Count(ColumnType.Money) > 0)
        {
            return new(ColumnType.Money, Common(ColumnType.Money));
        }

        // Dates written as eight digits beside other whole numbers are numbers; telephones and codes beside text are text.
        return Count(ColumnType.Integer) + Count(ColumnType.Phone) + Compact >= enough && Count(ColumnType.Phone) * 2 < Filled
            ? new(ColumnType.Integer) : CellKind.Text;
    }

    /// <summary>The form shared by nearly all values of a text column, else null.</summary>
    public string? Pattern
    {
        get
        {
            if (Type != ColumnType.Text || Filled == 0)
            {
                return Filled == 0 ? "" : null;
            }

            var (form, count) = forms.MaxBy(f => f.Value);
            var seen = Math.Min(Filled, FormValues);
            return count >= seen - (seen * Stray) && form.AsSpan().ContainsAny('9', '-') ? form : null;
        }
    }

    /// <summary>Letters as A, digits as 9, ideographs as 文, longer runs of letters or ideographs shortened to one with a plus.</summary>
    public static string Form(string value)
    {
        if (value.Length > 40)
        {
            return "*";
        }

        Span<char> form = stackalloc char[value.Length];
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            form[i] = char.IsAsciiDigit(c) ? '9' : char.IsAsciiLetter(c) ? 'A' : char.IsLetter(c) ? '文' : c;
        }

        return form.ToString();
    }

    private int Count(ColumnType type)
    {
        var sum = 0;
        foreach (var (kind, count) in kinds)
        {
            sum += kind.Type == type ? count : 0;
        }

        return sum;
    }

    private int Compact => kinds.GetValueOrDefault(new(ColumnType.Date, "yyyyMMdd"));

    private string? Common(ColumnType type) => kinds.Where(k => k.Key.Type == type).OrderByDescending(k => k.Value).FirstOrDefault().Key.Format;

    private CellKind Dates()
    {
        var type = Count(ColumnType.DateTime) * 2 > Filled ? ColumnType.DateTime : ColumnType.Date;
        var format = Common(type);
        if (DateOrder.DayFirst(format) is null)
        {
            return new(type, format);
        }

        // A value up to the 12th looks the same either way. Where values show both orders, no reading is right for all of them.
        var strays = (int)((dayFirst + monthFirst) * Stray);
        return Math.Min(dayFirst, monthFirst) > strays ? CellKind.Text
            : new(type, dayFirst == monthFirst ? DateOrder.Open(format!) : DateOrder.As(format!, dayFirst > monthFirst));
    }
}
