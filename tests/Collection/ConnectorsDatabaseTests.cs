using System.Data.Common;
using Lizhou.Collection.Connectors.Databases;
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Lizhou.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Npgsql;

namespace Lizhou.Collection.Tests;

public sealed class ConnectorsDatabaseTests
{
    [Fact]
    public async Task PostgreSql_values_become_text_without_loss()
    {
        await using var house = await SourceHouse.Open();
        var settings = Postgres(
            """
            CREATE SCHEMA "办公";
            CREATE TABLE "办公"."人员 表" (id bigint PRIMARY KEY, "姓 名" text, amount numeric, weight double precision, born date, seen timestamptz, local timestamp(6), ok boolean, fee money, tags text[]);
            INSERT INTO "办公"."人员 表" VALUES
              (9223372036854775807, E'王"小,二\n第二行', 1234567890123456789012345678901234567890.1234567890, 0.1, '1969-02-28', '2026-11-24 08:00:00+08', '2026-11-24 08:00:00.123456', true, 12.5, '{a,b}'),
              (1, '', 'NaN', 'Infinity', '0044-03-15 BC', NULL, NULL, NULL, NULL, NULL);
            """,
            "办公", "人员 表");
        await house.Register("pg", settings);
        var run = await house.Run("pg");
        run.Result.ShouldBe(RunResult.Delivered, run.Note);
        run.RowCount.ShouldBe(2);
        var text = await house.FileOf(run.Batch!.Value);
        text.ShouldStartWith("id,姓 名,amount,weight,born,seen,local,ok,fee,tags\n");
        text.ShouldContain("9223372036854775807,\"王\"\"小,二\n第二行\",1234567890123456789012345678901234567890.1234567890,0.1,1969-02-28,2026-11-24 00:00:00Z,2026-11-24 08:00:00.123456,true,12.50,\"{a,b}\"\n");
        text.ShouldContain("1,\"\",NaN,Infinity,0044-03-15 BC,,,,,\n");
    }

    [Fact]
    public async Task MariaDb_values_become_text_without_loss()
    {
        await using var house = await SourceHouse.Open();
        var settings = Maria(
            """
            SET sql_mode = ''; SET time_zone = '+08:00';
            CREATE TABLE `人员 表` (id bigint unsigned PRIMARY KEY, `姓 名` varchar(50), amount decimal(65,10), weight double, small float, born date, seen timestamp NULL, local datetime(6), flags bit(8), ok tinyint(1), at time);
            INSERT INTO `人员 表` VALUES (18446744073709551615, '王"小,二\n', 1234567890123456789012345678901234567890123456789012345.1234567890, 0.1, 0.1, '1969-02-28', '2026-11-24 08:00:00', '2026-11-24 08:00:00.123456', b'101', 1, '-25:10:00'),
              (1, '', NULL, NULL, NULL, '0000-00-00', NULL, NULL, NULL, NULL, NULL);
            """,
            "人员 表");
        await house.Register("maria", settings, e => e with { Secret = "lizhou" });
        var run = await house.Run("maria");
        run.Result.ShouldBe(RunResult.Delivered, run.Note);
        var text = await house.FileOf(run.Batch!.Value);
        text.ShouldContain("18446744073709551615,\"王\"\"小,二\n\",1234567890123456789012345678901234567890123456789012345.1234567890,0.1,0.10000000149011612,1969-02-28,2026-11-24 00:00:00Z,2026-11-24 08:00:00.123456,5,1,-25:10:00\n");
        text.ShouldContain("1,\"\",,,,0000-00-00,,,,,\n");
    }

    [Fact]
    public async Task Sqlite_values_become_text_without_loss()
    {
        await using var house = await SourceHouse.Open();
        var settings = Sqlite(house, "CREATE TABLE 人员 (id INTEGER PRIMARY KEY, 姓名 TEXT, amount NUMERIC, weight REAL); INSERT INTO 人员 VALUES (9223372036854775807, '王', 12.50, 0.1), (1, '', NULL, 1e300);", "人员");
        await house.Register("lite", settings);
        var run = await house.Run("lite");
        run.Result.ShouldBe(RunResult.Delivered, run.Note);
        var text = await house.FileOf(run.Batch!.Value);
        text.ShouldContain("9223372036854775807,王,12.5,0.1\n");
        text.ShouldContain("1,\"\",,1E+300\n");
    }

    [Theory]
    [InlineData(nameof(DatabaseKind.PostgreSql))]
    [InlineData(nameof(DatabaseKind.MySql))]
    [InlineData(nameof(DatabaseKind.Sqlite))]
    public async Task A_growing_key_brings_each_row_once_and_the_mark_moves_with_the_batch(string database)
    {
        var kind = Enum.Parse<DatabaseKind>(database);
        await using var house = await SourceHouse.Open();
        var settings = Make(house, kind, "CREATE TABLE t (id int PRIMARY KEY, name varchar(20)); INSERT INTO t VALUES (1, 'a'), (2, 'b');", "t");
        await house.Register("grow", settings with { Mode = PullMode.GrowingKey, Mark = "id" }, e => e with { Secret = kind == DatabaseKind.MySql ? "lizhou" : null });
        (await house.Run("grow")).RowCount.ShouldBe(2);
        (await house.Source("grow")).Watermark.ShouldBe(new Watermark("2"));
        (await house.Run("grow")).Result.ShouldBe(RunResult.Nothing);

        await Execute(settings, house, "INSERT INTO t VALUES (10, 'c'), (9, 'd')");
        var run = await house.Run("grow");
        run.RowCount.ShouldBe(2);
        (await house.FileOf(run.Batch!.Value)).ShouldBe("id,name\n9,d\n10,c\n");
        (await house.Source("grow")).Watermark.ShouldBe(new Watermark("10"));
    }

    [Theory]
    [InlineData(nameof(DatabaseKind.PostgreSql), "timestamptz")]
    [InlineData(nameof(DatabaseKind.PostgreSql), "timestamp")]
    [InlineData(nameof(DatabaseKind.MySql), "datetime(6)")]
    [InlineData(nameof(DatabaseKind.MySql), "timestamp(6)")]
    [InlineData(nameof(DatabaseKind.Sqlite), "datetime")]
    public async Task A_time_mark_reads_again_what_lies_within_the_overlap(string database, string type)
    {
        var kind = Enum.Parse<DatabaseKind>(database);
        await using var house = await SourceHouse.Open();
        var settings = Make(
            house, kind, $"CREATE TABLE t (id int PRIMARY KEY, at {type} NULL); INSERT INTO t VALUES (1, '2026-11-24 08:00:00'), (2, '2026-11-24 09:55:00'), (3, '2026-11-24 10:00:00');", "t");
        await house.Register("time", settings with { Mode = PullMode.TimeMark, Mark = "at", OverlapMinutes = 10 }, e => e with { Secret = kind == DatabaseKind.MySql ? "lizhou" : null });
        (await house.Run("time")).RowCount.ShouldBe(3);

        // A transaction that began before the last look commits late: its rows lie behind the mark.
        await Execute(settings, house, "INSERT INTO t VALUES (4, '2026-11-24 09:58:00'), (5, '2026-11-24 10:30:00')");
        var run = await house.Run("time");
        run.Result.ShouldBe(RunResult.Delivered, run.Note);
        (await house.FileOf(run.Batch!.Value)).Split('\n')[1..^1].Select(l => l[0]).Order().ShouldBe(['2', '3', '4', '5']);
    }

    [Theory]
    [InlineData(nameof(DatabaseKind.PostgreSql), "bytea")]
    [InlineData(nameof(DatabaseKind.MySql), "longblob")]
    [InlineData(nameof(DatabaseKind.Sqlite), "blob")]
    public async Task A_mapped_binary_column_is_refused_with_its_name_and_left_out_when_not_mapped(string database, string type)
    {
        var kind = Enum.Parse<DatabaseKind>(database);
        await using var house = await SourceHouse.Open();
        var settings = Make(house, kind, $"CREATE TABLE t (id int PRIMARY KEY, photo {type}); INSERT INTO t (id) VALUES (1);", "t");
        await house.Register("all", settings, Secret(kind));
        var whole = await house.Run("all");
        whole.Result.ShouldBe(RunResult.Delivered, whole.Note);
        await house.Register("photo", settings, e => Secret(kind)(e) with { Mapping = new Dictionary<string, string> { ["photo"] = "name" } });
        var run = await house.Run("photo");
        run.Result.ShouldBe(RunResult.Failed);
        run.Note.ShouldNotBeNull().ShouldContain("SRC-014");
        run.Note.ShouldContain("photo");
    }

    [Theory]
    [InlineData(nameof(DatabaseKind.PostgreSql))]
    [InlineData(nameof(DatabaseKind.MySql))]
    [InlineData(nameof(DatabaseKind.Sqlite))]
    public async Task Tables_and_columns_come_from_the_sources_own_catalogue_and_strange_names_are_only_names(string database)
    {
        var kind = Enum.Parse<DatabaseKind>(database);
        await using var house = await SourceHouse.Open();
        var name = kind == DatabaseKind.MySql ? "a`; DROP TABLE t; --" : "a\"; DROP TABLE t; --";
        var quoted = kind == DatabaseKind.MySql ? "`a``; DROP TABLE t; --`" : "\"a\"\"; DROP TABLE t; --\"";
        var settings = Make(house, kind, $"CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (7); CREATE TABLE {quoted} ({quoted} int); INSERT INTO {quoted} VALUES (5); CREATE VIEW v AS SELECT id FROM t;", name);
        await using var scope = house.Services.CreateAsyncScope();
        var pull = scope.ServiceProvider.GetRequiredService<PullTable>();
        var secret = kind == DatabaseKind.MySql ? "lizhou" : null;
        var tables = (await pull.Tables(settings, secret, default)).Where(t => t.Schema is null || t.Schema == settings.Schema).ToList();
        tables.Select(t => t.Name).ShouldBe([name, "t", "v"], ignoreOrder: true);
        tables.Single(t => t.Name == "v").View.ShouldBeTrue();
        (await pull.Columns(settings, secret, default)).Single().Name.ShouldBe(name);

        await house.Register("odd", settings, Secret(kind));
        var odd = await house.Run("odd");
        odd.RowCount.ShouldBe(1, odd.Note);
        await house.Register("still", settings with { Table = "v" }, Secret(kind));
        (await house.Run("still")).RowCount.ShouldBe(1);
        await house.Register("gone", settings with { Table = "no_such" }, Secret(kind));
        (await house.Run("gone")).Note.ShouldNotBeNull().ShouldContain("SRC-012");
    }

    [Theory]
    [InlineData(nameof(DatabaseKind.PostgreSql))]
    [InlineData(nameof(DatabaseKind.MySql))]
    [InlineData(nameof(DatabaseKind.Sqlite))]
    public async Task The_source_cannot_be_written_even_by_a_view_that_tries(string database)
    {
        var kind = Enum.Parse<DatabaseKind>(database);
        await using var house = await SourceHouse.Open();
        var settings = Make(house, kind, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1);", "t");
        await using var connection = Dialect.Of(kind, house.Services.GetRequiredService<SourceFiles>()).Connection(settings, kind == DatabaseKind.MySql ? "lizhou" : null);
        await connection.OpenAsync();
        await using var session = connection.CreateCommand();
        session.CommandText = Dialect.Of(kind, house.Services.GetRequiredService<SourceFiles>()).Session(connection, settings);
        await session.ExecuteNonQueryAsync();
        await using var transaction = await Dialect.Of(kind, house.Services.GetRequiredService<SourceFiles>()).Begin(connection, default);
        await using var write = connection.CreateCommand();
        (write.CommandText, write.Transaction) = ("DELETE FROM t", (DbTransaction)transaction);
        if (kind == DatabaseKind.PostgreSql)
        {
            write.CommandText = $"DELETE FROM {settings.Schema}.t";
        }

        await Should.ThrowAsync<DbException>(() => write.ExecuteNonQueryAsync());
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_ends_at_the_source()
    {
        await using var house = await SourceHouse.Open();
        var settings = Postgres("CREATE VIEW slow AS SELECT 1 AS id FROM pg_sleep(60);", "public", "slow");
        await house.Register("slow", settings with { TimeoutSeconds = 1 });
        var run = await house.Run("slow");
        run.Result.ShouldBe(RunResult.Failed);
        run.Note.ShouldNotBeNull().ShouldContain("statement timeout");
    }

    [Fact]
    public async Task A_source_that_dies_in_the_middle_leaves_nothing_and_is_read_again_from_the_mark()
    {
        await using var house = await SourceHouse.Open();
        var settings = Postgres("CREATE TABLE t (id int PRIMARY KEY, pad text); INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 100) i;", "public", "t");
        var grow = settings with { Mode = PullMode.GrowingKey, Mark = "id" };
        await house.Register("dies", grow);
        (await house.Run("dies")).RowCount.ShouldBe(100);
        await Execute(settings, house, "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(101, 200000) i");

        await using var scope = house.Services.CreateAsyncScope();
        var source = await house.Source("dies");
        var path = Path.Combine(house.Settings.Work, "dies");
        var broken = await Should.ThrowAsync<ProblemException>(() => scope.ServiceProvider.GetRequiredService<PullTable>().Fetch(
            source, path, _ => Execute(settings, house, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Lizhou'"), default));
        broken.Problem.Code.ShouldBe("SRC-016");
        File.Exists(path).ShouldBeFalse();
        (await house.Source("dies")).Watermark.ShouldBe(new Watermark("100"));

        var run = await house.Run("dies");
        run.RowCount.ShouldBe(199_900);
        (await house.Source("dies")).Watermark.ShouldBe(new Watermark("200000"));
    }

    [Theory]
    [InlineData("PostgreSQL")]
    [InlineData("MariaDB")]
    public async Task A_source_killed_while_it_is_read_leaves_nothing_and_the_next_pull_brings_each_row_once(string kind)
    {
        using var postgres = kind == "PostgreSQL" ? PostgresServer.Start(durable: false) : null;
        Action kill = postgres is null ? MariaDb.Server.Kill : postgres.Kill;
        await using var house = await SourceHouse.Open();
        const string Rows = "INSERT INTO t SELECT a.n * 500 + b.n, repeat('x', 200) FROM d a CROSS JOIN d b WHERE a.n < 400 AND b.n < 500";
        var settings = postgres is not null
            ? Postgres($"CREATE TABLE d (n int); INSERT INTO d SELECT generate_series(0, 499); CREATE TABLE t (id int PRIMARY KEY, pad text); {Rows}", "public", "t", postgres.NewDatabase())
            : Maria($"SET GLOBAL innodb_flush_log_at_trx_commit = 1; CREATE TABLE d (n int); INSERT INTO d WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < 499) SELECT n FROM s; CREATE TABLE t (id int PRIMARY KEY, pad text); {Rows}", "t");
        await house.Register("killed", settings with { Mode = PullMode.GrowingKey, Mark = "id" }, Secret(settings.Kind));

        var path = Path.Combine(house.Settings.Work, "killed");
        await using (var scope = house.Services.CreateAsyncScope())
        {
            var source = await house.Source("killed");
            var broken = await Should.ThrowAsync<ProblemException>(() => scope.ServiceProvider.GetRequiredService<PullTable>().Fetch(
                source, path, _ => Task.Run(() => Interlocked.Exchange(ref kill, () => { })()), default));
            broken.Problem.Code.ShouldBe("SRC-016");
            broken.Problem.Todo.Zh.ShouldNotBeNullOrEmpty();
        }

        File.Exists(path).ShouldBeFalse();
        (await house.Run("killed")).Note.ShouldNotBeNull().ShouldContain("SRC-011"); // still down
        (await house.Scalar<long>($"SELECT COUNT(*) FROM batch")).ShouldBe(0);
        (await house.Source("killed")).Watermark.ShouldBeNull();

        (postgres is null ? (Action)MariaDb.Server.Run : () => postgres.Run())();
        var run = await house.Run("killed");
        run.RowCount.ShouldBe(200_000, run.Note);
        (await File.ReadAllLinesAsync(await house.PathOf(run.Batch!.Value))).Skip(1).Select(l => l.Split(',')[0]).Distinct().Count().ShouldBe(200_000);
        (await house.Run("killed")).Result.ShouldBe(RunResult.Nothing);
    }

    [Fact]
    public async Task A_dead_source_counts_its_failures_and_says_why_without_the_password()
    {
        await using var house = await SourceHouse.Open();
        await house.Register("dead", new DatabaseSettings(DatabaseKind.PostgreSql, "127.0.0.1", 1, "x", "u", Tls.Off, "public", "t"), e => e with { Secret = "geheim-模拟", Schedule = new("0 2 * * *") });
        (await house.Run("dead")).Result.ShouldBe(RunResult.Failed);
        await house.Run("dead");
        var source = await house.Source("dead");
        source.Failures.ShouldBe(2);
        source.LastNote.ShouldNotBeNull().ShouldContain("SRC-011");
        source.LastNote.ShouldNotContain("geheim");
        source.NextAt!.Value.ShouldBeLessThan(DateTimeOffset.UtcNow.AddMinutes(3));
    }

    [Theory]
    [InlineData("../lizhou.db")]
    [InlineData("/etc/passwd")]
    [InlineData("link.db")]
    public async Task Only_files_of_the_folder_for_databases_are_opened(string name)
    {
        await using var house = await SourceHouse.Open();
        Directory.CreateDirectory(Path.Combine(house.Settings.Data, "databases"));
        File.CreateSymbolicLink(Path.Combine(house.Settings.Data, "databases", "link.db"), Path.Combine(house.Settings.Data, "lizhou.db"));
        await house.Register("file", new DatabaseSettings(DatabaseKind.Sqlite, null, 0, name, null, Table: "source"));
        (await house.Run("file")).Note.ShouldNotBeNull().ShouldContain("SRC-011");
    }

    private static Func<SourceEntry, SourceEntry> Secret(DatabaseKind kind) => e => e with { Secret = kind == DatabaseKind.MySql ? "lizhou" : null };

    private static DatabaseSettings Make(SourceHouse house, DatabaseKind kind, string sql, string table) => kind switch
    {
        DatabaseKind.PostgreSql => Postgres(sql, "public", table),
        DatabaseKind.MySql => Maria(sql, table),
        _ => Sqlite(house, sql, table),
    };

    /// <param name="database">Null: a fresh one of the shared server.</param>
    private static DatabaseSettings Postgres(string sql, string schema, string table, string? database = null)
    {
        var at = new NpgsqlConnectionStringBuilder(database ?? Servers.Postgres());
        using var connection = new NpgsqlConnection(at.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
        return new(DatabaseKind.PostgreSql, at.Host, at.Port, at.Database!, at.Username, Tls.Off, schema, table);
    }

    private static DatabaseSettings Maria(string sql, string table)
    {
        var name = $"d{Guid.NewGuid():N}";
        using var connection = new MySqlConnection($"Server=127.0.0.1;Port={MariaDb.Server.Port};User ID=lizhou;Password=lizhou;Pooling=false;SslMode=None;AllowPublicKeyRetrieval=true");
        connection.Open();
        using var command = new MySqlCommand($"CREATE DATABASE {name} CHARACTER SET utf8mb4; USE {name}; {sql}", connection);
        command.ExecuteNonQuery();
        return new(DatabaseKind.MySql, "127.0.0.1", MariaDb.Server.Port, name, "lizhou", Tls.Off, name, table);
    }

    private static DatabaseSettings Sqlite(SourceHouse house, string sql, string table)
    {
        var folder = Directory.CreateDirectory(Path.Combine(house.Settings.Data, "databases")).FullName;
        using var connection = new SqliteConnection($"Data Source={folder}/dept.db;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return new(DatabaseKind.Sqlite, null, 0, "dept.db", null, Table: table);
    }

    private static async Task Execute(DatabaseSettings at, SourceHouse house, string sql)
    {
        await using DbConnection connection = at.Kind switch
        {
            DatabaseKind.PostgreSql => new NpgsqlConnection($"Host={at.Host};Port={at.Port};Database={at.Database};Username={at.User};Pooling=false"),
            DatabaseKind.MySql => new MySqlConnection($"Server={at.Host};Port={at.Port};Database={at.Database};User ID=lizhou;Password=lizhou;Pooling=false;SslMode=None"),
            _ => new SqliteConnection($"Data Source={house.Settings.Data}/databases/dept.db;Pooling=false"),
        };
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
