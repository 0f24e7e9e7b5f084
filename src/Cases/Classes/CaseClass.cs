// 事件分类: what a case can be, how soon it is to be handled, by whom, and when it may be filed and closed; by days of validity.
using Lizhou.Cases.Ledger;
using Lizhou.Contracts.Collection;

namespace Lizhou.Cases.Classes;

internal sealed record CaseClass
{
    public Guid Id { get; init; }

    /// <summary>Two digits of the family, two of the class. As it is shipped a family of 部件 begins with 9, for those of 事件 have the same numbers from 01 on.</summary>
    public string Code { get; init; } = "";

    /// <summary>大类.</summary>
    public string Family { get; init; } = "";

    /// <summary>小类.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of 部件, things of the city that are registered; else of 事件, matters that happen.</summary>
    public bool Component { get; init; }

    /// <summary>立案条件.</summary>
    public string Filing { get; init; } = "";

    /// <summary>结案条件.</summary>
    public string Closing { get; init; } = "";

    /// <summary>责任单位; null: not settled.</summary>
    public Guid? Unit { get; init; }

    public IReadOnlyDictionary<Grade, TimeLimit> Limits { get; init; } = new Dictionary<Grade, TimeLimit>();

    public DateOnly ValidFrom { get; init; }

    /// <summary>First day it no longer holds; null: open.</summary>
    public DateOnly? ValidUntil { get; init; }

    public string MadeBy { get; init; } = "";

    public DateTimeOffset MadeAt { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidUntil is not { } end || day < end);

    /// <summary>Of a grade; of the ordinary one where it has none of its own.</summary>
    public TimeLimit Limit(Grade grade) => Limits.TryGetValue(grade, out var own) ? own : Limits[Grade.Ordinary];
}
