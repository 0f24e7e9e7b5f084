// One column of the gate. In: a vector of raw cells. Out: typed values in the lake's column, and a fault for each cell that does not fit.
using System.Text;
using DuckDB.NET.Native;
using Lizhou.Tabular;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake;

/// <summary>Reads a cell's trimmed, non-empty bytes.</summary>
internal interface ICellReader<T>
    where T : unmanaged
{
    Cell Read(ReadOnlySpan<byte> text, out T value);
}

internal readonly struct IntegerReader : ICellReader<long>
{
    public Cell Read(ReadOnlySpan<byte> text, out long value) => CellNumbers.Integer(text, out value);
}

internal readonly struct RealReader : ICellReader<double>
{
    public Cell Read(ReadOnlySpan<byte> text, out double value) => CellNumbers.Real(text, out value);
}

internal readonly struct DecimalReader<T>(int precision, int scale) : ICellReader<T>
    where T : unmanaged, System.Numerics.IBinaryInteger<T>
{
    public Cell Read(ReadOnlySpan<byte> text, out T value)
    {
        if (precision >= 18 && CellNumbers.TryPlain(text, out var plain, out var places) && places == scale)
        {
            value = T.CreateTruncating(plain);
            return Cell.Good;
        }

        var cell = CellNumbers.Scaled(text, precision, scale, out var exact);
        value = T.CreateTruncating(exact);
        return cell;
    }
}

internal readonly struct DayReader(DateStyles styles) : ICellReader<int>
{
    public Cell Read(ReadOnlySpan<byte> text, out int value) => CellDates.Day(text, styles, out value);
}

internal readonly struct MomentReader(DateStyles styles) : ICellReader<long>
{
    public Cell Read(ReadOnlySpan<byte> text, out long value) => CellDates.Moment(text, styles, out value);
}

internal readonly struct BooleanReader : ICellReader<byte>
{
    public Cell Read(ReadOnlySpan<byte> text, out byte value)
    {
        Span<byte> lower = stackalloc byte[8];
        value = 0;
        if (text.Length > 6 || !System.Text.Ascii.IsValid(text) && text.Length != 3)
        {
            return Cell.NotBoolean;
        }

        for (var i = 0; i < text.Length; i++)
        {
            lower[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        }

        var word = lower[..text.Length];
        var yes = word.SequenceEqual("1"u8) || word.SequenceEqual("true"u8) || word.SequenceEqual("t"u8) || word.SequenceEqual("yes"u8)
            || word.SequenceEqual("y"u8) || word.SequenceEqual("是"u8);
        var no = word.SequenceEqual("0"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("f"u8) || word.SequenceEqual("no"u8)
            || word.SequenceEqual("n"u8) || word.SequenceEqual("否"u8);
        value = yes ? (byte)1 : (byte)0;
        return yes || no ? Cell.Good : Cell.NotBoolean;
    }
}

internal sealed unsafe class ColumnGate(LoadColumn column, int index, bool required, int pattern)
{
    private readonly CodeSet? codes = column.Codes is { } list ? new CodeSet(list) : null;

    /// <summary>Today's codes of those that ended; null where they are refused.</summary>
    private readonly Dictionary<string, byte[]>? today = column is { Resolve: true, Former: { } former }
        ? former.Where(f => f.Value is not null).ToDictionary(f => f.Key, f => Encoding.UTF8.GetBytes(f.Value!), StringComparer.Ordinal) : null;

    /// <summary>Which of the pattern results belongs to this column; −1 = none.</summary>
    public int Pattern => pattern;

    public LoadColumn Column => column;

    /// <summary>Types one vector. <paramref name="matches"/> is the engine's answer for the pattern, or null.</summary>
    public void Type(Lane lane, nint input, nint output, byte* matches)
    {
        switch (column.Type)
        {
            case LoadType.Text: Texts(lane, input, output, matches); break;
            case LoadType.Integer: Each(lane, input, output, matches, default(IntegerReader), (long*)null); break;
            case LoadType.Real: Each(lane, input, output, matches, default(RealReader), (double*)null); break;
            case LoadType.Date: Each(lane, input, output, matches, new DayReader(column.Dates), (int*)null); break;
            case LoadType.DateTime: Each(lane, input, output, matches, new MomentReader(column.Dates), (long*)null); break;
            case LoadType.Boolean: Each(lane, input, output, matches, default(BooleanReader), (byte*)null); break;
            default: Decimals(lane, input, output, matches); break;
        }
    }

    /// <summary>Counts the values of the rows that were kept.</summary>
    public void Count(Lane lane, nint output)
    {
        var profile = lane.Profiles[index];
        var data = Vectors.DuckDBVectorGetData(output);
        var valid = Vectors.DuckDBVectorGetValidity(output);
        switch (column.Type)
        {
            case LoadType.Text or LoadType.Real: Walk(lane, profile, data, valid); break;
            case LoadType.Date: profile.Add((int*)data, valid, lane.Kept, lane.Rows); break;
            case LoadType.Boolean: profile.Add((byte*)data, valid, lane.Kept, lane.Rows); break;
            case LoadType.Decimal when column.Precision <= 4: profile.Add((short*)data, valid, lane.Kept, lane.Rows); break;
            case LoadType.Decimal when column.Precision <= 9: profile.Add((int*)data, valid, lane.Kept, lane.Rows); break;
            case LoadType.Decimal when column.Precision > 18: profile.Add((Int128*)data, valid, lane.Kept, lane.Rows); break;
            default: profile.Add((long*)data, valid, lane.Kept, lane.Rows); break;
        }
    }

    private void Walk(Lane lane, Profile profile, void* data, ulong* valid)
    {
        for (var i = 0; i < lane.Rows; i++)
        {
            if (!lane.IsKept(i))
            {
                continue;
            }

            if (!RawFunction.IsValid(valid, i))
            {
                profile.Nulls++;
            }
            else if (column.Type == LoadType.Text)
            {
                profile.Add(((TextCell*)data)[i].Bytes);
            }
            else
            {
                profile.Add(((double*)data)[i]);
            }
        }
    }

    private void Decimals(Lane lane, nint input, nint output, byte* matches)
    {
        switch (column.Precision)
        {
            case <= 4: Each(lane, input, output, matches, new DecimalReader<short>(column.Precision, column.Scale), (short*)null); break;
            case <= 9: Each(lane, input, output, matches, new DecimalReader<int>(column.Precision, column.Scale), (int*)null); break;
            case <= 18: Each(lane, input, output, matches, new DecimalReader<long>(column.Precision, column.Scale), (long*)null); break;
            default: Each(lane, input, output, matches, new DecimalReader<Int128>(column.Precision, column.Scale), (Int128*)null); break;
        }
    }

    private void Each<T, TReader>(Lane lane, nint input, nint output, byte* matches, TReader reader, T* typed)
        where T : unmanaged
        where TReader : struct, ICellReader<T>
    {
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(input);
        var valid = Vectors.DuckDBVectorGetValidity(input);
        typed = (T*)Vectors.DuckDBVectorGetData(output);
        var nulls = Writable(output);
        var ruled = Ruled(matches);
        for (var i = 0; i < lane.Rows; i++)
        {
            var text = RawFunction.IsValid(valid, i) ? CellText.Trim(cells[i].Bytes) : default;
            if (text.IsEmpty)
            {
                Blank(lane, nulls, i);
                continue;
            }

            var cell = reader.Read(text, out typed[i]);
            if (cell != Cell.Good)
            {
                SetNull(nulls, i);
                lane.Refuse(i, index, cell);
                continue;
            }

            if (ruled)
            {
                Judge(lane, i, text, matches);
            }
        }

        lane.See(nulls);
    }

    private void Texts(Lane lane, nint input, nint output, byte* matches)
    {
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(input);
        var valid = Vectors.DuckDBVectorGetValidity(input);
        var typed = (TextCell*)Vectors.DuckDBVectorGetData(output);
        var nulls = Writable(output);
        var limit = column.MaxLength ?? int.MaxValue;
        var folds = column.Folds;
        var ruled = Ruled(matches);
        for (var i = 0; i < lane.Rows; i++)
        {
            var whole = RawFunction.IsValid(valid, i) ? cells[i].Bytes : default;
            var text = CellText.Trim(whole);
            if (text.IsEmpty)
            {
                Blank(lane, nulls, i);
                continue;
            }

            typed[i] = cells[i];
            if (text.Length != whole.Length)
            {
                fixed (byte* bytes = text)
                {
                    // The engine keeps the scanned bytes while the vector is on its way, so the trimmed cell may point into them.
                    typed[i] = TextCell.Over(bytes, text.Length);
                }
            }

            var passed = false;
            if (folds && !(passed = Passes(text)))
            {
                text = Fold(typed, output, i, text);
            }

            if (today is not null && codes?.Contains(text) == false && today.TryGetValue(Encoding.UTF8.GetString(text), out var now))
            {
                text = Put(typed, output, i, now);
                lane.Profiles[index].Resolved++;
            }

            if (text.Contains((byte)0))
            {
                SetNull(nulls, i);
                lane.Refuse(i, index, Cell.HasNul);
            }
            else if (text.Length > limit && CellText.Characters(text) > limit)
            {
                lane.Refuse(i, index, Cell.TooLong);
            }
            else if (ruled)
            {
                Judge(lane, i, text, matches, passed);
            }
        }

        lane.See(nulls);
    }

    /// <summary>A text that passes its check is in ASCII: nothing to fold.</summary>
    private bool Passes(ReadOnlySpan<byte> text) =>
        (column.Check == ValueCheck.IdNumber && Identifiers.IsIdNumber(text)) || (column.Check == ValueCheck.CreditCode && Identifiers.IsCreditCode(text));

    private static ReadOnlySpan<byte> Fold(TextCell* typed, nint output, int row, ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)0xEF) < 0)
        {
            return text;
        }

        var buffer = new byte[text.Length];
        var length = CellText.FoldWidth(text, buffer);
        return length < 0 ? text : Put(typed, output, row, buffer.AsSpan(0, length));
    }

    /// <summary>Another text in a cell's place; the engine keeps its own copy.</summary>
    private static ReadOnlySpan<byte> Put(TextCell* typed, nint output, int row, ReadOnlySpan<byte> text)
    {
        fixed (byte* bytes = text)
        {
            Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)row, bytes, text.Length);
        }

        return typed[row].Bytes;
    }

    /// <summary>The rules beyond the type: format, check character, code list.</summary>
    private void Judge(Lane lane, int row, ReadOnlySpan<byte> text, byte* matches, bool passed = false)
    {
        var cell = matches is not null && matches[row] == 0 ? Cell.BadFormat : After(Cell.BadFormat, text, passed);
        if (cell == Cell.Good)
        {
            return;
        }

        if (column.Lenient)
        {
            lane.Quality[row] |= 1L << Math.Min(index, 62);
            return;
        }

        lane.Refuse(row, index, cell);
    }

    /// <summary>What an exception leaves of a fault: the rules after the one it lifts still hold.</summary>
    /// <param name="value">A cell's text, trimmed, by column name; null where it has none.</param>
    /// <returns>The fault itself where no exception is documented.</returns>
    public Cell Lifted(Cell fault, Func<string, byte[]?> value)
    {
        var rule = RuleOf(fault);
        if (rule is null || !column.Excepted.Any(e => e.Rule == rule && value(e.By) is { } bytes && Encoding.UTF8.GetString(bytes) == e.Value))
        {
            return fault;
        }

        var next = After(fault, value(column.Name));
        return next is Cell.Good || next == fault ? next : Lifted(next, value);
    }

    private static LoadRule? RuleOf(Cell fault) => fault switch
    {
        Cell.BadFormat => LoadRule.Pattern,
        Cell.BadIdNumber or Cell.BadCreditCode => LoadRule.Check,
        Cell.NotInCodes => LoadRule.Codes,
        _ => null,
    };

    /// <summary>The first fault by the rules after that of <paramref name="fault"/>.</summary>
    private Cell After(Cell fault, ReadOnlySpan<byte> text, bool passed = false) =>
        fault == Cell.BadFormat && !passed && Unchecked(text) is var bad and not Cell.Good ? bad
        : fault != Cell.NotInCodes && codes is not null && !codes.Contains(text) ? Cell.NotInCodes
        : Cell.Good;

    private Cell Unchecked(ReadOnlySpan<byte> text) => column.Check switch
    {
        ValueCheck.None => Cell.Good,
        ValueCheck.IdNumber => Identifiers.IsIdNumber(text) ? Cell.Good : Cell.BadIdNumber,
        ValueCheck.CreditCode => Identifiers.IsCreditCode(text) ? Cell.Good : Cell.BadCreditCode,
        _ => ValueChecks.Passes(column.Check, text) ? Cell.Good : Cell.BadFormat,
    };

    private bool Ruled(byte* matches) => matches is not null || codes is not null || column.Check != ValueCheck.None;

    private void Blank(Lane lane, ulong* nulls, int row)
    {
        SetNull(nulls, row);
        if (required)
        {
            lane.Refuse(row, index, Cell.Missing, blank: true);
        }
    }

    private static ulong* Writable(nint output)
    {
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        return Vectors.DuckDBVectorGetValidity(output);
    }

    private static void SetNull(ulong* valid, int row) => valid[row >> 6] &= ~(1UL << (row & 63));
}

/// <summary>A set of texts that is asked in UTF-8.</summary>
internal sealed class CodeSet
{
    private readonly Dictionary<ulong, byte[][]> buckets;

    public CodeSet(IEnumerable<string> codes) => buckets = codes.Distinct(StringComparer.Ordinal).Select(System.Text.Encoding.UTF8.GetBytes)
        .GroupBy(code => Profile.Hash(code)).ToDictionary(group => group.Key, group => group.ToArray());

    public bool Contains(ReadOnlySpan<byte> text)
    {
        if (buckets.TryGetValue(Profile.Hash(text), out var bucket))
        {
            foreach (var code in bucket)
            {
                if (text.SequenceEqual(code))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
