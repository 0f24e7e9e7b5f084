// Entity Framework over the module's own tables, made by its numbered scripts: names in snake_case, values as both databases keep them.
using System.Data.Common;
using System.Text.RegularExpressions;
using Lizhou.Kernel.Events;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Lizhou.Kernel.Data;

/// <param name="state">The state database.</param>
/// <param name="connection">An open connection to work on, inside the caller's transaction; null to open one's own.</param>
public abstract partial class ModuleDb(StateStore state, DbConnection? connection = null) : DbContext
{
    /// <summary>Tells other modules a fact, in the transaction of the change itself.</summary>
    public void Tell(IFact fact, TimeProvider clock)
    {
        Set<OutboxRow>().Add(OutboxRow.Of(fact, clock));
        state.Bell.Ring();
    }

    protected override void OnConfiguring(DbContextOptionsBuilder options)
    {
        if (state.Kind == StateKind.PostgreSql)
        {
            options.UseNpgsql(connection ?? state.Unopened(), contextOwnsConnection: connection is null);
        }
        else
        {
            options.UseSqlite(connection ?? state.Unopened(), contextOwnsConnection: connection is null).AddInterceptors(DurableSqlite.Instance);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<StoredMoment>();
        conventions.Properties<DateOnly>().HaveConversion<StoredDate>();
        conventions.Properties<Guid>().HaveConversion<StoredId>();
        conventions.Properties<bool>().HaveConversion<BoolToZeroOneConverter<long>>();
        conventions.Properties<Enum>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<OutboxRow>(row => row.ToTable("outbox").HasKey(r => r.Id));
        Map(model);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }
        }
    }

    /// <summary>Declares the module's tables: <c>model.Entity&lt;Unit&gt;().ToTable("unit").HasKey(u =&gt; u.Id)</c>.</summary>
    protected abstract void Map(ModelBuilder model);

    private static string SnakeCase(string name) => Hump().Replace(name, "_$1").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])", RegexOptions.None, 1000)]
    private static partial Regex Hump();

    private sealed class StoredMoment() : ValueConverter<DateTimeOffset, string>(m => m.ToStored(), s => Clock.FromStored(s));

    private sealed class StoredDate() : ValueConverter<DateOnly, string>(
        d => d.ToString("yyyy-MM-dd"), s => DateOnly.ParseExact(s, "yyyy-MM-dd"));

    private sealed class StoredId() : ValueConverter<Guid, string>(id => id.ToString("D"), s => Guid.Parse(s));

    /// <summary>What was acknowledged survives a power cut: every connection commits with a full sync.</summary>
    private sealed class DurableSqlite : DbConnectionInterceptor
    {
        public static readonly DurableSqlite Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var pragma = connection.CreateCommand();
            pragma.CommandText = StateStore.Pragmas;
            pragma.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default) =>
            StateStore.Prepare((SqliteConnection)connection, cancellationToken);
    }
}
