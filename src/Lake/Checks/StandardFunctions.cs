// lz_standard(kind, parameter, text): the text as the standard has it, or as it was where that is not certain; lz_standard_why: in words, what was done or why nothing was. Null stays null.
// Kind and parameter are the same for a whole column: what they mean is worked out once a vector, not once a row.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Native;
using Lizhou.Tabular;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake.Checks;

internal static unsafe class StandardFunctions
{
    public static void Register(DuckDBNativeConnection connection)
    {
        using var text = LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
        RawFunction.Register(connection, "lz_standard", [text, text, text], text, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&Values, isVolatile: false);
        RawFunction.Register(connection, "lz_standard_why", [text, text, text], text, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&Reasons, isVolatile: false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Values(nint info, nint input, nint output) => Run(info, input, output, &Value);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Reasons(nint info, nint input, nint output) => Run(info, input, output, &Reason);

    private static string Value(Standardised made) => made.Value;

    private static string Reason(Standardised made) => made.Why.Zh;

    private static void Run(nint info, nint input, nint output, delegate*<Standardised, string> told)
    {
        try
        {
            Rows(input, output, told);
        }
        catch (Exception error) // an exception must not cross into the engine's native frames
        {
            RawFunction.SetError(info, error.Message);
        }
    }

    private static void Rows(nint input, nint output, delegate*<Standardised, string> told)
    {
        var (kinds, parameters, texts) = (RawFunction.Column(input, 0), RawFunction.Column(input, 1), RawFunction.Column(input, 2));
        var kind = (TextCell*)Vectors.DuckDBVectorGetData(kinds);
        var parameter = (TextCell*)Vectors.DuckDBVectorGetData(parameters);
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(texts);
        var hasKind = Vectors.DuckDBVectorGetValidity(kinds);
        var hasParameter = Vectors.DuckDBVectorGetValidity(parameters);
        var hasText = Vectors.DuckDBVectorGetValidity(texts);
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        Func<string, Standardised>? treat = null;
        var of = -1;
        for (var i = 0; i < RawFunction.Rows(input); i++)
        {
            if (!RawFunction.IsValid(hasKind, i) || !RawFunction.IsValid(hasText, i))
            {
                nulls[i >> 6] &= ~(1UL << (i & 63));
                continue;
            }

            if (of < 0 || !Same(kind, of, i) || !Same(parameter, of, i))
            {
                treat = By(Encoding.UTF8.GetString(kind[i].Bytes), RawFunction.IsValid(hasParameter, i) ? Encoding.UTF8.GetString(parameter[i].Bytes) : "");
                of = i;
            }

            var made = Encoding.UTF8.GetBytes(told(treat!(Encoding.UTF8.GetString(cells[i].Bytes))));
            fixed (byte* bytes = made)
            {
                Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)i, bytes, made.Length);
            }
        }
    }

    /// <summary>Whether two cells are the same bytes in the same place: a constant column's are, and no bytes need be compared.</summary>
    private static bool Same(TextCell* cells, int one, int other) => new ReadOnlySpan<byte>(cells + one, sizeof(TextCell)).SequenceEqual(new ReadOnlySpan<byte>(cells + other, sizeof(TextCell)));

    private static Func<string, Standardised> By(string kind, string parameter) =>
        !Enum.TryParse<TreatmentKind>(kind, ignoreCase: true, out var known) || !Enum.IsDefined(known) ? throw new ArgumentException($"lz_standard: no treatment {kind}; there are {string.Join(", ", Enum.GetNames<TreatmentKind>())}.")
        : Treatment.Fault(known, parameter) is { } fault ? throw new ArgumentException($"lz_standard: {fault.En}.")
        : Treatment.By(known, parameter);
}
