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
    private static void Run(nint info, nint input, nint output) => RawFunction.Texts(input, output, &Guarded);

    private static ReadOnlySpan<byte> Guarded(ReadOnlySpan<byte> bytes) =>
        IsPlain(bytes) || Formula.Neutralise(Encoding.UTF8.GetString(bytes)).Length == Encoding.UTF8.GetCharCount(bytes) ? bytes : (byte[])[(byte)'\'', .. bytes];

    /// <summary>Begins with an ASCII letter or digit, or one of the usual Chinese characters: nothing to look at.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || char.IsAsciiLetterOrDigit((char)bytes[0]) || bytes[0] is >= 0xE4 and <= 0xE9;
}
