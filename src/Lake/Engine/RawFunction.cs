// The engine's C interface for scalar functions over data chunks, as far as the house uses it.
using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake;

internal static unsafe partial class RawFunction
{
    private const string Library = "duckdb";

    /// <summary>Registers a native callback <c>(info, chunk, vector)</c> as a SQL function of every session of the instance.</summary>
    /// <param name="isVolatile">True keeps the optimizer from copying or moving the call, which a function with an effect needs.</param>
    /// <param name="varargs">The type of any further arguments; null when there are none.</param>
    public static void Register(
        DuckDBNativeConnection connection, string name, IReadOnlyList<DuckDBLogicalType> parameters, DuckDBLogicalType returns,
        nint callback, bool isVolatile, DuckDBLogicalType? varargs = null)
    {
        var function = ScalarFunction.DuckDBCreateScalarFunction();
        try
        {
            ScalarFunction.DuckDBScalarFunctionSetName(function, name);
            foreach (var parameter in parameters)
            {
                ScalarFunction.DuckDBScalarFunctionAddParameter(function, parameter);
            }

            if (varargs is not null)
            {
                ScalarFunction.DuckDBScalarFunctionSetVarargs(function, varargs);
            }

            ScalarFunction.DuckDBScalarFunctionSetReturnType(function, returns);
            SetFunction(function, callback);
            // The function sees null cells itself; without this the engine answers for it, row by row.
            ScalarFunction.DuckDBScalarFunctionSetSpecialHandling(function);
            if (isVolatile)
            {
                ScalarFunction.DuckDBScalarFunctionSetVolatile(function);
            }

            if (ScalarFunction.DuckDBRegisterScalarFunction(connection, function) != DuckDBState.Success)
            {
                throw new InvalidOperationException($"The engine refused the function {name}.");
            }
        }
        finally
        {
            ScalarFunction.DuckDBDestroyScalarFunction(ref function);
        }
    }

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_size")]
    private static partial ulong ChunkSize(nint chunk);

    [LibraryImport(Library, EntryPoint = "duckdb_data_chunk_get_vector")]
    public static partial nint Column(nint chunk, long column);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_function")]
    private static partial void SetFunction(nint function, nint callback);

    [LibraryImport(Library, EntryPoint = "duckdb_scalar_function_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetError(nint info, string error);

    [LibraryImport(Library, EntryPoint = "duckdb_create_struct_type")]
    private static partial nint CreateStructType(nint[] types, nint[] names, ulong count);

    /// <summary>A struct type of named fields.</summary>
    public static DuckDBLogicalType Struct(IReadOnlyList<(string Name, DuckDBLogicalType Type)> fields)
    {
        var names = fields.Select(f => Marshal.StringToCoTaskMemUTF8(f.Name)).ToArray();
        try
        {
            return new OwnedType(CreateStructType([.. fields.Select(f => f.Type.DangerousGetHandle())], names, (ulong)fields.Count));
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
        }
    }

    /// <summary>A type made by a call the library does not wrap.</summary>
    private sealed class OwnedType : DuckDBLogicalType
    {
        public OwnedType(nint handle) => SetHandle(handle);
    }

    public static int Rows(nint chunk) => (int)ChunkSize(chunk);

    /// <summary>A function of one text to one text, cell by cell; null stays null. What <paramref name="map"/> gives back unchanged is handed on without a copy:
    /// the argument's bytes live as long as the call's result.</summary>
    public static void Texts(nint input, nint output, delegate*<ReadOnlySpan<byte>, ReadOnlySpan<byte>> map)
    {
        var rows = Rows(input);
        var vector = Column(input, 0);
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(vector);
        var valid = Vectors.DuckDBVectorGetValidity(vector);
        var results = (TextCell*)Vectors.DuckDBVectorGetData(output);
        Vectors.DuckDBVectorEnsureValidityWritable(output);
        var nulls = Vectors.DuckDBVectorGetValidity(output);
        for (var i = 0; i < rows; i++)
        {
            if (!IsValid(valid, i))
            {
                nulls[i >> 6] &= ~(1UL << (i & 63));
                continue;
            }

            var cell = cells[i].Bytes;
            var text = map(cell);
            if (text == cell)
            {
                results[i] = cells[i];
                continue;
            }

            fixed (byte* bytes = text)
            {
                Vectors.DuckDBVectorAssignStringElementLength(output, (ulong)i, bytes, text.Length);
            }
        }
    }

    public static bool IsValid(ulong* valid, int row) => valid is null || (valid[row >> 6] >> (row & 63) & 1) != 0;
}
