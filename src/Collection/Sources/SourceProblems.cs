// Every refusal of sources and their connectors.
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal static class SourceProblems
{
    public static readonly Problem NoSource = new("SRC-001", 404,
        new("没有数据源“{0}”。", "There is no source “{0}”."),
        new("检查编码；只能看到本单位的数据源。", "Check its code; you see the sources of your own unit only."));

    public static readonly Problem Taken = new("SRC-002", 409,
        new("编码或名称“{0}”已被使用。", "The code or name “{0}” is taken."),
        new("请换一个。", "Choose another."));

    public static readonly Problem Paused = new("SRC-003", 409,
        new("数据源“{0}”已暂停。", "The source “{0}” is paused."),
        new("请先恢复。", "Resume it first."));

    public static readonly Problem NotPulled = new("SRC-004", 409,
        new("数据源“{0}”由对方发送，不能立即采集。", "The source “{0}” sends by itself; it cannot be run."),
        new("请上传文件、放入收件目录或推送数据。", "Upload a file, put it into the inbox or push rows."));

    public static readonly Problem SecretLost = new("SRC-005", 409,
        new("数据源“{0}”的密码无法解开，可能是密钥文件丢失。", "The secret of “{0}” cannot be opened; the installation's keys may have been lost."),
        new("请重新填写密码。", "Enter the secret again."));

    public static readonly Problem Invalid = new("SRC-006", 400,
        new("填写有误：{0}", "The entry is not valid: {0}"),
        new("请按提示修改。", "Correct it as told."));

    public static readonly Problem HostRefused = new("SRC-010", 403,
        new("不允许访问“{0}”：{1} 是本机、链路本地或保留地址。", "“{0}” must not be read: {1} is an address of this machine, of its link, or a reserved one."),
        new("如确需读取，请运维人员加上环境变量 {2}={1} 后重启。", "If it must be read, let the operator add the environment variable {2}={1} and restart."));

    public static readonly Problem HostPrivate = new("SRC-050", 403,
        new("尚未放行“{0}”：{1} 在专网内。", "“{0}” is not opened yet: {1} is in a private network."),
        new("如它是本市部门的系统，请运维人员加上环境变量 {2}={1}（也可写所在网段，如 10.1.0.0/16）后重启。", "If it is a system of a department, let the operator add the environment variable {2}={1} (or its range, such as 10.1.0.0/16) and restart."));

    public static readonly Problem HostUnlisted = new("SRC-051", 403,
        new("“{0}”不在可读取的主机名单内。", "“{0}” is not on the list of hosts that may be read."),
        new("如它是本市部门的接口，请运维人员加上环境变量 {1}={0} 后重启。", "If it is an interface of a department, let the operator add the environment variable {1}={0} and restart."));

    public static readonly Problem Unreachable = new("SRC-011", 502,
        new("连接不上“{0}”：{1}", "“{0}” cannot be reached: {1}"),
        new("请确认地址、端口、用户名、密码和加密方式，以及对方是否在运行。", "Check address, port, user, password and encryption, and whether it is up."));

    public static readonly Problem Answered = new("SRC-053", 502,
        new("“{0}”连接上了，但回答 HTTP {1}。", "“{0}” was reached but answered HTTP {1}."),
        new("请与对方核对接口是否正常；没有数据入库，系统会再试。", "Ask its owner whether the interface is well; nothing was taken in, it is tried again."));

    public static readonly Problem NoTable = new("SRC-012", 422,
        new("对方库里没有表或视图“{0}”。", "The source has no table or view “{0}”."),
        new("请从列表中重新选择。", "Choose again from the list."));

    public static readonly Problem NoColumn = new("SRC-013", 422,
        new("“{0}”没有列“{1}”。", "“{0}” has no column “{1}”."),
        new("对方的表结构可能已变，请重新核对映射。", "The table may have changed; check the mapping."));

    public static readonly Problem BinaryColumn = new("SRC-014", 422,
        new("列“{0}”是二进制（{1}），不能作为数据归集。", "Column “{0}” is binary ({1}) and cannot be collected as data."),
        new("请从映射中去掉该列；附件请另行传送。", "Take the column out of the mapping; send attachments another way."));

    public static readonly Problem UnfitMark = new("SRC-015", 422,
        new("列“{0}”（{1}）不能作为增量标记。", "Column “{0}” ({1}) cannot mark progress."),
        new("增长主键请选整数或文本列，时间标记请选日期或时间列。", "Choose an integer or text column as growing key, a date or time column as time mark."));

    public static readonly Problem BrokeOff = new("SRC-016", 502,
        new("读取“{0}”中断：{1}", "Reading “{0}” broke off: {1}"),
        new("没有数据入库；系统会从上次的位置重试。", "Nothing was taken in; it is tried again from the last mark."));

    public static readonly Problem TooMuch = new("SRC-017", 413,
        new("一次采集超过限制（{0}）。", "One pull brings more than the limit ({0})."),
        new("请改为增量方式，或由系统管理员提高限制。", "Make it incremental, or have the system administrator raise the limit."));

    public static readonly Problem CellTooLong = new("SRC-018", 422,
        new("列“{0}”有一个值超过 {1} 个字符。", "Column “{0}” has a value of more than {1} characters."),
        new("请从映射中去掉该列。", "Take the column out of the mapping."));

    public static readonly Problem BadAnswer = new("SRC-020", 502,
        new("接口的回答不能用：{0}", "The answer of the interface cannot be used: {0}"),
        new("请与对方核对接口；没有数据入库。", "Check the interface with its owner; nothing was taken in."));

    public static readonly Problem NoRecords = new("SRC-021", 502,
        new("回答里路径“{0}”处没有记录数组。", "The answer has no array of records at “{0}”."),
        new("请核对记录路径。", "Check the path of the records."));

    public static readonly Problem EndlessPages = new("SRC-022", 502,
        new("接口一直有下一页：{0}", "The interface never ends: {0}"),
        new("请核对分页方式；没有数据入库。", "Check the way of paging; nothing was taken in."));

    public static readonly Problem Bomb = new("SRC-023", 413,
        new("解压后的内容超过 {0} 字节，或膨胀超过 {1} 倍。", "Unpacked it is more than {0} bytes, or grows more than {1}-fold."),
        new("若内容确实这么大，请分批或不压缩发送。", "If the content really is that large, send it in parts or unpacked."));

    public static readonly Problem QueueFull = new("SRC-030", 429,
        new("等待入库的数据已满。", "Too much is waiting to be taken in."),
        new("请按 Retry-After 稍后用同一幂等键重试。", "Try again with the same key after Retry-After."));

    public static readonly Problem KeyReused = new("SRC-031", 422,
        new("幂等键“{0}”已用于另一份内容。", "The idempotency key “{0}” was used for other content."),
        new("每份内容使用新的键。", "Use a new key for new content."));

    public static readonly Problem BadBody = new("SRC-032", 400,
        new("推送的内容有误：{0}", "The pushed content is wrong: {0}"),
        new("请发送对象数组、每行一个对象的 NDJSON 或带表头的 CSV。", "Send an array of objects, NDJSON with an object a line, or CSV with a header."));

    public static readonly Problem TooLarge = new("SRC-033", 413,
        new("内容超过 {0} 字节。", "The content is more than {0} bytes."),
        new("请用断点续传接口发送。", "Use the resumable upload."));

    public static readonly Problem UnknownType = new("SRC-034", 415,
        new("不支持的内容类型“{0}”。", "Content of type “{0}” is not taken."),
        new("可用：application/json、application/x-ndjson、text/csv，可加 Content-Encoding: gzip。", "Use application/json, application/x-ndjson or text/csv, with Content-Encoding: gzip if you like."));

    public static readonly Problem OtherWay = new("SRC-035", 409,
        new("数据源“{0}”不是推送方式。", "The source “{0}” does not take pushes."),
        new("请使用它登记的方式。", "Use the way it was registered with."));

    public static readonly Problem BadKey = new("SRC-036", 400,
        new("幂等键应为 1 到 200 个可见字符。", "An idempotency key has 1 to 200 visible characters."),
        new("建议使用 UUID。", "A UUID is best."));

    public static readonly Problem BadHours = new("SRC-054", 400,
        new("办公时间设置 Sources__OfficeHours 有误：“{0}”。", "The setting Sources__OfficeHours is wrong: “{0}”."),
        new("请写成“08:30-12:00 14:00-17:30”：各段先起后止，互不重叠，段间用空格。", "Write it as “08:30-12:00 14:00-17:30”: each from and until, in order, a blank between."));

    public static readonly Problem NoUpload = new("SRC-040", 404,
        new("没有上传“{0}”，或已过期。", "There is no upload “{0}”, or it has expired."),
        new("请重新开始上传。", "Start the upload again."));

    public static readonly Problem WrongOffset = new("SRC-041", 409,
        new("位置 {0} 不对，已收到 {1} 字节。", "Offset {0} is wrong: {1} bytes have been received."),
        new("请先用 HEAD 查询位置，再从那里继续。", "Ask for the offset with HEAD and go on from there."));

    public static readonly Problem Incomplete = new("SRC-042", 409,
        new("上传还不完整：{0} / {1} 字节。", "The upload is not complete: {0} of {1} bytes."),
        new("请继续上传。", "Go on uploading."));

    public static readonly Problem NoFile = new("SRC-043", 400,
        new("没有收到文件。", "No file was received."),
        new("请选择文件后再提交。", "Choose a file and send again."));

    public static readonly Problem EmptyFile = new("SRC-052", 400,
        new("这个文件是空文件，没有任何内容。", "The file is empty; there is nothing in it."),
        new("请确认导出已完成，再重新上传。", "Make sure the export ended well, then upload it again."));

    public static readonly Problem DiskFull = new("SRC-044", 507,
        new("磁盘空间不足。", "The disk is full."),
        new("请通知系统管理员。", "Tell the system administrator."));

    public static readonly Problem NoTableInFile = new("SRC-046", 422,
        new("文件里没有表格（看到：{0}）。", "The file holds no table (it has: {0})."),
        new("请上传 CSV、电子表格、JSON，或它们的压缩包。", "Upload CSV, a spreadsheet, JSON, or an archive of these."));

    public static readonly Problem MissingItems = new("SRC-047", 422,
        new("必填的信息项没有对应的列：{0}", "No column feeds the required items: {0}"),
        new("请在映射里为它们选择列。", "Choose columns for them in the mapping."));

    public static readonly Problem StaleForm = new("SRC-048", 400,
        new("页面已过期，文件没有上传。", "The page has expired; the file was not uploaded."),
        new("请刷新上传页面后重试。", "Reload the upload page and try again."));

    public static readonly Problem NoResource = new("SRC-049", 400,
        new("还没有指明这个文件归集到哪个信息资源。", "It has not been said which resource this file is for."),
        new("请选择信息资源；文件已收到，不必重新上传。", "Choose a resource; the file is here, it need not be uploaded again."));

    public static readonly Problem UploadBusy = new("SRC-045", 423,
        new("这个上传正由另一个连接写入。", "Another connection is writing this upload."),
        new("请稍后查询位置再继续。", "Ask for the offset in a moment and go on."));
}
