using System.Text.Json.Serialization;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;

namespace Lizhou.Contracts.Standards;

/// <summary>A published version of a code list (代码集).</summary>
/// <param name="Code">What it is asked by, e.g. <c>gbt-2260</c>.</param>
/// <param name="Source">The standard it comes from, e.g. GB/T 2260; null for a local rule.</param>
/// <param name="Version">1-based; the one in force.</param>
public sealed record CodeListCard(string Code, string Name, string? NameEn, string? Source, int Version)
{
    /// <summary>In the language of the request.</summary>
    public Text Shown => new(Name, NameEn ?? Name);
}

/// <summary>A code and the days it means this.</summary>
/// <param name="Parent">The code above; null at the top.</param>
/// <param name="From">First day; null when it stood before the list's records begin.</param>
/// <param name="Until">The day it no longer means this (exclusive); null while it does.</param>
public sealed record CodeCard(string Code, string Name, string? NameEn, string? Parent, DateOnly? From, DateOnly? Until)
{
    public bool Holds(DateOnly day) => (From is null || From <= day) && (Until is null || day < Until);
}

/// <summary>How sure a step from an old code to a new one is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Certainty>))]
public enum Certainty
{
    /// <summary>The list itself says so: the code stands, under the same or another name.</summary>
    Listed,

    /// <summary>The crosswalk says so, and a person has confirmed it.</summary>
    Confirmed,

    /// <summary>A candidate by name that nobody has confirmed.</summary>
    Proposed,

    /// <summary>Nothing says what became of it.</summary>
    Unknown,
}

/// <summary>What became of a code. The first two leave the code as it is, the others end it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CodeChangeKind>))]
public enum CodeChangeKind
{
    /// <summary>同码更名: another name under the same code.</summary>
    Renamed,

    /// <summary>换码: the same under another code.</summary>
    Recoded,

    /// <summary>升格: another rank, e.g. a county that became a city or a district.</summary>
    Upgraded,

    /// <summary>合并</summary>
    Merged,

    /// <summary>拆分</summary>
    Split,

    /// <summary>撤销: ended, and nothing is known that took its place.</summary>
    Abolished,
}

/// <summary>One step of the way from an old code to today's.</summary>
/// <param name="On">The day of the change.</param>
public sealed record CodeStep(string From, string FromName, string? To, string? ToName, DateOnly On, CodeChangeKind Kind, Certainty Certainty);

/// <summary>A code in force today that an old one leads to.</summary>
/// <param name="Certainty">That of the least certain step.</param>
public sealed record CodeTarget(string Code, string Name, Certainty Certainty);

/// <summary>What an old code is today.</summary>
/// <param name="At">The day it was asked of; null: its last meaning.</param>
/// <param name="Name">What it meant then; null for a code the list never had.</param>
/// <param name="Exact">Whether it was in force that day; else the nearest day's meaning was taken.</param>
/// <param name="Targets">Today's codes; empty when nothing says what became of it, and for a code the list never had.</param>
/// <param name="Path">The steps, in order of days.</param>
public sealed record CodeResolution(string Code, DateOnly? At, string? Name, bool Exact, IReadOnlyList<CodeTarget> Targets, IReadOnlyList<CodeStep> Path);

/// <summary>The code lists in force. Drafts are nobody's business but their editors'.</summary>
public interface ICodeLists
{
    /// <summary>Null when there is no such list, or none of its versions was published.</summary>
    Task<CodeListCard?> Find(string list, CancellationToken stop);

    /// <summary>The codes in force on a day, in the order of the list; null when there is no such list.</summary>
    Task<IReadOnlyList<CodeCard>?> InForce(string list, DateOnly day, CancellationToken stop);

    /// <summary>The codes that do not hold today, in the order of the list, each with what it certainly is today; null when there is no such list.</summary>
    Task<IReadOnlyList<FormerCode>?> Former(string list, CancellationToken stop);

    /// <summary>What a code of a day is today; null when there is no such list.</summary>
    /// <param name="at">The day the code was written down; null when it is not known.</param>
    Task<CodeResolution?> Resolve(string list, string code, DateOnly? at, CancellationToken stop);
}
