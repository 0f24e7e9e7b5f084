// How what was found in a file is called for people, in both languages; machines get the names of the JSON document.
using Text = Lizhou.Kernel.Text;

namespace Lizhou.Tabular;

internal static class InspectWords
{
    public static Text Of(Guess guess) => guess.Subject switch
    {
        "encoding" => new("编码", "encoding"),
        "dialect" => new("分隔与引号", "delimiter and quotes"),
        "header" => new("表头", "header"),
        "preamble" => new("表前说明", "lines before"),
        "footer" => new("表尾注释", "notes under"),
        "format" => new("格式", "format"),
        var other => new(other, other),
    };

    public static Text Of(ColumnType type) => type switch
    {
        ColumnType.Text => new("文本", "text"),
        ColumnType.Integer => new("整数", "integer"),
        ColumnType.Decimal => new("小数", "decimal"),
        ColumnType.Money => new("金额", "money"),
        ColumnType.Date => new("日期", "date"),
        ColumnType.Time => new("时间", "time of day"),
        ColumnType.DateTime => new("日期时间", "date and time"),
        ColumnType.Boolean => new("是否", "yes or no"),
        ColumnType.IdNumber => new("身份证号", "identity number"),
        ColumnType.Uscc => new("信用代码", "social credit code"),
        _ => new("电话", "telephone"),
    };

    /// <summary>How a text file is written: encoding, and of a CSV what stands between cells, around them and behind a row.</summary>
    public static Text Of(FileShape shape)
    {
        var encoding = shape.Format is Format.Csv or Format.Json or Format.NdJson ? new Text(" · 编码 {0}", " · encoding {0}").With(shape.Encoding.ToUpperInvariant()) : new("", "");
        if (shape.Dialect is not { } dialect)
        {
            return encoding;
        }

        var quotes = dialect.Quote is { } quote
            ? new Text("引号 {0}（{1}）", "quote {0} ({1})").With(quote, dialect.Escape switch
            {
                QuoteEscape.Doubled => new Text("格内写两次", "doubled inside a cell"),
                QuoteEscape.Backslash => new Text("格内前加反斜线", "after a backslash inside a cell"),
                _ => new Text("格内不出现", "never inside a cell"),
            })
            : new Text("没有引号", "no quotes");
        return new Text("{0} · 分隔符 {1} · {2} · 行尾 {3}", "{0} · delimiter {1} · {2} · line end {3}").With(encoding, Delimiter(dialect.Delimiter), quotes, End(dialect.RecordEnd));
    }

    private static Text Delimiter(string mark) => mark switch { "\t" => new("制表符", "tab"), " " => new("空格", "space"), _ => new(mark, mark) };

    private static string End(string mark) => mark switch { "\n" => "LF", "\r\n" => "CRLF", "\r" => "CR", _ => mark };
}
