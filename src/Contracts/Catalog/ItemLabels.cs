using Lizhou.Kernel;

namespace Lizhou.Contracts.Catalog;

/// <summary>What the catalogue guide (2017) calls an item's properties; the last letter of a type's English label is the guide's code.</summary>
public static class ItemLabels
{
    public static Text Of(ItemType type) => type switch
    {
        ItemType.Text => new("字符型 C", "Text C"),
        ItemType.Number => new("数值型 N", "Number N"),
        ItemType.Money => new("货币型 Y", "Money Y"),
        ItemType.Date => new("日期型 D", "Date D"),
        ItemType.Moment => new("日期时间型 T", "Date and time T"),
        ItemType.Logical => new("逻辑型 L", "Logical L"),
        ItemType.Memo => new("备注型 M", "Memo M"),
        ItemType.Double => new("双精度型 B", "Double B"),
        ItemType.Integer => new("整型 I", "Integer I"),
        ItemType.Float => new("浮点型 F", "Float F"),
        _ => new("通用型 G", "General G"),
    };

    public static Text Of(CheckCharacter check) => check switch
    {
        CheckCharacter.IdNumber => new("公民身份号码", "Citizen id number"),
        CheckCharacter.CreditCode => new("统一社会信用代码", "Unified social credit code"),
        _ => new("无", "None"),
    };
}
