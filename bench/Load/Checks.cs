// The check-character function in C# against an SQL expression of the same rule, scanning the same column.
namespace Lizhou.Load.Bench;

internal static class Checks
{
    public static async Task Run(Place place, long rows, int pairs)
    {
        var csv = Path.Combine(place.Staging, "clean.csv");
        var parquet = Path.Combine(place.Staging, "ids.parquet");
        Pairs.Write(csv, 1, Math.Min(rows, 2_000_000), 0);
        await place.Engine.Write(s => s.Execute(Pairs.Bare(csv, parquet)));
        var table = $"read_parquet('{parquet}')";
        List<Took> scan = [], ours = [], sql = [];
        for (var i = 0; i <= pairs; i++)
        {
            var none = await Time(place, $"SELECT count(*) FROM {table} WHERE strlen(id) = 18");
            var function = await Time(place, $"SELECT count(*) FROM {table} WHERE lz_id_number_ok(id)");
            var expression = await Time(place, $"SELECT count(*) FROM {table} WHERE {Expression}");
            if (i > 0)
            {
                scan.Add(none);
                ours.Add(function);
                sql.Add(expression);
            }
        }

        var count = Math.Min(rows, 2_000_000);
        var (s0, s1, s2) = (Took.Median(scan).Cpu, Took.Median(ours).Cpu, Took.Median(sql).Cpu);
        Console.WriteLine($"scan alone {s0:F2} CPU s; C# function {s1:F2}; SQL expression {s2:F2}");
        Console.WriteLine($"check alone: C# {count / (s1 - s0) / 1e6:F1} M/CPU-s, SQL {count / (s2 - s0) / 1e6:F2} M/CPU-s, {(s2 - s0) / (s1 - s0):F0} ×");
    }

    private static Task<Took> Time(Place place, string sql) => Place.Time(() => place.Engine.Read(s => s.Scalar(sql)));

    /// <summary>Date check, digits and MOD 11-2 by arithmetic on the number of the first seventeen digits.</summary>
    private static string Expression
    {
        get
        {
            int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            var sum = string.Join(" + ", weights.Select((w, i) => $"((n // {(long)Math.Pow(10, 16 - i)}) % 10) * {w}".Replace("n", "TRY_CAST(substr(id, 1, 17) AS BIGINT)", StringComparison.Ordinal)));
            return $"strlen(id) = 18 AND try_strptime(substr(id, 7, 8), '%Y%m%d') IS NOT NULL AND substr('10X98765432', (({sum}) % 11 + 1)::INTEGER, 1) = upper(substr(id, 18, 1))";
        }
    }
}
