// What another table or duty list would have made of the cases of a period. The shape is kept: programs read it. Hours are hours of the calendar with decimals; what nothing is known of is null.
using System.Text.Json.Serialization;

namespace Lizhou.Cases.Dispatching.WhatIf;

/// <summary>Which handled cases of the period a time was drawn from: the narrowest of which there are enough.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Basis>))]
internal enum Basis
{
    /// <summary>The unit's own, of the class.</summary>
    UnitClass,

    /// <summary>The unit's own, of any class.</summary>
    Unit,

    /// <summary>Any unit's, of the class.</summary>
    Class,
    All,

    /// <summary>No case of the period was handled: nothing is foretold.</summary>
    None,
}

/// <param name="Cases">Of the period, that were dispatched.</param>
/// <param name="Undispatched">Of the period, that no unit led: they are not among the figures.</param>
/// <param name="Moved">Another unit would lead.</param>
/// <param name="OtherLimit">Another limit would hold.</param>
/// <param name="Unanswered">The table that was in force had an answer and the one tried has none, nor has the class a unit: they stay where they were.</param>
/// <param name="Auto">The table tried would have them dispatched without a person.</param>
/// <param name="Posts">Where another duty list is tried: who would have been on duty.</param>
internal sealed record Forecast(
    DateOnly From, DateOnly To, int? Version, int Cases, int Undispatched, int Moved, int OtherLimit, int Unanswered, int Auto, UnitForecast All, IReadOnlyList<UnitForecast> Units, IReadOnlyList<PostForecast> Posts,
    IReadOnlyList<CaseForecast> Rows);

/// <summary>The same of cases as they were and as they would have been.</summary>
/// <param name="Unit">Null: all together.</param>
internal sealed record UnitForecast(Guid? Unit, string Name, UnitFigures Now, UnitFigures Then);

/// <param name="Breaches">Handlings past their limit; of open cases as far as that is known.</param>
/// <param name="P50Hours">From report to closing, of closed cases.</param>
internal sealed record UnitFigures(int Cases, int Breaches, int Closed, double? P50Hours, double? P90Hours);

/// <param name="Unit">Its name; the bureau's; or that nobody is on duty.</param>
internal sealed record PostForecast(string Duty, string DutyName, string Unit, int Now, int Then);

/// <param name="Line">Of the table tried; null: none answers.</param>
/// <param name="Moved">Another unit would lead.</param>
/// <param name="Basis">What the time is drawn from; null for one that does not move.</param>
/// <param name="Drawn">How many handled cases that are.</param>
/// <param name="HandlingHours">Working hours of handling, drawn; null for one that does not move.</param>
/// <param name="Posts">Duties others would have had, in words; empty: none.</param>
internal sealed record CaseForecast(
    string Number, string? Class, string ClassName, string PlaceName, Guid NowUnit, string NowName, Guid ThenUnit, string ThenName, string NowAssists, string ThenAssists, int? Line, bool Auto, bool Moved, Basis? Basis, int Drawn,
    double? HandlingHours, string? NowLimit, string? ThenLimit, bool? NowBreach, bool? ThenBreach, double? NowHours, double? ThenHours, IReadOnlyList<string> Posts);
