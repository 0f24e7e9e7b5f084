// The words of this room. The key is the English text itself; Texts.zh-CN.resx has the Chinese, the default language.
namespace Lizhou.Cases;

/// <summary>Marks this assembly's texts for <c>IStringLocalizer&lt;Texts&gt;</c>.</summary>
public sealed class Texts;
