using Lizhou.Kernel;

namespace Lizhou.Kernel.Tests;

public sealed class SchemaScriptTests
{
    [Fact]
    public void A_script_for_sqlite_is_translated_into_the_words_of_postgresql() =>
        SchemaScripts.Translate("CREATE TABLE t (a INTEGER NOT NULL, b BLOB, c REAL) STRICT;", StateKind.PostgreSql)
            .ShouldBe("CREATE TABLE t (a BIGINT NOT NULL, b BYTEA, c DOUBLE PRECISION);");

    [Fact]
    public void A_block_for_one_database_is_not_run_on_the_other()
    {
        const string Script = "SELECT 1;\n--sqlite\nPRAGMA x;\n--end\n--postgres\nANALYZE;\n--end\n";
        SchemaScripts.Translate(Script, StateKind.PostgreSql).ShouldNotContain("PRAGMA");
        SchemaScripts.Translate(Script, StateKind.Sqlite).ShouldNotContain("ANALYZE");
    }

    [Fact]
    public async Task A_script_runs_once()
    {
        var folder = Directory.CreateTempSubdirectory("lizhou-schema-").FullName;
        try
        {
            using var state = new StateStore(Path.Combine(folder, "s.db"));
            (await SchemaScripts.Apply(state, typeof(Module).Assembly)).ShouldBeGreaterThan(0);
            (await SchemaScripts.Apply(state, typeof(Module).Assembly)).ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Moments_are_stored_in_utc_so_that_text_order_is_time_order_and_shown_in_city_time()
    {
        var evening = new DateTimeOffset(2026, 11, 24, 23, 30, 0, TimeSpan.FromHours(8));
        evening.ToStored().ShouldBe("2026-11-24T15:30:00.0000000Z");
        Clock.FromStored(evening.ToStored()).ShouldBe(evening);
        evening.ToUniversalTime().Shown().ShouldBe("2026-11-24 23:30");
    }
}
