// The words a forecast is told by, on the page and in files.
using System.Globalization;
using Lizhou.Kernel;

namespace Lizhou.Cases.Dispatching.WhatIf;

internal static class ForecastWords
{
    public static readonly Text Title = new("派单推演", "Dispatch what-if");

    public static readonly IReadOnlyList<Text> Heads =
    [
        new("事件", "Case"), new("事件分类", "Class"), new("地点", "Place"), new("主办（实际）", "Lead, as it was"), new("主办（推演）", "Lead, tried"), new("协办（实际）", "Assisting, as it was"), new("协办（推演）", "Assisting, tried"),
        new("目录行", "Line"), new("自动派遣", "By itself"), new("改派", "Moved"), new("依据", "Drawn from"), new("样本数", "Of how many"), new("处置工作时（推演）", "Working hours of handling, tried"),
        new("时限（实际）", "Limit, as it was"), new("时限（推演）", "Limit, tried"), new("超时（实际）", "Past it, as it was"), new("超时（推演）", "Past it, tried"), new("结案用时小时（实际）", "Hours to close, as it was"),
        new("结案用时小时（推演）", "Hours to close, tried"), new("值班变化", "Duties"),
    ];

    public static Text Of(Basis basis) => basis switch
    {
        Basis.UnitClass => new("该单位同类事件", "the unit's cases of the class"),
        Basis.Unit => new("该单位全部事件", "the unit's cases of all classes"),
        Basis.Class => new("各单位同类事件", "all units' cases of the class"),
        Basis.All => new("全部事件", "all cases"),
        _ => new("无样本", "nothing to draw from"),
    };

    public static string?[] Cells(CaseForecast c) =>
    [
        c.Number, c.Class is null ? "" : $"{c.Class} {c.ClassName}", c.PlaceName, c.NowName, c.ThenName, c.NowAssists, c.ThenAssists, c.Line?.ToString(CultureInfo.InvariantCulture), Yes(c.Auto), Yes(c.Moved),
        c.Basis is { } basis ? Of(basis).ToString() : "", c.Drawn == 0 ? "" : c.Drawn.ToString(CultureInfo.InvariantCulture), Shown(c.HandlingHours), c.NowLimit, c.ThenLimit, Yes(c.NowBreach), Yes(c.ThenBreach), Shown(c.NowHours), Shown(c.ThenHours),
        string.Join("; ", c.Posts),
    ];

    /// <summary>Null: unknown.</summary>
    public static string Yes(bool? set) => set switch { true => new Text("是", "yes").ToString(), false => new Text("否", "no").ToString(), _ => "" };

    public static string? Shown(double? hours) => hours?.ToString("0.##", CultureInfo.InvariantCulture);
}
