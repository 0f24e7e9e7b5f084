// lz_guard(text): a leading apostrophe before what a spreadsheet would run; the same as Kernel's Formula.Neutralise. Null stays null.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;
using Lizhou.Kernel;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake.Masks;

internal static unsafe class GuardFunction
{
    public static void Register(DuckDBNativeConnection connection)
    {
        using var text = LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
        RawFunction.Register(connection, "lz_guard", [text], text, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&Run, isVolatile: false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        var rows = RawFunction.Rows(input);
        var vector = RawFunction.Column(input, 0);
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(vector);
        var valid = Vectors.DuckDBVectorGetValidity(vector);
        var results = (TextCell*)Vectors.DuckDBVectorGetData(output);
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        for (var i = 0; i < rows; i++)
        {
            if (!RawFunction.IsValid(valid, i))
            {
                nulls[i >> 6] &= ~(1UL << (i & 63));
                continue;
            }

            var bytes = cells[i].Bytes;
            if (IsPlain(bytes) || Formula.Neutralise(Encoding.UTF8.GetString(bytes)).Length == Encoding.UTF8.GetCharCount(bytes))
            {
                results[i] = cells[i];
                continue;
            }

            byte[] guarded = [(byte)'\'', .. bytes];
            fixed (byte* start = guarded)
            {
                Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)i, start, guarded.Length);
            }
        }
    }

    /// <summary>Begins with an ASCII letter or digit, or one of the usual Chinese characters: nothing to look at.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || char.IsAsciiLetterOrDigit((char)bytes[0]) || bytes[0] is >= 0xE4 and <= 0xE9;
}
