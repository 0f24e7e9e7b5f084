// More than 500 statements that want a file, the network, the process, its settings or its memory. Each is parsed by the engine itself and refused as a tree;
// what the engine would have said does not matter. A few of each family also go through the whole desk.
using Lizhou.Lake;
using Lizhou.Policy.UserSql;

namespace Lizhou.Policy.Tests;

public sealed class HostileSqlTests
{
    private static readonly string[] Files =
    [
        "/etc/passwd", "/proc/self/environ", "/proc/self/maps", "../keys/policy", "lizhou.db", "file:///etc/passwd", "https://example.org/x.parquet", "s3://bucket/x.csv", "//host/share/x.csv",
        "/dev/zero", "*.parquet", "/**/*", "x.json", "/etc/passwd.csv",
    ];

    private static readonly string[] Readers =
    [
        "read_csv", "read_csv_auto", "read_text", "read_blob", "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_file_metadata", "parquet_kv_metadata", "read_json",
        "read_json_auto", "read_ndjson", "read_ndjson_objects", "read_json_objects", "sniff_csv", "glob", "query", "query_table", "iceberg_scan", "sqlite_scan", "postgres_query", "read_duckdb",
    ];

    private static readonly string[] Functions =
    [
        "getenv('HOME')", "getvariable('x')", "current_setting('memory_limit')", "nextval('s')", "currval('s')", "txid_current()", "pg_get_viewdef('x')", "write_log('x')", "error('x')",
        "json_serialize_sql('SELECT 1')", "json_deserialize_sql('{}')", "json_execute_serialized_sql('{}')", "in_search_path('a', 'b')", "lz_mask('Partial:Text:0', 'k', 'v')", "lz_guard('=1')",
        "read_text('/etc/passwd')", "glob('/*')", "query('SELECT 1')", "version()", "get_block_size('x')", "checkpoint()", "pg_sleep(10)", "sleep(10)", "load_aws_credentials()", "current_query()",
        "parse_path('/a/b')", "add_parquet_key('a', 'b')", "create_sort_key('a', 'b')", "enable_logging()", "shell('id')", "system('id')",
    ];

    private static readonly string[] Whole =
    [
        "COPY people TO 'x.csv'", "COPY people FROM '/etc/passwd'", "COPY (SELECT 1) TO '/dev/stdout'", "ATTACH '/etc/passwd' AS x", "ATTACH 'x.db'", "DETACH memory", "USE memory",
        "CALL enable_logging(storage='file', storage_path='x')", "CALL pragma_version()", "CALL truncate_duckdb_logs()", "PRAGMA version", "PRAGMA database_list", "PRAGMA enable_profiling='json'",
        "PRAGMA profiling_output='x'", "SET memory_limit='100GB'", "SET GLOBAL threads=64", "SET VARIABLE x = 1", "RESET memory_limit", "SET enable_external_access=true",
        "SET lock_configuration=false", "SET allowed_directories=['/']", "SET temp_directory='elsewhere'", "SET log_query_path='x'", "SET home_directory='/'", "INSTALL httpfs", "LOAD httpfs",
        "LOAD 'x.duckdb_extension'", "FORCE INSTALL spatial FROM 'http://example.org'", "EXPORT DATABASE 'x'", "IMPORT DATABASE 'x'", "CREATE TABLE x AS SELECT 1",
        "CREATE VIEW v AS SELECT * FROM people", "CREATE MACRO m() AS 1", "CREATE SECRET s (TYPE s3)", "CREATE TYPE t AS ENUM ('a')", "CREATE SEQUENCE s", "CREATE SCHEMA s", "CREATE INDEX i ON people(name)",
        "DROP TABLE people", "DELETE FROM people", "UPDATE people SET name = 'x'", "INSERT INTO people VALUES (1)", "MERGE INTO people USING people ON true WHEN MATCHED THEN DELETE", "TRUNCATE people",
        "ALTER TABLE people RENAME TO x", "BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT", "FORCE CHECKPOINT", "VACUUM", "ANALYZE", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT 1", "PREPARE p AS SELECT 1",
        "EXECUTE p", "DEALLOCATE p", "COMMENT ON TABLE people IS 'x'", "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE people", "SELECT 1; COPY people TO 'x'", ";", "", "/* only */", "-- only",
        "DESCRIBE people", "SUMMARIZE people", "SHOW TABLES", "SHOW ALL TABLES", "SHOW DATABASES", "FROM (DESCRIBE people)", "FROM (SHOW TABLES)", "FROM (SUMMARIZE people)", "PIVOT people ON town USING sum(amount)",
        "UNPIVOT people ON amount INTO NAME n VALUE v", "SELECT * FROM people AT (VERSION => 1)", "SELECT $1", "SELECT ?", "SELECT $name", "SELECT * FROM people WHERE name = $1",
        "WITH \"/etc/passwd.csv\" AS (SELECT 1) SELECT * FROM \"/etc/passwd.csv\"", "WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a",
        "SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c) x, c", "SELECT main.getenv('x')", "SELECT system.main.getenv('x')", "SELECT 'x'.getenv()", "SELECT pg_catalog.current_setting('threads')",
        "SELECT * FROM memory.main.people", "SELECT * FROM temp.people", "SELECT * FROM system.main.duckdb_settings", "SELECT unnest(query('SELECT 1'))", "SELECT list_transform([1], lambda x: getenv('HOME'))",
        "SELECT list_aggregate([1], 'getenv') FROM duckdb_secrets()", "SELECT * FROM range(getenv('X')::INT)", "SELECT (SELECT * FROM '/etc/passwd')", "SELECT 1 WHERE EXISTS (FROM '/etc/passwd')",
        "SELECT 1 ORDER BY (SELECT count(*) FROM read_text('/etc/passwd'))", "SELECT 1 LIMIT (SELECT count(*) FROM read_text('/etc/passwd'))", "SELECT 1 GROUP BY (SELECT 1 FROM '/etc/passwd')",
        "SELECT count(*) FILTER (WHERE getenv('A') = 'b') FROM people", "SELECT sum(amount) OVER (ORDER BY getenv('A')) FROM people", "SELECT CASE WHEN getenv('A') = 'b' THEN 1 END",
        "VALUES (getenv('A'))", "SELECT 1 UNION ALL SELECT * FROM '/etc/passwd'", "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM '/etc/passwd') SELECT * FROM r",
        "SELECT * REPLACE (getenv('A') AS name) FROM people", "SELECT DISTINCT ON (getenv('A')) name FROM people", "SELECT COLUMNS(c -> getenv(c) = '') FROM people",
        "SELECT x'2f6574632f706173737764' FROM \"\\u002fetc\\u002fpasswd\"", "SELECT * FROM \"\uff0fetc\uff0fpasswd\"", "SELECT * FROM U&\"\\002fetc\\002fpasswd\"", "SELECT * FROM \"/e\u200btc/passwd\"",
        "SELECT * FROM e'/etc/passwd'", "SELECT * FROM $$/etc/passwd$$", "SELECT * FROM 'x' || 'y'", "SELECT * FROM \"people\"\"; DROP\"", "SELECT * FROM peop\u0142e", "SELECT * FROM \"people\u0000\"",
    ];

    private static readonly string[] Tables =
    [
        "duckdb_settings()", "duckdb_secrets()", "duckdb_databases()", "duckdb_tables()", "duckdb_functions()", "duckdb_logs", "duckdb_extensions()", "duckdb_memory()", "duckdb_temporary_files()",
        "pragma_database_list()", "pragma_table_info('people')", "information_schema.tables", "pg_catalog.pg_class", "pg_tables", "sqlite_master", "sqlite_schema", "duckdb_views", "test_all_types()",
        "repeat('x', 10)", "repeat_row(1, num_rows=10)", "summary(1)", "seq_scan('x')", "arrow_scan(1, 2, 3)", "pandas_scan(1)", "storage_info('x')", "checkpoint()", "force_checkpoint()", "which_secret('a', 'b')",
        "lz_t0", "policy_grant", "json_execute_serialized_sql('{}')", "unnest(getenv('A'))",
    ];

    private static readonly string[] Places =
        ["SELECT * FROM {0}", "SELECT 1 FROM people, {0}", "SELECT (SELECT count(*) FROM {0})", "WITH a AS (SELECT * FROM {0}) SELECT * FROM a", "SELECT * FROM people JOIN {0} ON true", "SELECT 1 UNION SELECT 1 FROM {0}", "FROM (FROM {0})"];

    private static readonly string[] Shells = ["SELECT {0}", "SELECT 1 FROM people WHERE {0} IS NOT NULL", "SELECT max({0}) FROM people", "SELECT [y FOR y IN [{0}]]", "SELECT CAST({0} AS VARCHAR) || 'x'"];

    private static List<string> All =>
    [
        .. Whole,
        .. Files.SelectMany(f => Places.Select(p => string.Format(p, $"'{f}'")).Concat(Places.Take(2).Select(p => string.Format(p, $"\"{f}\"")))),
        .. Readers.SelectMany(r => Places.Select(p => string.Format(p, $"{r}('/etc/passwd')"))),
        .. Readers.Select(r => $"SELECT {r}('/etc/passwd')").Concat(Readers.Select(r => $"SELECT * FROM \"{r.ToUpperInvariant()}\"('/etc/passwd')")),
        .. Functions.SelectMany(f => Shells.Select(s => string.Format(s, f))),
        .. Tables.SelectMany(t => Places.Take(4).Select(p => string.Format(p, t))),
    ];

    [Fact]
    public void Every_hostile_statement_is_refused_as_a_tree_before_anything_runs()
    {
        var all = All.Distinct().ToList();
        all.Count.ShouldBeGreaterThan(500);
        using var engine = new Sandbox(256, 1, [], ["/nowhere"]);
        var let = all.Where(sql => !Refused(engine, sql)).ToList();
        let.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_few_of_each_family_go_through_the_desk_and_the_house_stands()
    {
        await using var house = await House.Build();
        var resource = await house.Resource("people", UserSqlTests.Items, UserSqlTests.Rows);
        foreach (var sql in All.Where((_, i) => i % 60 == 0).Append(Whole[7]))
        {
            (await house.Desk.Run(new(sql, "query", 5), House.Engineer, default)).Refused.ShouldBeTrue(sql);
        }

        (await house.Gate.Read(new(resource.Id, "preview"), House.Engineer, default)).Value.Total.ShouldBe(4);
    }

    private static bool Refused(Sandbox engine, string sql)
    {
        try
        {
            return SqlTree.Rewrite(engine.Parse(sql), (schema, name) => (schema, name) is ("" or "landing", "people") ? "lz_t0" : null).Refused;
        }
        catch (DuckDB.NET.Data.DuckDBException)
        {
            return true; // The engine itself refused to parse it.
        }
    }
}
