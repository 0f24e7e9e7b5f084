// The one query engine of the process: pooled sessions over one in-memory instance that sees only the lake's own folders.
// In: work on a session. Out: its result. Admits so many readers and writers, queues the rest; a fatal engine error reopens it.
using System.Collections.Concurrent;
using DuckDB.NET.Data;

namespace Lizhou.Lake;

/// <summary>The embedded engine. One per host process; safe for concurrent use.</summary>
public sealed class Engine : IDisposable
{
    // A dead instance is kept, not closed: closing one whose log or checkpoint cannot be written aborts the whole process
    // (seen with file logging), and its finalizers would do the same. Deaths are rare; its buffers are within the memory limit.
    private static readonly ConcurrentBag<object> Graveyard = [];

    private readonly EngineOptions options;
    private readonly SemaphoreSlim readers;
    private readonly SemaphoreSlim writers;
    private readonly Lock opening = new();
    private readonly Lazy<Engine> loader;
    private Instance instance;

    public Engine(EngineOptions options)
    {
        this.options = options;
        readers = new SemaphoreSlim(options.Readers);
        writers = new SemaphoreSlim(options.Writers);
        loader = new Lazy<Engine>(() => new Engine(options with { Threads = 1, Temp = Path.Combine(options.Temp, "load"), MemoryLimit = options.MemoryLimit / 2 }));
        instance = Open(0);
    }

    /// <summary>How often a fatal error made the engine reopen itself since the start.</summary>
    public int Reopened => instance.Generation;

    /// <summary>The limits it runs under.</summary>
    public EngineOptions Options => options;

    /// <summary>An instance without worker threads of its own, for statements of one pipeline that run side by side, each on its caller's thread.
    /// Where there are workers, a worker takes the pipeline and the caller spins until it ends: an eighth of a load's time.</summary>
    internal Engine Loader => loader.Value;

    /// <summary>Runs <paramref name="work"/> with a reader's session, off the caller's thread. Queues when all places are taken.
    /// After a fatal engine error it runs once more on the reopened engine: the work must only read, or write files nobody knows yet.</summary>
    internal Task<T> Read<T>(Func<Session, T> work, CancellationToken stop = default) => Admitted(readers, work, stop);

    /// <summary>As <see cref="Read{T}"/>, among the writers, whose places readers cannot take.</summary>
    internal Task<T> Write<T>(Func<Session, T> work, CancellationToken stop = default) => Admitted(writers, work, stop);

    public void Dispose()
    {
        GateFunctions.Forget(this);
        if (loader.IsValueCreated)
        {
            loader.Value.Dispose();
        }

        instance.Close();
        readers.Dispose();
        writers.Dispose();
    }

    private async Task<T> Admitted<T>(SemaphoreSlim places, Func<Session, T> work, CancellationToken stop)
    {
        await places.WaitAsync(stop);
        try
        {
            return await Task.Run(() => Healing(work, stop), stop);
        }
        finally
        {
            places.Release();
        }
    }

    private T Healing<T>(Func<Session, T> work, CancellationToken stop)
    {
        var tried = instance;
        try
        {
            return tried.Use(work, stop);
        }
        catch (DuckDBException) when (tried.IsDead())
        {
            Reopen(tried);
            return instance.Use(work, stop);
        }
    }

    private void Reopen(Instance dead)
    {
        lock (opening)
        {
            if (ReferenceEquals(instance, dead))
            {
                instance = Open(dead.Generation + 1);
                Graveyard.Add(dead);
            }
        }
    }

    private Instance Open(int generation)
    {
        foreach (var folder in options.Folders.Append(options.Temp))
        {
            Directory.CreateDirectory(folder);
        }

        var root = new DuckDBConnection("Data Source=:memory:");
        root.Open();
        var session = new Session(root, generation);
        VectorFunctions.Register(root.NativeConnection);
        session.Execute(Settings());
        return new Instance(root, generation);
    }

    /// <summary>The order matters: folders are allowed while access is still open, and the lock comes last. What was read of a file stays with the
    /// system's page cache alone; the engine's own copy would hold every byte of the lake up to its limit.</summary>
    private string Settings() => $"""
        SET autoinstall_known_extensions = false;
        SET autoload_known_extensions = false;
        SET memory_limit = '{options.MemoryLimit / 1024}KiB';
        SET threads = {options.Threads};
        SET preserve_insertion_order = false;
        SET enable_external_file_cache = false;
        SET TimeZone = 'UTC';
        SET temp_directory = {SqlText.Literal(Path.GetFullPath(options.Temp))};
        SET allowed_directories = {SqlText.List(options.Folders.Select(f => Path.GetFullPath(f) + "/"))};
        SET enable_external_access = false;
        SET lock_configuration = true;
        """;

    /// <summary>One opening of the engine with its idle sessions.</summary>
    private sealed class Instance(DuckDBConnection root, int generation)
    {
        private readonly ConcurrentBag<Session> idle = [];

        public int Generation => generation;

        public T Use<T>(Func<Session, T> work, CancellationToken stop)
        {
            if (!idle.TryTake(out var session))
            {
                var connection = root.Duplicate();
                connection.Open();
                session = new Session(connection, generation);
            }

            session.Stop = stop;
            try
            {
                return work(session);
            }
            finally
            {
                session.Stop = default;
                idle.Add(session);
            }
        }

        /// <summary>True when not even <c>SELECT 1</c> runs any more. The kind of the error does not tell: an invalidated instance says
        /// Fatal, one whose log cannot be written says Permission, to every statement of every session.</summary>
        public bool IsDead()
        {
            try
            {
                return Use(session => session.Scalar("SELECT 1"), default) is not 1;
            }
            catch (DuckDBException)
            {
                return true;
            }
        }

        public void Close()
        {
            foreach (var session in idle)
            {
                session.Connection.Dispose();
            }

            root.Dispose();
        }
    }
}
