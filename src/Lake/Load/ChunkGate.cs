// The gate a chunk passes on its way into a file: the engine calls it once per vector of raw rows, while it writes.
// In: record numbers and raw cells. Out: a struct of typed columns with the verdict; rejects go to the log as they are met, so nothing is read twice.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake;

internal sealed unsafe class ChunkGate : IDisposable
{
    private const int FirstCell = 2;

    private static readonly ConcurrentDictionary<long, ChunkGate> Open = new();
    private static long lastTicket;

    private readonly ColumnGate[] columns;
    private readonly int filtered;
    private readonly CodeSet? wanted;
    private readonly bool excepts;
    private readonly int source;
    private readonly RejectLog log;
    private readonly ThreadLocal<Lane> lanes;

    public ChunkGate(LoadPlan plan, int source, RejectLog log)
    {
        (this.source, this.log) = (source, log);
        var pattern = 0;
        columns = [.. plan.Columns.Select((c, i) => new ColumnGate(
            c, i, c.Required || plan.Key.Contains(c.Name, StringComparer.OrdinalIgnoreCase), c.Pattern is null ? -1 : pattern++))];
        filtered = plan.Keep is { } keep ? Array.FindIndex(columns, c => c.Column.Name == keep.Column) : -1;
        excepts = plan.Columns.Any(c => c.Excepted.Count > 0);
        wanted = plan.Keep is { } filter ? new CodeSet(filter.Values) : null;
        lanes = new ThreadLocal<Lane>(() => new Lane(columns.Length), trackAllValues: true);
        Ticket = Interlocked.Increment(ref lastTicket);
        Open[Ticket] = this;
    }

    /// <summary>By which the engine's call finds this gate.</summary>
    public long Ticket { get; }

    /// <summary>A bug met inside the engine's call; the statement then failed with its message.</summary>
    public Exception? Failure { get; private set; }

    public LoadCounts Counts => lanes.Values.Aggregate(default(LoadCounts), (sum, lane) => sum + new LoadCounts(lane.Accepted, lane.Rejected, 0, lane.Filtered));

    public Profile[] Profiles()
    {
        Profile[] sums = [.. columns.Select(_ => new Profile())];
        foreach (var lane in lanes.Values)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i].Add(lane.Profiles[i]);
            }
        }

        return sums;
    }

    public void Dispose()
    {
        Open.TryRemove(Ticket, out _);
        lanes.Dispose();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Call(nint info, nint input, nint output)
    {
        var rows = RawFunction.Rows(input);
        if (rows == 0)
        {
            return;
        }

        ChunkGate? gate = null;
        try
        {
            gate = Open[*(long*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, 0))];
            gate.Pass(rows, input, output);
        }
        catch (Exception error) // an exception must not cross into the engine's native frames
        {
            gate?.Failure = error;
            RawFunction.SetError(info, error.Message);
        }
    }

    private void Pass(int rows, nint input, nint output)
    {
        var lane = lanes.Value!;
        lane.Begin(rows);
        for (var i = 0; i < columns.Length; i++)
        {
            var matches = columns[i].Pattern < 0 ? null : (byte*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, FirstCell + columns.Length + columns[i].Pattern));
            columns[i].Type(lane, RawFunction.Column(input, FirstCell + i), Vectors.DuckDBStructVectorGetChild(output, FirstCell + i), matches);
        }

        if (lane.Faults.Count > 0 && excepts)
        {
            lane.Reconsider((row, column, cell) => columns[column].Column.Excepted.Count == 0 ? cell : columns[column].Lifted(cell, by => Value(by, row, input, output)));
        }

        if (wanted is not null)
        {
            Filter(lane, RawFunction.Column(input, FirstCell + filtered));
        }

        lane.Settle();
        if (lane.Faults.Count > 0)
        {
            WriteRejects(lane, input);
        }

        var ok = (byte*)Vectors.DuckDBVectorGetData(Vectors.DuckDBStructVectorGetChild(output, 0));
        for (var i = 0; i < rows; i++)
        {
            ok[i] = lane.IsKept(i) ? (byte)1 : (byte)0;
        }

        lane.Quality.AsSpan(0, rows).CopyTo(new Span<long>(Vectors.DuckDBVectorGetData(Vectors.DuckDBStructVectorGetChild(output, 1)), rows));
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Count(lane, Vectors.DuckDBStructVectorGetChild(output, FirstCell + i));
        }
    }

    /// <summary>A cell as exceptions name it: the text that would be stored, of other types the cell as it was sent; null where it has none.</summary>
    private byte[]? Value(string name, int row, nint input, nint output)
    {
        var at = Array.FindIndex(columns, c => string.Equals(c.Column.Name, name, StringComparison.OrdinalIgnoreCase));
        if (at < 0)
        {
            return null;
        }

        var vector = columns[at].Column.Type == LoadType.Text ? Vectors.DuckDBStructVectorGetChild(output, FirstCell + at) : RawFunction.Column(input, FirstCell + at);
        return RawFunction.IsValid(Vectors.DuckDBVectorGetValidity(vector), row) ? CellText.Trim(((TextCell*)Vectors.DuckDBVectorGetData(vector))[row].Bytes).ToArray() : null;
    }

    private void Filter(Lane lane, nint input)
    {
        var cells = (TextCell*)Vectors.DuckDBVectorGetData(input);
        var valid = Vectors.DuckDBVectorGetValidity(input);
        for (var i = 0; i < lane.Rows; i++)
        {
            if (!RawFunction.IsValid(valid, i) || !wanted!.Contains(CellText.Trim(cells[i].Bytes)))
            {
                lane.Drop(i);
            }
        }
    }

    private void WriteRejects(Lane lane, nint input)
    {
        var records = (long*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, 1));
        foreach (var row in lane.Faults.GroupBy(f => f.Row).Where(g => lane.IsRejected(g.Key)).OrderBy(g => g.Key))
        {
            log.Add(source, records[row.Key], json => WriteCells(json, input, row.Key), row.Select(f => (f.Column, f.Cell, "")));
        }
    }

    private void WriteCells(Utf8JsonWriter json, nint input, int row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var vector = RawFunction.Column(input, FirstCell + i);
            if (RawFunction.IsValid(Vectors.DuckDBVectorGetValidity(vector), row))
            {
                json.WriteStringValue(((TextCell*)Vectors.DuckDBVectorGetData(vector))[row].Bytes);
            }
            else
            {
                json.WriteNullValue();
            }
        }
    }
}

/// <summary>Makes the gate a SQL function. Its result type depends on the columns' types, so there is one function per such layout, kept as long as the instance.</summary>
internal static unsafe class GateFunctions
{
    private static readonly Lock Registering = new();
    private static readonly Dictionary<(Engine Engine, int Generation, string Layout), string> Known = [];
    private static long last;

    /// <summary>The function's name for a plan, registered with the session's instance when it is new.</summary>
    public static string For(Engine engine, Session session, LoadPlan plan)
    {
        var patterns = plan.Columns.Count(c => c.Pattern is not null);
        var layout = $"{string.Join(';', plan.Columns.Select(c => c.Stored.Name))}|{patterns}";
        lock (Registering)
        {
            if (!Known.TryGetValue((engine, session.Generation, layout), out var name))
            {
                name = $"lz_gate_{++last}"; // never a name twice: a second function of that name would become an overload of the first
                Register(session.Connection.NativeConnection, name, plan, patterns);
                Known[(engine, session.Generation, layout)] = name;
            }

            return name;
        }
    }

    /// <summary>Forgets a closed engine's functions.</summary>
    public static void Forget(Engine engine)
    {
        lock (Registering)
        {
            foreach (var key in Known.Keys.Where(k => k.Engine == engine).ToList())
            {
                Known.Remove(key);
            }
        }
    }

    private static void Register(DuckDBNativeConnection connection, string name, LoadPlan plan, int patterns)
    {
        using var text = LogicalType.DuckDBCreateLogicalType(DuckDBType.Varchar);
        using var whole = LogicalType.DuckDBCreateLogicalType(DuckDBType.BigInt);
        using var truth = LogicalType.DuckDBCreateLogicalType(DuckDBType.Boolean);
        DuckDBLogicalType[] typed = [.. plan.Columns.Select(TypeOf)];
        using var verdict = RawFunction.Struct([("ok", truth), ("q", whole), .. typed.Select((t, i) => ($"c{i}", t))]);
        RawFunction.Register(
            connection, name, [whole, whole, .. plan.Columns.Select(_ => text), .. Enumerable.Repeat(truth, patterns)], verdict,
            (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&ChunkGate.Call, isVolatile: true);
        foreach (var type in typed)
        {
            type.Dispose();
        }
    }

    private static DuckDBLogicalType TypeOf(LoadColumn column) => column.Type == LoadType.Decimal
        ? LogicalType.DuckDBCreateDecimalType((byte)column.Precision, (byte)column.Scale)
        : LogicalType.DuckDBCreateLogicalType(column.Type switch
        {
            LoadType.Integer => DuckDBType.BigInt,
            LoadType.Real => DuckDBType.Double,
            LoadType.Date => DuckDBType.Date,
            LoadType.DateTime => DuckDBType.Timestamp,
            LoadType.Boolean => DuckDBType.Boolean,
            _ => DuckDBType.Varchar,
        });
}
