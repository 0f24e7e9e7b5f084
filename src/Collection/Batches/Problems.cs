// Every refusal of batches, landing and rejects. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Collection;

internal static partial class Problems
{
    public static readonly Problem NoEntry = new("COL-001", 403,
        new("数据目录里没有已发布的信息资源“{0}”，不能归集。", "The catalogue has no published resource “{0}”; nothing is collected into it."),
        new("一律编目后归集：请先在数据目录中编制并发布该资源，再发送数据。", "No catalogue, no load: register and publish the resource first, then send the data."));

    public static readonly Problem OtherUnit = new("COL-002", 403,
        new("资源“{0}”属于其他单位。", "Resource “{0}” belongs to another unit."),
        new("只能发送本单位的数据；请联系该资源的数源单位。", "You send only for your own unit; ask the unit that answers for the resource."));

    public static readonly Problem NoFile = new("COL-003", 400,
        new("没有收到文件。", "No file was received."),
        new("请至少选择一个文件。", "Choose at least one file."));

    public static readonly Problem NoBatch = new("COL-004", 404,
        new("没有批次“{0}”。", "There is no batch “{0}”."),
        new("请核对批次号。", "Check its number."));

    public static readonly Problem DiskFull = new("COL-005", 507,
        new("磁盘空间不足，没有收下。", "The disk is full; it was not taken in."),
        new("请管理员清理空间后重新发送；已收下的数据没有丢失。", "Have space freed, then send it again; nothing already taken in was lost."));

    public static readonly Problem NoTable = new("COL-006", 422,
        new("“{0}”里没有读出表格。", "No table was found in “{0}”."),
        new("请确认文件里有表头和数据。", "Make sure the file holds a header and rows."));

    public static readonly Problem MissingRequired = new("COL-007", 422,
        new("“{0}”缺少必填信息项：{1}。文件里有：{2}。", "“{0}” lacks required items: {1}. The file has: {2}."),
        new("请补上这些列，或在数据源里指明哪一列对应它们。", "Add these columns, or say in the source which column feeds them."));

    public static readonly Problem Drifted = new("COL-008", 422,
        new("“{0}”的列与目录不一致。目录里没有：{1}；文件里缺少：{2}。", "The columns of “{0}” are not the catalogue's. Unknown: {1}; missing: {2}."),
        new("请改正文件，或修订目录，或把数据源的变化策略改为“忽略”。", "Mend the file, revise the catalogue entry, or let the source ignore differences."));

    public static readonly Problem NotEnded = new("COL-009", 409,
        new("批次“{0}”还没有结束。", "Batch “{0}” has not ended yet."),
        new("请等它结束，或先取消。", "Wait for it to end, or cancel it first."));

    public static readonly Problem NotLanded = new("COL-010", 409,
        new("批次“{0}”没有数据在库，不能撤销。", "Batch “{0}” has no rows in the table to undo."),
        new("只有已入库的批次可以撤销。", "Only a landed batch can be undone."));

    public static readonly Problem LaterChanges = new("COL-011", 409,
        new("批次“{0}”不能撤销：{1}", "Batch “{0}” cannot be undone: {1}"),
        new("请先撤销改动了同一批记录的后续批次：{0}。", "Undo the later batches that changed the same rows first: {0}."));

    public static readonly Problem AlreadyEnded = new("COL-012", 409,
        new("批次“{0}”已经结束。", "Batch “{0}” has already ended."),
        new("已入库的批次可以撤销。", "A landed batch can be undone instead."));

    public static readonly Problem NotConfirmed = new("COL-013", 400,
        new("撤销需要确认。", "Undoing needs to be confirmed."),
        new("请输入批次号“{0}”以确认。", "Give the batch's number “{0}” to confirm."));

    public static readonly Problem CannotRetry = new("COL-014", 409,
        new("批次“{0}”不能重试。", "Batch “{0}” cannot be tried again."),
        new("只有被退回或已取消的批次可以重试。", "Only a refused or cancelled batch can."));

    public static readonly Problem NoRejects = new("COL-015", 404,
        new("批次“{0}”没有问题数据。", "Batch “{0}” has no rejected rows."),
        new("无需整改。", "There is nothing to mend."));

    public static readonly Problem ForeignReject = new("COL-016", 422,
        new("第 {0} 行的问题编号“{1}”不属于批次“{2}”。", "Row {0}: “{1}” is not the number of a rejected row of batch “{2}”."),
        new("请在下载的问题数据表上修改，不要改动“问题编号”一列，也不要新增行。", "Mend the spreadsheet you downloaded; leave the number column as it is and add no rows."));

    public static readonly Problem SettledReject = new("COL-017", 409,
        new("第 {0} 行（{1}）已经处理过。", "Row {0} ({1}) has been settled already."),
        new("请重新下载问题数据，只处理仍未整改的行。", "Download the rejected rows again and mend only the open ones."));

    public static readonly Problem NoRejectNumbers = new("COL-018", 422,
        new("“{0}”里没有“问题编号”一列。", "“{0}” has no column of reject numbers."),
        new("请使用下载的问题数据表。", "Use the spreadsheet you downloaded."));

    public static readonly Problem TwiceReject = new("COL-019", 422,
        new("问题编号“{0}”在文件里出现了两次。", "Reject “{0}” occurs twice in the file."),
        new("每个问题编号只保留一行。", "Keep one row of each number."));

    public static readonly Problem NoExplanation = new("COL-020", 400,
        new("请写明原因。", "Say why."),
        new("撤回或说明问题数据时，原因必填。", "Withdrawing or accepting rejected rows needs an explanation."));

    public static readonly Problem Failed = new("COL-021", 500,
        new("处理批次时出错：{0}", "The batch failed: {0}"),
        new("数据没有丢失。请重试；仍不成功请把批次号告诉管理员。", "Nothing was lost. Try again; if it fails again tell the administrator the batch's number."));

    public static readonly Problem NotUpload = new("COL-022", 400,
        new("请求不是文件上传（multipart/form-data），或字段排在了文件之后。", "The request is no upload (multipart/form-data), or a field came after the files."),
        new("先写字段，再写文件。", "Put the fields first, then the files."));

    public static readonly Problem NoDrift = new("COL-023", 400,
        new("变化策略“{0}”不认识。", "There is no drift policy “{0}”."),
        new("可用：Refuse、Add、Ignore。", "Use Refuse, Add or Ignore."));

    public static readonly Problem ReplayOfUndone = new("COL-024", 409,
        new("批次“{0}”已撤销或未入库，不能整改。", "Batch “{0}” was undone or has not landed; its rejects cannot be mended."),
        new("请重新发送整个文件。", "Send the whole file again."));

    public static readonly Problem BadField = new("COL-025", 400,
        new("字段 shape 或 mapping 不是有效的 JSON：{0}", "The field shape or mapping is no valid JSON: {0}"),
        new("请核对后重新发送。", "Correct it and send it again."));

    public static readonly Problem NothingMended = new("COL-027", 422,
        new("批次“{0}”的这些行没有改动，仍待整改。", "These rows of batch “{0}” come back as they were; they stay open."),
        new("整行有问题的数据（如单元格多了或少了）请先在表中改正再发回；不再需要的可以撤回。", "Rows that are at fault as a whole (a cell too many or too few) must be put right in the sheet first; withdraw those that are not wanted."));

    public static readonly Problem NotWorkbook = new("COL-029", 400,
        new("问题数据下载为电子表格（XLSX），不能存为“{0}”。", "Rejected rows are downloaded as a workbook (XLSX) and not as “{0}”."),
        new("请改用文件名“{1}”。", "Name the file “{1}”."));

    public static readonly Problem OpenDates = new("COL-030", 422,
        new("“{0}”的日期（{1}）分不清先日后月还是先月后日。", "Whether the day or the month comes first in the dates of “{0}” ({1}) cannot be told."),
        new("请说明：上传预览里选择，命令行加 --dates day 或 --dates month，接口加字段 dates；或把日期写成 2026-05-06。", "Say which: in the preview, with --dates day or --dates month, or in the field dates; or write dates as 2026-05-06."));

    public static readonly Problem TwoOrders = new("COL-031", 422,
        new("各文件中“{0}”的日期有的先日后月，有的先月后日。", "Some of the files write the dates of “{0}” with the day first, others with the month first."),
        new("请分开发送。", "Send them apart."));

    public static readonly Problem Computed = new("COL-032", 409,
        new("“{0}”由{1}计算得出，不能归集。", "“{0}” is computed by {1}; nothing is collected into it."),
        new("请把数据归集到该模型读取的资源。", "Collect into the resources it reads."));

    public static readonly Problem SameName = new("COL-026", 409,
        new("名称为“{0}”的信息资源有 {1} 个。", "{1} resources are called “{0}”."),
        new("请改用信息资源代码：{2}。", "Give the code of the one you mean: {2}."));
}
