// The checks as engine functions, called once per vector of up to 2,048 values. In: varchar vectors. Out: lz_…_ok, boolean; lz_id_birth, date, and
// lz_id_sex, 1 or 2, both null of a number that is not valid. Null stays null.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using Lizhou.Tabular;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake.Checks;

internal static unsafe class CheckFunctions
{
    /// <summary>The engine's function for a check.</summary>
    public static string Name(ValueCheck check) => check switch
    {
        ValueCheck.IdNumber => "lz_id_number_ok",
        ValueCheck.CreditCode => "lz_uscc_ok",
        ValueCheck.OrganisationCode => "lz_org_code_ok",
        ValueCheck.BankCard => "lz_bank_card_ok",
        ValueCheck.Mobile => "lz_mobile_ok",
        ValueCheck.Phone => "lz_phone_ok",
        ValueCheck.Plate => "lz_plate_ok",
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "No function for this check."),
    };

    public static void Register(DuckDBNativeConnection connection)
    {
        using var truth = LogicalType.DuckDBCreateLogicalType(DuckDBType.Boolean);
        using var day = LogicalType.DuckDBCreateLogicalType(DuckDBType.Date);
        using var small = LogicalType.DuckDBCreateLogicalType(DuckDBType.Integer);
        Add(connection, Name(ValueCheck.IdNumber), truth, &IdNumbers);
        Add(connection, Name(ValueCheck.CreditCode), truth, &CreditCodes);
        Add(connection, Name(ValueCheck.OrganisationCode), truth, &OrganisationCodes);
        Add(connection, Name(ValueCheck.BankCard), truth, &BankCards);
        Add(connection, Name(ValueCheck.Mobile), truth, &Mobiles);
        Add(connection, Name(ValueCheck.Phone), truth, &AllPhones);
        Add(connection, Name(ValueCheck.Plate), truth, &LicencePlates);
        Add(connection, "lz_id_birth", day, &Births);
        Add(connection, "lz_id_sex", small, &Sexes);
    }

    private static void Add(DuckDBNativeConnection connection, string name, DuckDBLogicalType returns, delegate* unmanaged[Cdecl]<nint, nint, nint, void> function)
    {
        using var text = LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
        RawFunction.Register(connection, name, [text], returns, (nint)function, isVolatile: false);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void IdNumbers(nint info, nint input, nint output) => Ask(input, output, &Identifiers.IsIdNumber);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CreditCodes(nint info, nint input, nint output) => Ask(input, output, &Identifiers.IsCreditCode);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OrganisationCodes(nint info, nint input, nint output) => Ask(input, output, &Identifiers.IsOrganisationCode);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void BankCards(nint info, nint input, nint output) => Ask(input, output, &CardNumbers.IsBankCard);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Mobiles(nint info, nint input, nint output) => Ask(input, output, &Phones.IsMobile);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void AllPhones(nint info, nint input, nint output) => Ask(input, output, &Phones.IsPhone);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LicencePlates(nint info, nint input, nint output) => Ask(input, output, &Plates.IsPlate);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Births(nint info, nint input, nint output) => Numbers(input, output, &Identifiers.BirthDay);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Sexes(nint info, nint input, nint output) => Numbers(input, output, &Identifiers.Sex);

    private static void Ask(nint input, nint output, delegate*<ReadOnlySpan<byte>, bool> check)
    {
        var rows = RawFunction.Rows(input);
        var vector = RawFunction.Column(input, 0);
        var texts = (TextCell*)Vectors.DuckDBVectorGetData(vector);
        var valid = Vectors.DuckDBVectorGetValidity(vector);
        var results = (byte*)Vectors.DuckDBVectorGetData(output);
        if (valid is null)
        {
            for (var i = 0; i < rows; i++)
            {
                results[i] = check(texts[i].Bytes) ? (byte)1 : (byte)0;
            }

            return;
        }

        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        new ReadOnlySpan<ulong>(valid, (rows + 63) / 64).CopyTo(new Span<ulong>(nulls, (rows + 63) / 64));
        for (var i = 0; i < rows; i++)
        {
            results[i] = RawFunction.IsValid(valid, i) && check(texts[i].Bytes) ? (byte)1 : (byte)0;
        }
    }

    private static void Numbers(nint input, nint output, delegate*<ReadOnlySpan<byte>, int?> read)
    {
        var rows = RawFunction.Rows(input);
        var vector = RawFunction.Column(input, 0);
        var texts = (TextCell*)Vectors.DuckDBVectorGetData(vector);
        var valid = Vectors.DuckDBVectorGetValidity(vector);
        var results = (int*)Vectors.DuckDBVectorGetData(output);
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        for (var i = 0; i < rows; i++)
        {
            var value = RawFunction.IsValid(valid, i) ? read(texts[i].Bytes) : null;
            results[i] = value ?? 0;
            if (value is null)
            {
                nulls[i >> 6] &= ~(1UL << (i & 63));
            }
        }
    }
}
