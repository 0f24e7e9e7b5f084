// The same table as UTF-8 and as GB18030 through the chunker; source bytes a second of CPU and of wall clock, median of five pairs.
using System.Diagnostics;
using System.Text;
using Lizhou.Tabular;

namespace Lizhou.Tabular.Bench;

internal static class ChunkBench
{
    public static async Task Run(int megabytes)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var folder = Directory.CreateTempSubdirectory("chunkbench").FullName;
        try
        {
            var utf8 = Path.Combine(folder, "utf8.csv");
            var rows = Make(utf8, megabytes);
            var gb = Path.Combine(folder, "gb18030.csv");
            await using (var to = new StreamWriter(gb, append: false, Encoding.GetEncoding("gb18030")))
            {
                foreach (var line in File.ReadLines(utf8))
                {
                    await to.WriteAsync(line + "\n");
                }
            }

            var a = new List<(double Wall, double Cpu)>();
            var b = new List<(double Wall, double Cpu)>();
            for (var i = 0; i < 5; i++)
            {
                a.Add(await Once(utf8, folder));
                b.Add(await Once(gb, folder));
            }

            var bytes = new FileInfo(utf8).Length / 1e6;
            Report($"UTF-8   {bytes:F0} MB, {rows:N0} rows", bytes, rows, a);
            Report($"GB18030 {new FileInfo(gb).Length / 1e6:F0} MB (as UTF-8 {bytes:F0} MB)", bytes, rows, b);
            Console.WriteLine($"GB18030 / UTF-8 rows a CPU-second: {Median(a.Select(x => x.Cpu)) / Median(b.Select(x => x.Cpu)):F2}, wall {Median(a.Select(x => x.Wall)) / Median(b.Select(x => x.Wall)):F2}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Report(string what, double megabytes, long rows, List<(double Wall, double Cpu)> runs)
    {
        double wall = Median(runs.Select(r => r.Wall)), cpu = Median(runs.Select(r => r.Cpu));
        Console.WriteLine($"{what}: wall {wall:F2} s = {megabytes / wall:F0} MB/s; CPU {cpu:F2} s = {megabytes / cpu:F0} MB/s, {rows / cpu / 1e6:F2} million rows/s");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(2);

    private static async Task<(double Wall, double Cpu)> Once(string path, string folder)
    {
        var shape = Inspector.Inspect(path).Value.Tables[0].Shape;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await foreach (var chunk in Chunker.Run(path, shape, Path.Combine(folder, "chunks")))
        {
            if (chunk.Faulty.Count > 0)
            {
                throw new InvalidOperationException(chunk.Faulty[0].ToString());
            }

            File.Delete(chunk.Path);
        }

        return (clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
    }

    /// <summary>Rows of about 200 bytes, as departments send them: codes, names, addresses, dates, amounts, some quoted. 模拟.</summary>
    private static long Make(string path, int megabytes)
    {
        var random = new Random(7);
        string[] names = ["王建国", "李秀英", "张伟", "刘洋", "陈静", "杨敏", "黄强", "周杰", "吴娟", "徐涛"];
        string[] streets = ["东城街道望春东路", "西城街道九铃西路", "江南街道金水路", "古山镇胡库下村", "方岩镇派溪村", "芝英镇古麓街"];
        using var to = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        to.Write("序号,姓名,证件号码,统一社会信用代码,企业名称,地址,登记日期,注册资本,联系电话,状态,备注\n");
        long rows = 0;
        while (to.BaseStream.Length < megabytes * 1_000_000L)
        {
            rows++;
            to.Write($"{rows},{names[random.Next(10)]},99078419{random.Next(50, 99)}{random.Next(10, 13)}{random.Next(10, 28)}{random.Next(1000, 9999)},91330784MA{random.Next(10000000, 99999999)},永康市{names[random.Next(10)]}五金制造有限公司,浙江省永康市{streets[random.Next(6)]}{random.Next(1, 999)}号,20{random.Next(10, 24)}-{random.Next(10, 13)}-{random.Next(10, 28)},{random.Next(10, 9999)}.{random.Next(10, 99)},1{random.Next(30, 99)}{random.Next(10000000, 99999999)},存续,");
            to.Write(rows % 7 == 0 ? "\"原址拆迁,已变更\"\n" : "\n");
        }

        return rows;
    }
}
