using System.Text.Json.Serialization;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Identity;

/// <summary>What reads data without a person at it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessKind>))]
public enum ProcessKind
{
    /// <summary>A key of one grant.</summary>
    Key,

    /// <summary>A registered application, whatever tokens it fetches.</summary>
    Application,

    /// <summary>A delivery by clock, change or hand: a file, a subscription, a table.</summary>
    Delivery,
}

/// <summary>A program with its security label.</summary>
/// <param name="Label">Up to which level (L1–L4 as 1–4) it may take data; null for one nobody labelled.</param>
/// <param name="Opens">Of a key its subject, of an application its scopes.</param>
public sealed record ProcessCard(ProcessKind Kind, Guid Id, string Name, Guid Unit, int? Label, DateTimeOffset Made, IReadOnlyList<string> Opens);

/// <summary>Security labels of keys and applications. They count at the next call; see <see cref="Actor.Label"/>.</summary>
public interface IProcessLabels
{
    /// <summary>Keys of grants that were not ended, and all applications; of every unit.</summary>
    Task<IReadOnlyList<ProcessCard>> All(CancellationToken stop);

    /// <summary>Gives a label, or takes it away; the caller has checked that the actor is the security administrator. Evidence <c>process.labelled</c>.
    /// False where there is none of that kind and id.</summary>
    /// <param name="level">1 to 4; null for none.</param>
    Task<bool> Label(ProcessKind kind, Guid id, int? level, Actor by, CancellationToken stop);
}
