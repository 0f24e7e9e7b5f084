// Parquet as departments send it: found out, shown, cut into chunks for the governed load, and refused in words when it cannot be true.
using System.Buffers.Binary;
using System.CommandLine;
using System.IO.Compression;
using Lizhou.Kernel;
using Lizhou.Tabular;

namespace Lizhou.Lake.Tests;

public sealed class ParquetFileTests : IDisposable
{
    private const string People = """
        SELECT i AS "编号", '姓名' || i AS "姓名", (i / 4.0)::DECIMAL(10, 2) AS "金额", DATE '2026-01-01' + i::INTEGER AS "日期", TIMESTAMP '2026-01-01 08:00:00' AS "时间",
            CASE WHEN i % 3 = 0 THEN NULL ELSE '11010519491231002X' END AS "证件", i % 2 = 0 AS "有效", encode('字节') AS "说明", [i, 2] AS "列表"
        FROM range(1, 250001) t(i)
        """;

    private readonly TempLake place = new();
    private readonly Engine engine;
    private readonly ParquetFiles files;

    public ParquetFileTests()
    {
        engine = place.Engine();
        files = new ParquetFiles(() => engine, place.Path("staging", "unpacked"), place.Path("data"));
        Directory.CreateDirectory(place.Path("staging"));
    }

    [Fact]
    public async Task A_Parquet_file_is_shown_with_its_own_types_and_its_first_rows()
    {
        var found = Inspector.Inspect(await Write(People), columnar: files).Value.Tables.ShouldHaveSingleItem();
        found.Problem.ShouldBeNull();
        found.Rows.ShouldBe(250_000);
        found.Shape.Columns.Select(c => $"{c.Name}:{c.Type}").ShouldBe(
            ["编号:Integer", "姓名:Text", "金额:Decimal", "日期:Date", "时间:DateTime", "证件:IdNumber", "有效:Boolean", "说明:Text", "列表:Text"]);
        found.Preview.Count.ShouldBe(50);
        found.Preview[2].Cells.ShouldBe(["3", "姓名3", "0.75", "2026-01-04", "2026-01-01 08:00:00", null, "false", "字节", "[3,2]"]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gz")]
    [InlineData("zip")]
    public async Task Chunks_hold_every_row_in_order_packed_or_not(string packing)
    {
        var path = Pack(await Write(People), packing);
        var shape = Inspector.Inspect(path, columnar: files).Value.Tables[0].Shape;
        long next = 1;
        await foreach (var chunk in Chunker.Run(path, shape, place.Path("staging", "chunks"), new ChunkOptions { Columnar = files, Columns = [1, 0], Bytes = 1 << 20 }))
        {
            foreach (var line in File.ReadLines(chunk.Path))
            {
                line.ShouldBe($"{next},姓名{next},{next}");
                next++;
            }
        }

        next.ShouldBe(250_001);
        Directory.Exists(files.Room).ShouldBe(packing != "none");
        (packing == "none" ? [] : Directory.EnumerateFiles(files.Room)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_clean_table_is_written_of_it_on_the_command_line()
    {
        var path = await Write("SELECT 1 AS a, 'x,y' AS b UNION ALL SELECT 2, NULL");
        var output = place.Path("out");
        var code = await InspectCommand.Create(ParquetFiles.Alone).Parse([path, "--out", output]).InvokeAsync(new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() });
        code.ShouldBe(0);
        File.ReadAllText(Path.Combine(output, Path.GetFileName(path) + ".csv")).ShouldBe("a,b\r\n1,\"x,y\"\r\n2,\r\n");
    }

    [Fact]
    public async Task Cut_short_lying_and_endless_footers_are_refused_in_words()
    {
        var whole = await File.ReadAllBytesAsync(await Write(People));
        Code(whole[..^1000]).ShouldBe("TAB-005");
        Code(whole[..9]).ShouldBe("TAB-005");
        Code(Footer(whole, uint.MaxValue)).ShouldBe("TAB-002");
        Code(Footer(whole, (uint)whole.Length - 8)).ShouldBe("TAB-002");
        Code(Footer(whole, 3)).ShouldBe("TAB-002");
        Code([.. "PARE"u8, .. whole[4..^4], .. "PARE"u8]).ShouldBe("TAB-004");

        // The data is gone, but the footer still promises it.
        var footer = BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(whole.Length - 8));
        var hollow = Save([.. "PAR1"u8, .. whole[(whole.Length - footer - 8)..]]);
        var found = Inspector.Inspect(hollow, columnar: files);
        found.Problem!.Code.ShouldBe("TAB-002");
        found.Problem.What.En.ShouldNotContain(Path.GetDirectoryName(hollow)!);
    }

    [Fact]
    public async Task Few_bytes_that_stand_for_billions_of_rows_are_a_bomb()
    {
        var path = await Write("SELECT 7 AS a, 7 AS b, 7 AS c, 7 AS d FROM range(10000000)", 1_000_000);
        Inspector.Inspect(path, columnar: files).Problem!.Code.ShouldBe("TAB-006");
    }

    [Fact]
    public async Task Damaged_files_are_refused_or_read_and_the_engine_lives_on()
    {
        var whole = await File.ReadAllBytesAsync(await Write("SELECT i AS id, 'name ' || i AS name, i * 1.5 AS v FROM range(5000) t(i)"));
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var broken = whole.ToArray();
            for (var flip = 0; flip < 4; flip++)
            {
                // Half of the damage goes where the engine believes most: the footer.
                broken[i % 2 == 0 ? random.Next(4, broken.Length - 8) : broken.Length - 9 - random.Next(400)] ^= (byte)(1 << random.Next(8));
            }

            var path = Save(broken);
            var found = Inspector.Inspect(path, columnar: files);
            try
            {
                using var reader = found.Refused ? null : RowReader.Open(path, found.Value.Tables[0].Shape, files);
                reader?.Rows().Take(10_000).Count();
            }
            catch (ProblemException e)
            {
                e.Problem.Code.ShouldStartWith("TAB-");
            }
        }

        Inspector.Inspect(Save(whole), columnar: files).Value.Tables[0].Rows.ShouldBe(5000);
    }

    [Fact]
    public async Task A_file_of_the_lake_itself_is_never_read_this_way()
    {
        Directory.CreateDirectory(place.Path("data"));
        var inside = place.Path("data", "a.parquet");
        File.Move(await Write("SELECT 1 AS a"), inside);
        Inspector.Inspect(inside, columnar: files).Problem!.What.En.ShouldContain("lake itself");
        Inspector.Inspect(inside).Value.Tables[0].Problem!.Code.ShouldBe("TAB-016");
    }

    private string? Code(byte[] bytes) => Inspector.Inspect(Save(bytes), columnar: files).Problem?.Code;

    private static byte[] Footer(byte[] whole, uint length)
    {
        var lying = whole.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(lying.AsSpan(lying.Length - 8), length);
        return lying;
    }

    private async Task<string> Write(string select, int group = 20_000)
    {
        var path = place.Path("staging", $"{Guid.CreateVersion7():N}.parquet");
        await engine.Write(s => s.Execute($"COPY ({select}) TO {SqlText.Literal(path)} (FORMAT parquet, ROW_GROUP_SIZE {group})"));
        return path;
    }

    private string Save(byte[] bytes)
    {
        var path = place.Path("staging", $"{Guid.CreateVersion7():N}.parquet"); // the engine remembers the footer of a path
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Pack(string path, string packing)
    {
        using var from = File.OpenRead(path);
        switch (packing)
        {
            case "gz":
                using (var gz = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
                {
                    from.CopyTo(gz);
                }

                return path + ".gz";
            case "zip":
                using (var zip = new ZipArchive(File.Create(path + ".zip"), ZipArchiveMode.Create))
                {
                    using var entry = zip.CreateEntry("人口.parquet").Open();
                    from.CopyTo(entry);
                }

                return path + ".zip";
            default:
                return path;
        }
    }

    public void Dispose()
    {
        engine.Dispose();
        place.Dispose();
    }
}
