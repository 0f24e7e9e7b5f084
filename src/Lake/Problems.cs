// The lake's refusals. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Lake;

internal static class Problems
{
    public static readonly Problem NoTable = new(
        "LAK-001", 404, new("没有这张表:{0}。", "There is no table {0}."), new("请核对层与表名。", "Check the layer and the name."));

    public static readonly Problem TableExists = new(
        "LAK-002", 409, new("表已存在:{0}。", "Table {0} exists already."), new("请换一个名称。", "Choose another name."));

    public static readonly Problem BadName = new(
        "LAK-003", 400, new("名称不合规:“{0}”。", "“{0}” cannot be a name."),
        new("名称须为 1 至 63 字节,不含控制字符,首尾无空格。", "A name has 1 to 63 bytes, no control characters and no blanks at its ends."));

    public static readonly Problem NoColumn = new(
        "LAK-004", 404, new("表 {0} 没有列 {1}。", "Table {0} has no column {1}."), new("请核对列名。", "Check the column's name."));

    public static readonly Problem ColumnExists = new(
        "LAK-005", 409, new("列名重复:{0}。", "Column {0} is there already."), new("请换一个列名。", "Choose another name."));

    public static readonly Problem ShapeChanged = new(
        "LAK-028", 409, new("写入期间，表 {0} 的列 {1} 改了类型，有值放不下。", "While this was written, column {1} of {0} became another type, which does not hold all of its values."),
        new("请重新写入。", "Write it again."));

    public static readonly Problem BadWidening = new(
        "LAK-006", 409, new("列 {0} 不能从 {1} 放宽为 {2}。", "Column {0} cannot be widened from {1} to {2}."),
        new("只能放宽为能容纳全部旧值的类型。", "Only a type that holds every old value will do."));

    public static readonly Problem LastColumn = new(
        "LAK-007", 409, new("表 {0} 只剩一列,不能删除。", "Table {0} has one column left; it cannot be dropped."), new("请删除整张表。", "Drop the table instead."));

    public static readonly Problem NoSnapshot = new(
        "LAK-008", 404, new("没有快照 {0}(可能已过期清理)。", "There is no snapshot {0}; it may have expired."), new("请选择较新的快照。", "Choose a newer one."));

    public static readonly Problem Conflict = new(
        "LAK-009", 409, new("表 {0} 正被其他写入修改,多次重试未成功。", "Other writes kept changing table {0}; repeated tries failed."),
        new("请稍后用同一个键重试。", "Try again later with the same key."));

    public static readonly Problem CommitUnknown = new(
        "LAK-010", 503, new("提交结果未知:{0}", "It is unknown whether the commit took place: {0}"),
        new("请用同一个键重试:若已生效会返回第一次的结果。", "Try again with the same key: if it took place you get the first answer."));

    public static readonly Problem KeyReused = new(
        "LAK-011", 409, new("写入键 {0} 已用于另一次写入。", "Key {0} belongs to another write."), new("每次写入使用自己的键。", "Give each write a key of its own."));

    public static readonly Problem ForeignFile = new(
        "LAK-012", 400, new("文件 {0} 不在表 {1} 的目录内或大小不符。", "File {0} is not in the folder of table {1}, or its size differs."),
        new("请用湖给出的路径写文件。", "Write files where the lake tells you to."));

    public static readonly Problem DuplicateKey = new(
        "LAK-013", 409, new("待写入的数据里主键重复或为空:{0} 行。", "{0} rows to be written have an empty key or one that occurs twice."),
        new("请先去重。", "Remove duplicates first."));

    public static readonly Problem NothingToUndo = new(
        "LAK-014", 409, new("快照 {0} 不是可撤销的数据写入。", "Snapshot {0} is not a data write that can be undone."),
        new("只能撤销追加、更新、删除与撤销本身。", "Appends, upserts, deletes and undos can be undone."));

    public static readonly Problem UndoLater = new(
        "LAK-015", 409, new("快照 {0} 的 {1} 行已被后来的写入修改,不能撤销。", "Later writes changed {1} rows of snapshot {0}; it cannot be undone."),
        new("请先撤销后来的写入。", "Undo the later writes first."));

    public static readonly Problem UndoKey = new(
        "LAK-016", 409, new("快照 {0} 删去的 {1} 个主键后来又被写入,撤销会造成重复。", "{1} keys removed by snapshot {0} were written again; undoing would double them."),
        new("请先撤销后来的写入。", "Undo the later writes first."));

    public static readonly Problem DiskFull = new(
        "LAK-017", 507, new("磁盘空间不足,写入未生效。", "The disk is full; nothing was written."),
        new("请清理空间后用同一个键重试。", "Free some space, then try again with the same key."));

    public static readonly Problem BadValue = new(
        "LAK-018", 400, new("值 {1} 不能用于列 {0}。", "Value {1} does not fit column {0}."), new("请核对类型。", "Check its type."));

    public static readonly Problem BadBackup = new(
        "LAK-019", 409, new("备份不完整或被改动:{0}。", "The backup is incomplete or was altered: {0}."), new("请使用另一份备份。", "Use another backup."));

    public static readonly Problem NotEmpty = new(
        "LAK-020", 409, new("目标目录不为空:{0}。", "Folder {0} is not empty."), new("请恢复到空目录。", "Restore into an empty folder."));

    public static readonly Problem BadKeyColumn = new(
        "LAK-021", 400, new("更新须给出主键列。", "An upsert needs key columns."), new("请指定主键列。", "Name them."));

    public static readonly Problem NullNotAllowed = new(
        "LAK-022", 400, new("列 {0} 不允许为空,而待写入的数据有 {1} 个空值。", "Column {0} allows no empty values, but the rows to be written have {1}."),
        new("请补全后重试。", "Fill them in."));

    public static readonly Problem CannotBuffer = new(
        "LAK-023", 409, new("表 {0} 的列名 {1} 与缓冲区冲突。", "Column {1} of table {0} clashes with the buffer's own."), new("请改用文件写入。", "Write files instead."));

    public static readonly Problem BackupByServer = new(
        "LAK-024", 409, new("状态库在 PostgreSQL 上,须用服务器自带工具备份(pg_basebackup),随后复制数据目录。", "The state is in PostgreSQL: back it up with the server's own tools (pg_basebackup), then copy the data folder."),
        new("见运维手册。", "See the operations guide."));

    public static readonly Problem BadTest = new(
        "LAK-040", 422, new("表 {0} 不能按规则检查：{1}（列 {2}）无法执行，{3}。", "Table {0} cannot be checked: {1} (columns {2}) could not be run, {3}."),
        new("请核对正则表达式，以及所比较的列类型是否一致。", "Check its regular expression, and whether the columns it compares are of one type."));

    /// <summary>The engine's kind of failure in words: the rest of its message may quote a cell.</summary>
    public static object KindOf(string message) => message.Split(':')[0] switch
    {
        "Binder Error" => new Text("列的类型不能这样比较或计算", "columns of these types cannot be compared or computed so"),
        "Conversion Error" => new Text("有值不能转换为所需类型", "a value cannot be made the type it needs"),
        "Invalid Input Error" or "Invalid Error" => new Text("正则表达式或取值写得不对", "its pattern or a value is not written right"),
        "Out of Range Error" => new Text("计算结果超出类型的范围", "a result is beyond the range of its type"),
        var kind => kind,
    };

    public static readonly Problem ForeignResult = new(
        "LAK-029", 409, new("计算结果与表 {0} 不符：{1}。", "What was computed does not fit table {0}: {1}."), new("请重新检查模型后再运行。", "Check the model again, then run it."));
}
