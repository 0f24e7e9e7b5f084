// In: a wish for a MariaDB server. Out: a throw-away one on loopback, run by an unprivileged user, gone with the process. Skips the test where it is absent.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Lizhou.Tests.Support;

/// <summary>One MariaDB server in a temporary folder; its user <c>lizhou</c> with the password <c>lizhou</c> may do everything.</summary>
public sealed class MariaDb : IDisposable
{
    private static readonly Lazy<MariaDb> Shared = new(Start);
    private readonly string folder;
    private Process? running;

    private MariaDb(string folder, int port)
    {
        (this.folder, Port) = (folder, port);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>One server serves the whole test process.</summary>
    public static MariaDb Server => Shared.Value;

    public int Port { get; }

    public void Dispose()
    {
        Kill();
        Servers.Remove(folder);
    }

    /// <summary>Ends the server at once, as a power cut would.</summary>
    public void Kill()
    {
        if (running is { HasExited: false })
        {
            running.Kill(entireProcessTree: true);
            running.WaitForExit();
        }
    }

    /// <summary>Starts the server again on the same port and data.</summary>
    public void Run()
    {
        running = AsUser(
            "/usr/sbin/mariadbd", "--no-defaults", $"--datadir={folder}/data", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={folder}/socket",
            $"--pid-file={folder}/pid", $"--init-file={folder}/init.sql", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--performance-schema=off");
        var deadline = Stopwatch.StartNew();
        while (!Answers())
        {
            if (running.HasExited || deadline.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException("MariaDB did not start.");
            }
        }
    }

    private static MariaDb Start()
    {
        Servers.SkipWhen(!File.Exists("/usr/sbin/mariadbd"), "MariaDB is not installed (apt-get install mariadb-server).");
        var place = Directory.CreateTempSubdirectory("lizhou-maria-").FullName;
        File.WriteAllText(
            Path.Combine(place, "init.sql"),
            "CREATE USER IF NOT EXISTS lizhou@localhost IDENTIFIED BY 'lizhou';\nGRANT ALL ON *.* TO lizhou@localhost WITH GRANT OPTION;\n");
        if (Environment.UserName == "root")
        {
            Process.Start("chown", ["-R", User, place]).WaitForExit();
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new MariaDb(place, ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        using var install = AsUser(
            "/usr/bin/mariadb-install-db", "--no-defaults", $"--datadir={place}/data", "--skip-test-db", "--auth-root-authentication-method=normal");
        install.WaitForExit();
        server.Run();
        return server;
    }

    private static string User => File.ReadLines("/etc/passwd").Any(l => l.StartsWith("mysql:", StringComparison.Ordinal)) ? "mysql" : "nobody";

    private static Process AsUser(string program, params string[] arguments)
    {
        string[] words = Environment.UserName == "root" ? ["setpriv", $"--reuid={User}", "--clear-groups", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            var greeting = new byte[16];
            client.ReceiveTimeout = 2000;
            return client.GetStream().Read(greeting) > 4;
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }
}
