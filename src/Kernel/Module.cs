// A module's table of contents: its services, routes, subscriptions, pages and words for the command line.
using System.CommandLine;
using System.Data.Common;
using System.Reflection;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Events;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Kernel;

/// <summary>One room of the house. Modules are listed in data order in <c>Host/Modules.cs</c>; there is no scanning.</summary>
public abstract class Module
{
    /// <summary>Holds the module's pages, schema scripts and texts.</summary>
    public Assembly Assembly => GetType().Assembly;

    public virtual void Services(IServiceCollection services, Settings settings)
    {
    }

    public virtual void Routes(IEndpointRouteBuilder routes)
    {
    }

    public virtual void Subscribe(Subscriptions on)
    {
    }

    /// <summary>Runs once after the schema is current and before the first request.</summary>
    public virtual Task Start(IServiceProvider services, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Files the module keeps beside the lake, of a state that need not be the running one's.</summary>
    public virtual IAsyncEnumerable<KeptFile> Kept(DbConnection state, CancellationToken stop) => AsyncEnumerable.Empty<KeptFile>();

    /// <summary>After a restore, before anything runs: what the module remembers beside the state is set to it.</summary>
    public virtual Task Restored(DbConnection state, Settings settings, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Entries of the main menu, in order.</summary>
    public virtual IEnumerable<MenuEntry> Menu => [];

    /// <summary>Verbs of <c>./lizhou</c>; <paramref name="host"/> reaches the running host, or opens the folder.</summary>
    public virtual IEnumerable<Command> Commands(IHostCalls host) => [];
}

/// <summary>A line of the menu.</summary>
/// <param name="Group">The first-level entry it stands under.</param>
/// <param name="Title">What it says.</param>
/// <param name="Path">Where it leads.</param>
/// <param name="Roles">Comma-separated roles that see it; null for everyone signed in.</param>
/// <param name="Place">Where its group stands in the bar: 0 first, 99 last; groups of one place in the order of the modules.</param>
/// <param name="Also">The path of other pages that stand under it; null: none but its own.</param>
public sealed record MenuEntry(Text Group, Text Title, string Path, string? Roles = null, int Place = 50, string? Also = null);

/// <summary>How a command of <c>./lizhou</c> speaks to the product: the HTTP API of the host that runs on this data folder,
/// or of one started for the command alone. There is one way in, so the command line can do nothing the API would refuse.</summary>
public interface IHostCalls
{
    /// <summary>A client whose base address is the host and that acts as the operator of this machine.</summary>
    Task<HttpClient> Client(CancellationToken stop);
}
