// In: a wish for a database server. Out: a throw-away one on loopback, run by an unprivileged user, gone with the process. Skips the test where its programs are absent.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lizhou.Tests.Support;

/// <summary>Real servers for tests.</summary>
public static class Servers
{
    private static readonly Lazy<PostgresServer> Shared = new(() => PostgresServer.Start(durable: false));

    /// <summary>A connection string to a fresh, empty PostgreSQL database; one server serves the whole test process.</summary>
    public static string Postgres() => Shared.Value.NewDatabase();

    /// <summary>A database of that server with everything another holds; nobody may be connected to it.</summary>
    public static string CopyOf(string database) => Shared.Value.NewDatabase(new NpgsqlConnectionStringBuilder(database).Database);

    /// <summary>Deletes the folder of a server that has ended, by a program of its own: a runner waits ten seconds for its process to end and calls it failed then, and a busy machine takes longer for that many files.</summary>
    internal static void Remove(string folder) => Process.Start(new ProcessStartInfo("rm", ["-rf", folder]) { UseShellExecute = false })?.Dispose();

    /// <summary>Ends the test as skipped, with the reason; with LIZHOU_STRICT=1 a skip is a failure.</summary>
    public static void SkipWhen(bool missing, string reason)
    {
        if (missing)
        {
            // The first words are how xunit v3 tells a skip from a failure.
            throw new InvalidOperationException((Environment.GetEnvironmentVariable("LIZHOU_STRICT") == "1" ? "" : "$XunitDynamicSkip$") + reason);
        }
    }
}

/// <summary>One PostgreSQL cluster in a temporary folder.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string folder;
    private readonly string bin;
    private int databases;

    private PostgresServer(string folder, string bin, int port)
    {
        (this.folder, this.bin, Port) = (folder, bin, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    public int Port { get; }

    /// <param name="durable">False: no fsync, for tests that do not crash it.</param>
    public static PostgresServer Start(bool durable)
    {
        var programs = Find();
        Servers.SkipWhen(programs is null, "PostgreSQL is not installed (apt-get install postgresql).");
        var place = Directory.CreateTempSubdirectory("lizhou-pg-").FullName;
        if (Root)
        {
            Run("chown", $"{User} {place}");
        }

        var server = new PostgresServer(place, programs!, FreePort());
        server.AsUser("initdb", $"-D {place}/data -A trust -U lizhou -E UTF8 --locale=C --no-sync");
        server.Run(durable);
        return server;
    }

    /// <summary>Starts the server again on the same port and data.</summary>
    public void Run(bool durable = false) =>
        AsUser("pg_ctl", $"-D {folder}/data -l {folder}/log -w -o \"-p {Port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync={(durable ? "on" : "off")}\" start");

    /// <summary>Ends the server and every process of it at once.</summary>
    public void Kill()
    {
        using var server = Process.GetProcessById(int.Parse(File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture));
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
    }

    /// <param name="template">A database to copy; null for an empty one.</param>
    public string NewDatabase(string? template = null)
    {
        var name = $"lake{Interlocked.Increment(ref databases)}";
        using var connection = new NpgsqlConnection($"{Address};Database=postgres;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name}{(template is null ? "" : $" TEMPLATE {template}")}";
        command.ExecuteNonQuery();
        return $"{Address};Database={name};Maximum Pool Size=20";
    }

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            AsUser("pg_ctl", $"-D {folder}/data -m immediate stop");
            Servers.Remove(folder);
        }
    }

    private static bool Root => Environment.UserName == "root";

    private static string User => File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private string Address => $"Host=127.0.0.1;Port={Port};Username=lizhou";

    private static string? Find() =>
        new[] { "/usr/lib/postgresql" }.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(d => Path.Combine(d, "bin")).Order().Append("/usr/bin")
            .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.WaitForExit(TimeSpan.FromSeconds(60));
        if (!process.HasExited || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {arguments} failed.");
        }
    }

    private void AsUser(string program, string arguments)
    {
        var path = Path.Combine(bin, program);
        if (Root)
        {
            Run("setpriv", $"--reuid={User} --regid={User switch { "nobody" => "nogroup", var user => user }} --clear-groups {path} {arguments}");
        }
        else
        {
            Run(path, arguments);
        }
    }
}
