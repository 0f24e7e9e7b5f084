// lz_mask(plan, key, value): the engine calls it once per vector, so that a masked value is masked before anything else of the query sees it.
// In: varchar vectors; plan and key are constants of the query. Out: varchar; null stays null.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake.Masks;

internal static unsafe class MaskFunction
{
    public const string Name = "lz_mask";

    public static void Register(DuckDBNativeConnection connection)
    {
        using var text = LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
        RawFunction.Register(connection, Name, [text, text, text], text, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&Run, isVolatile: false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        try
        {
            Mask(input, output);
        }
        catch (Exception)
        {
            // Nothing of the value may leave by way of an error; an exception must not cross into the engine.
            RawFunction.SetError(info, "A value could not be masked.");
        }
    }

    private static void Mask(nint input, nint output)
    {
        var rows = RawFunction.Rows(input);
        var plans = Cells(input, 0);
        var keys = Cells(input, 1);
        var vector = RawFunction.Column(input, 2);
        if (rows == 0)
        {
            return;
        }

        var plan = MaskPlan.Parse(Encoding.UTF8.GetString(plans[0].Bytes));
        var key = keys[0].Bytes;
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(vector);
        var valid = Vectors.DuckDBVectorGetValidity(vector);
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        var bytes = new byte[256];
        using var quick = new MaskBytes(plan, key);
        Span<byte> shown = stackalloc byte[MaskBytes.Longest];
        for (var i = 0; i < rows; i++)
        {
            if (!RawFunction.IsValid(valid, i))
            {
                nulls[i >> 6] &= ~(1UL << (i & 63));
                continue;
            }

            if (quick.Apply(cells[i].Bytes, shown) is var known and >= 0)
            {
                fixed (byte* start = shown)
                {
                    Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)i, start, known);
                }

                continue;
            }

            var masked = MaskText.Apply(plan, key, Encoding.UTF8.GetString(cells[i].Bytes));
            if (Encoding.UTF8.GetMaxByteCount(masked.Length) > bytes.Length)
            {
                bytes = new byte[Encoding.UTF8.GetMaxByteCount(masked.Length)];
            }

            var length = Encoding.UTF8.GetBytes(masked, bytes);
            fixed (byte* start = bytes)
            {
                Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)i, start, length);
            }
        }
    }

    private static TextCell* Cells(nint input, int column) => (TextCell*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, column));
}
