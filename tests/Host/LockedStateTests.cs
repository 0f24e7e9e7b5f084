// Another program that holds the state database is no failure of ours: who asks is told to come again.
using Microsoft.Data.Sqlite;

namespace Lizhou.Host.Tests;

public sealed class LockedStateTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_held_database_is_503_however_deep_it_is_told(int code) =>
        Failures.Status(new InvalidOperationException("saving", new IOException("inner", new SqliteException("database is locked", code)))).ShouldBe(503);

    [Fact]
    public void Another_fault_of_the_database_is_a_failure() => Failures.Status(new SqliteException("constraint", 19)).ShouldBe(500);
}
