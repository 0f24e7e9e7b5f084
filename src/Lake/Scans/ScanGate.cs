// lz_scan(ticket, row, columns…, tests…): the engine calls it once per vector while it reads a file once. In: row ids, the table's columns, a truth per test.
// Out: nothing but counts in this process; each engine thread counts in a lane of its own.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace Lizhou.Lake.Scans;

internal sealed unsafe class ScanGate : IDisposable
{
    public const string Name = "lz_scan";
    private const int First = 2;

    private static readonly ConcurrentDictionary<long, ScanGate> Open = new();
    private static long lastTicket;

    private readonly IReadOnlyList<ScanColumn> columns;
    private readonly int tests;
    private readonly ThreadLocal<ScanLane> lanes;

    public ScanGate(IReadOnlyList<ScanColumn> columns, int tests)
    {
        (this.columns, this.tests) = (columns, tests);
        Ticket = Interlocked.Increment(ref lastTicket);
        lanes = new ThreadLocal<ScanLane>(() => new ScanLane(New(), (ulong)Environment.CurrentManagedThreadId + ((ulong)Ticket << 32)), trackAllValues: true);
        Open[Ticket] = this;
    }

    public long Ticket { get; }

    /// <summary>A bug met inside the engine's call; the statement then failed with its message.</summary>
    public Exception? Failure { get; private set; }

    public static void Register(DuckDBNativeConnection connection)
    {
        using var whole = LogicalType.DuckDBCreateLogicalType(DuckDBType.BigInt);
        using var truth = LogicalType.DuckDBCreateLogicalType(DuckDBType.Boolean);
        using var any = LogicalType.DuckDBCreateLogicalType(DuckDBType.Any);
        RawFunction.Register(connection, Name, [whole, whole], truth, (nint)(delegate* unmanaged[Cdecl]<nint, nint, nint, void>)&Call, isVolatile: true, any);
    }

    /// <summary>All lanes added up.</summary>
    public ScanState State()
    {
        var sum = New();
        foreach (var lane in lanes.Values)
        {
            sum.Add(lane.State);
        }

        return sum;
    }

    public void Dispose()
    {
        Open.TryRemove(Ticket, out _);
        lanes.Dispose();
    }

    private ScanState New() => new(tests, [.. columns.Select(c => c.Kind)]);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Call(nint info, nint input, nint output)
    {
        var rows = RawFunction.Rows(input);
        if (rows == 0)
        {
            return;
        }

        ScanGate? gate = null;
        try
        {
            gate = Open[*(long*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, 0))];
            gate.Pass(rows, input);
            new Span<byte>(Vectors.DuckDBVectorGetData(output), rows).Clear();
        }
        catch (Exception error) // an exception must not cross into the engine's native frames
        {
            gate?.Failure = error;
            RawFunction.SetError(info, "The rows could not be scanned.");
        }
    }

    private void Pass(int rows, nint input)
    {
        var lane = lanes.Value!;
        lane.State.Rows += rows;
        for (var i = 0; i < columns.Count; i++)
        {
            var vector = RawFunction.Column(input, First + i);
            lane.Count(columns[i], lane.State.Columns[i], Vectors.DuckDBVectorGetData(vector), Vectors.DuckDBVectorGetValidity(vector), rows);
        }

        var ids = (long*)Vectors.DuckDBVectorGetData(RawFunction.Column(input, 1));
        for (var i = 0; i < tests; i++)
        {
            var vector = RawFunction.Column(input, First + columns.Count + i);
            lane.Test(i, (byte*)Vectors.DuckDBVectorGetData(vector), Vectors.DuckDBVectorGetValidity(vector), ids, rows);
        }

        if (columns.Count > 0)
        {
            Draw(lane, rows, input);
        }
    }

    private void Draw(ScanLane lane, int rows, nint input)
    {
        for (var row = 0; row < rows; row++)
        {
            var draw = lane.Draw();
            if (draw >= lane.Bar)
            {
                continue;
            }

            var cells = new string?[columns.Count];
            for (var i = 0; i < columns.Count; i++)
            {
                var vector = RawFunction.Column(input, First + i);
                cells[i] = RawFunction.IsValid(Vectors.DuckDBVectorGetValidity(vector), row) ? columns[i].Text(Vectors.DuckDBVectorGetData(vector), row) : null;
            }

            lane.Keep(draw, cells);
        }
    }
}
