// Every refusal of this module: about a file (thrown or returned) or about one of its rows (carried by the row).
namespace Lizhou.Tabular;

internal static class Problems
{
    public static readonly Problem NotFound = new("TAB-001", 404,
        new("找不到文件“{0}”。", "There is no file “{0}”."),
        new("检查路径和文件名。", "Check the path and the name."));

    public static readonly Problem Unreadable = new("TAB-002", 422,
        new("文件“{0}”无法读取：{1}", "“{0}” cannot be read: {1}"),
        new("确认文件完整、没有损坏，再重新导出或上传。", "Make sure the file is complete and undamaged, then export or send it again."));

    public static readonly Problem UnknownFormat = new("TAB-003", 422,
        new("“{0}”不是表格文件（看到的是{1}）。", "“{0}” is no table (it looks like {1})."),
        new("可用的格式：CSV、XLS、XLSX、XLSB、ODS、JSON、NDJSON、Parquet，以及它们的 zip 或 gz。", "Accepted: CSV, XLS, XLSX, XLSB, ODS, JSON, NDJSON, Parquet, and zip or gz of these."));

    public static readonly Problem Encrypted = new("TAB-004", 422,
        new("“{0}”有密码保护。", "“{0}” is protected by a password."),
        new("请去掉密码后重新发送。", "Remove the password and send it again."));

    public static readonly Problem Truncated = new("TAB-005", 422,
        new("“{0}”不完整：{1}", "“{0}” is cut short: {1}"),
        new("传输可能中断，请重新发送。", "The transfer may have broken off; send it again."));

    public static readonly Problem Bomb = new("TAB-006", 413,
        new("“{0}”解压后超过限制：{1} 字节压缩数据展开到 {2} 字节以上。", "“{0}” unpacks beyond the limit: {1} packed bytes became more than {2}."),
        new("若内容确实这么大，请不压缩或分成几个文件发送。", "If the content really is that large, send it unpacked or in several files."));

    public static readonly Problem TooManyEntries = new("TAB-007", 413,
        new("压缩包“{0}”有 {1} 个以上的条目。", "The archive “{0}” has more than {1} entries."),
        new("请分成较小的压缩包。", "Split it into smaller archives."));

    public static readonly Problem OutsideEntry = new("TAB-008", 422,
        new("压缩包里的条目“{0}”指向包外。", "The entry “{0}” points outside its archive."),
        new("请重新打包，只用相对路径。", "Pack again with plain relative names."));

    public static readonly Problem NestedTooDeep = new("TAB-009", 422,
        new("压缩包“{0}”里还有压缩包。", "The archive “{0}” holds archives."),
        new("请只压缩一层。", "Pack only once."));

    public static readonly Problem LineTooLong = new("TAB-010", 413,
        new("“{0}”中一行超过 {1} 字节（从第 {2} 行起没有换行）。", "“{0}” has a line of more than {1} bytes (no line end since line {2})."),
        new("确认这是文本表格，且行结束符没有丢失。", "Make sure it is a text table whose line ends were not lost."));

    public static readonly Problem UnknownEncoding = new("TAB-011", 422,
        new("编码“{0}”不认识。", "The encoding “{0}” is unknown."),
        new("可用：utf-8、utf-16le、utf-16be、gb18030（含 GBK、GB2312）、big5、windows-1252。", "Use utf-8, utf-16le, utf-16be, gb18030 (with GBK and GB2312), big5 or windows-1252."));

    public static readonly Problem BadJson = new("TAB-012", 422,
        new("JSON 在第 {0} 行第 {1} 字节有错：{2}", "The JSON is wrong at line {0}, byte {1}: {2}"),
        new("请按该位置修正后重新发送。", "Mend it at that place and send it again."));

    public static readonly Problem TooDeep = new("TAB-013", 422,
        new("“{0}”嵌套超过 {1} 层。", "“{0}” is nested more than {1} levels deep."),
        new("表格数据不应这样嵌套，请检查导出程序。", "Table data is never nested like that; check the program that wrote it."));

    public static readonly Problem NoRows = new("TAB-014", 422,
        new("JSON 里没有可作为表格的对象数组。", "The JSON holds no array of objects that could be a table."),
        new("请发送对象数组，或用 path 指出数组的位置。", "Send an array of objects, or say where it is with path."));

    public static readonly Problem NoSuchSheet = new("TAB-015", 422,
        new("“{0}”里没有工作表“{1}”。", "“{0}” has no sheet “{1}”."),
        new("现有的工作表：{2}", "It has: {2}"));

    public static readonly Problem NoEngine = new("TAB-016", 422,
        new("这里不能读取 Parquet 文件。", "Parquet cannot be read here."),
        new("请改用 CSV 或 XLSX。", "Use CSV or XLSX instead."));

    public static readonly Problem NoSuchEntry = new("TAB-017", 422,
        new("压缩包“{0}”里没有条目“{1}”。", "The archive “{0}” has no entry “{1}”."),
        new("现有的条目：{2}", "It has: {2}"));

    public static readonly Problem TooWide = new("TAB-018", 413,
        new("“{0}”有 {1} 列以上。", "“{0}” has more than {1} columns."),
        new("确认分隔符没有认错，或把表拆开。", "Make sure the delimiter is right, or split the table."));

    public static readonly Problem Empty = new("TAB-019", 422,
        new("“{0}”是空文件，没有任何内容。", "“{0}” is empty; there is nothing in it."),
        new("请确认导出已完成，再重新发送。", "Make sure the export ended well, then send it again."));

    public static readonly Problem NoSuchTable = new("TAB-020", 422,
        new("“{0}”里没有第 {1} 个表。", "“{0}” has no table number {1}."),
        new("共有 {2} 个表；请用 --table 给出 1 到 {2} 之间的序号。", "It has {2}; name one of them by --table, counting from 1."));

    public static readonly Problem NoTables = new("TAB-021", 422,
        new("“{0}”里没有表格文件，只有：{1}", "“{0}” holds no table, only: {1}"),
        new("可用的格式：CSV、XLS、XLSX、XLSB、ODS、JSON、NDJSON、Parquet。", "Accepted: CSV, XLS, XLSX, XLSB, ODS, JSON, NDJSON, Parquet."));

    public static readonly Problem OverSource = new("TAB-022", 409,
        new("“{0}”是要读取的文件本身，写出会覆盖它；什么也没有写。", "“{0}” is one of the files to be read and would be written over; nothing was written."),
        new("请用 --out 指定另一个文件夹。", "Name another folder with --out."));

    public static readonly Problem OneTarget = new("TAB-023", 409,
        new("“{0}”和“{1}”会写到同一个文件“{2}”；什么也没有写。", "“{0}” and “{1}” would both become “{2}”; nothing was written."),
        new("请分开运行，各用一个输出文件夹。", "Run them apart, each into its own folder."));

    public static readonly Problem DocumentType = new("TAB-024", 422,
        new("“{0}”的 XML 带有文档类型声明（DOCTYPE），不予接受。", "The XML of “{0}” declares a document type (DOCTYPE), which is not accepted."),
        new("办公软件不会写出这样的文件；请用它重新另存后发送。", "No office program writes that; open and save the file with one and send it again."));

    // Faults of single rows.
    public static readonly Problem BadBytes = new("TAB-101", 422,
        new("第 {0} 字节处的字节不是 {1} 编码。", "The bytes at offset {0} are not {1}."),
        new("这一行可能混入了另一种编码；请用统一编码重新导出。", "This row may be in another encoding; export it again in a single one."));

    public static readonly Problem PrivateUse = new("TAB-102", 422,
        new("第 {0} 字节处是自造字（专用区），换到别处会变成空白。", "There is a user-defined character at byte {0}; elsewhere it would turn into a blank."),
        new("请换成标准汉字或写出拆字说明。", "Replace it by a standard character or describe it in words."));

    public static readonly Problem CellCount = new("TAB-103", 422,
        new("应有 {0} 格，实有 {1} 格。", "There should be {0} cells, there are {1}."),
        new("检查这一行的分隔符和引号。", "Check the delimiters and quotes of this row."));

    public static readonly Problem OpenQuote = new("TAB-104", 422,
        new("引号不配对。", "A quote is not closed."),
        new("检查这一行里的引号；格内的引号要写两次。", "Check the quotes in this row; a quote inside a cell is written twice."));

    public static readonly Problem LongRecord = new("TAB-105", 413,
        new("这一行超过 {0} 字节。", "The row is longer than {0} bytes."),
        new("检查引号是否配对、行结束符是否丢失。", "Check for an unclosed quote or lost line ends."));

    public static readonly Problem BadRowJson = new("TAB-106", 422,
        new("这一行不是完整的 JSON 对象：{0}", "The line is no JSON object: {0}"),
        new("每行写一个完整的对象。", "Write one whole object per line."));

    public static readonly Problem ErrorCell = new("TAB-107", 422,
        new("第 {0} 列的公式出错（{1}）。", "The formula in column {0} failed ({1})."),
        new("在电子表格里改正公式，或改成数值。", "Mend the formula in the spreadsheet, or replace it by its value."));

    public static readonly Problem NulBytes = new("TAB-108", 422,
        new("这一行含有空字节（第 {0} 字节）。", "The row holds a NUL byte (at byte {0})."),
        new("文件可能损坏或不是文本；请重新导出。", "The file may be damaged or no text; export it again."));
}
