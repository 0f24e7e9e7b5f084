// kill -9 at any moment of a load: after the restart the batch goes on at once and lands whole, once, and every count adds up.
using System.Text;
using Microsoft.Data.Sqlite;
using static Lizhou.Collection.Tests.RunningCity;

namespace Lizhou.Collection.Tests;

public sealed class CrashTests
{
    private const int Rows = 120_000;

    [Fact]
    public async Task A_batch_killed_at_random_moments_lands_once_and_whole()
    {
        await using var city = new RunningCity();
        await city.InitializeAsync();
        var resource = await city.Publish(Item("编号", key: true), Item("姓名", required: true), Item("金额", "Money"));
        var text = new StringBuilder("编号,姓名,金额\n");
        for (var i = 0; i < Rows; i++)
        {
            text.Append('N').Append(i).Append(",姓名").Append(i % 100).Append(',').Append(i % 1_000 == 7 ? "坏" : $"{i}.25").Append('\n');
        }

        var batch = await Json(await city.Send(resource, [("大.csv", Encoding.UTF8.GetBytes(text.ToString()))]));
        var moments = new Random(20261124);
        for (var kill = 0; kill < 4; kill++)
        {
            await Task.Delay(moments.Next(50, 900));
            await city.Kill();
            await city.Start();
        }

        Counts(await city.Ended(batch)).ShouldBe((Rows, Rows - 120, 120, 0, 0));
        Number(city.Data, "SELECT record_count FROM ducklake_table_stats s JOIN landing_resource r ON r.lake_table = s.table_id").ShouldBe(Rows - 120);
        Number(city.Data, "SELECT COUNT(*) FROM outbox WHERE type LIKE '%BatchLanded'").ShouldBe(1);
        Number(city.Data, "SELECT COUNT(*) FROM ledger_entry WHERE act = 'collection.landed'").ShouldBe(1);
        Directory.EnumerateFiles(Path.Combine(city.Data, "work"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static long Number(string data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "lizhou.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }
}
