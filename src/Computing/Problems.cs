// Every refusal of computing. Codes are stable and never re-used. {0} and {1} of a file's faults are line and column.
using Lizhou.Kernel;

namespace Lizhou.Computing;

internal static class Problems
{
    public static readonly Problem NoHead = new("COM-001", 400,
        new("第 {0} 行第 {1} 列：文件应以 --- 之间的说明开头，再写一条 SELECT。", "Line {0}, column {1}: the file begins with a head between two lines of ---, then one SELECT."),
        new("请参照手册中的模型示例。", "See the example of a model in the cookbook."));

    public static readonly Problem BadHead = new("COM-002", 400,
        new("第 {0} 行第 {1} 列：{2}", "Line {0}, column {1}: {2}"), new("请改正文件开头的说明。", "Correct the head of the file."));

    public static readonly Problem BadSql = new("COM-003", 400,
        new("第 {0} 行第 {1} 列：{2}", "Line {0}, column {1}: {2}"), new("请改正语句。", "Correct the statement."));

    public static readonly Problem UnknownTable = new("COM-004", 400,
        new("第 {0} 行第 {1} 列：没有模型或已发布的信息资源“{2}”。", "Line {0}, column {1}: there is no model and no published resource “{2}”."),
        new("请使用模型名、数据目录中的表名或资源代码。", "Use the name of a model, or a table's name or a resource's code of the catalogue."));

    public static readonly Problem UnknownColumn = new("COM-005", 400,
        new("第 {0} 行第 {1} 列：没有列“{2}”。", "Line {0}, column {1}: there is no column “{2}”."), new("请核对列名；可用的列见各表的目录条目。", "Check its name; the catalogue has the columns of each table."));

    public static readonly Problem CannotFollow = new("COM-006", 400,
        new("第 {0} 行第 {1} 列：“{2}”的血缘无法追踪。", "Line {0}, column {1}: where “{2}” comes from cannot be followed."), new("请逐一写出列名，不用 COLUMNS(…)。", "Name the columns one by one, without COLUMNS(…)."));

    public static readonly Problem Cycle = new("COM-007", 400,
        new("第 {0} 行第 {1} 列：模型互相引用：{2}。", "Line {0}, column {1}: the models go round in a circle: {2}."), new("请去掉其中一个引用。", "Take one of the references out."));

    public static readonly Problem NameTaken = new("COM-008", 409,
        new("模型名“{0}”已由文件“{1}”使用。", "The name “{0}” is that of a model in the file “{1}”."), new("请换一个名称。", "Choose another name."));

    public static readonly Problem BadColumn = new("COM-009", 400,
        new("第 {0} 行：结果列“{1}”不合规：{2}", "Line {0}: the column “{1}” of the result will not do: {2}"),
        new("请用 AS 取小写字母、数字、下划线组成的列名，并用 CAST 转为普通类型。", "Give it a name of lower-case letters, digits and underscores with AS, and CAST it to a plain type."));

    public static readonly Problem NoSuchColumn = new("COM-010", 400,
        new("第 {0} 行：{1} 中的列“{2}”不在结果里。", "Line {0}: the column “{2}” of {1} is not in the result."), new("请改用结果中的列名。", "Use the names of the result."));

    public static readonly Problem NotInSlices = new("COM-011", 400,
        new("第 {0} 行：不能按“{1}”增量计算。", "Line {0}: it cannot be computed in slices of “{1}”."),
        new("该列须原样取自只用一次的输入表，且语句不含窗口、LIMIT 或多级汇总；否则请去掉 incremental。", "The column must come unchanged from an input that is read once, without windows, LIMIT or super-groups; else leave incremental out."));

    public static readonly Problem NoUnit = new("COM-012", 400,
        new("第 {0} 行：没有在用的单位“{1}”。", "Line {0}: there is no active unit “{1}”."), new("请填写单位全称或统一社会信用代码。", "Give its full name or its credit code."));

    public static readonly Problem NoModel = new("COM-013", 404,
        new("没有模型“{0}”。", "There is no model “{0}”."), new("请核对名称：lizhou model list。", "Check its name: lizhou model list."));

    public static readonly Problem NoRun = new("COM-014", 404,
        new("没有运行“{0}”。", "There is no run “{0}”."), new("请核对运行编号。", "Check its number."));

    public static readonly Problem TestFailed = new("COM-015", 422,
        new("测试未通过：{0}（{1} 处）。", "A test did not hold: {0} ({1} at fault)."), new("原有结果继续有效；请改正数据或模型后重新运行。", "What was there before stays in force; mend the data or the model, then run it again."));

    public static readonly Problem UpstreamFailed = new("COM-016", 424,
        new("上游“{0}”未成功，没有计算。", "It was not computed, since “{0}” before it failed."), new("请先处理上游，再重新运行。", "See to that one first, then run it again."));

    public static readonly Problem NotInCatalogue = new("COM-017", 403,
        new("模型“{0}”的信息资源未发布或已停用，不能写入。", "The resource of model “{0}” is not published, or retired; nothing is written into it."), new("一律编目后计算：请重新保存模型，或在数据目录中发布它。", "No catalogue, no load: save the model again, or publish its resource."));

    public static readonly Problem ResultChanged = new("COM-018", 409,
        new("结果的列与已保存的版本不一致：{0}。", "The columns of the result are not those of the version in force: {0}."), new("输入表的类型已变化，请重新保存模型。", "The types of its inputs have changed; save the model again."));

    public static readonly Problem Failed = new("COM-019", 500,
        new("计算时出错：{0}", "The computation failed: {0}"), new("原有结果继续有效。请重试；仍不成功请联系管理员。", "What was there before stays in force. Try again; if it fails again tell the administrator."));

    public static readonly Problem NothingToUndo = new("COM-020", 409,
        new("运行“{0}”没有可撤销的写入。", "Run “{0}” has written nothing that could be undone."), new("只有写入了数据且未撤销的运行可以撤销。", "Only a run that wrote rows and was not undone can be."));

    public static readonly Problem NoSlices = new("COM-021", 400,
        new("模型“{0}”没有增量列，不能按范围回补。", "Model “{0}” has no incremental column; it has no range to fill again."), new("请去掉起止范围，整体重算。", "Leave the range out and build it whole."));

    public static readonly Problem BadEvent = new("COM-022", 400,
        new("不是 OpenLineage 运行事件：{0}", "It is no OpenLineage run event: {0}"), new("请核对必填字段：eventTime、producer、schemaURL、run.runId、job.namespace、job.name。", "Check what is required: eventTime, producer, schemaURL, run.runId, job.namespace, job.name."));

    public static readonly Problem ForeignLevel = new("COM-024", 403,
        new("第 {0} 行：“{1}”属于其他单位，级别为 {2}；L2 以上的数据只能由其所属单位的模型使用。", "Line {0}: “{1}” is another unit's, level {2}; what is above L2 is only for models of its own unit."),
        new("请去掉该列（不要用 * 选取），或由数据所属单位作为 owner 建立模型。", "Leave the column out (select no *), or let its own unit be the owner of the model."));

    public static readonly Problem LevelsRose = new("COM-025", 409,
        new("模型“{0}”所用数据的级别已升至 {1}，高于其目录条目。", "What model “{0}” is given is level {1} by now, above its entry."), new("请重新保存模型，再运行。", "Save the model again, then run it."));

    public static readonly Problem TellingTest = new("COM-026", 400,
        new("第 {0} 行：测试“{1}”会透露 {2} 级数据的取值。", "Line {0}: the test “{1}” would tell values of level {2}."),
        new("L2 以上只能用 not_null、unique；请去掉该测试，或不用这些数据。重新定义过的模型请先运行。", "Above L2 there is not_null and unique; leave the test out, or the data. A model that was defined anew is to be run first."));

    public static readonly Problem Unreadable = new("COM-027", 500,
        new("文件“{0}”读不出来：{1}", "The file “{0}” cannot be read: {1}"), new("请检查文件及其权限；一分钟后会再试。", "Check the file and its rights; it is tried again in a minute."));

    public static readonly Problem BadAsk = new("COM-028", 400,
        new("输入有误：{0}", "The input is not valid: {0}"), new("请按提示修改后重试。", "Correct it as told and try again."));

    public static readonly Problem NoLowering = new("COM-029", 404,
        new("没有降级规则“{0}”。", "There is no rule “{0}” that lowers a level."), new("请核对编号；本单位模型的规则见“降级规则”页面。", "Check its number; the rules of your unit's models are on the page Lowered levels."));

    public static readonly Problem NoLoweredColumn = new("COM-030", 400,
        new("模型“{0}”没有列“{1}”，或计数列不是整数。", "Model “{0}” has no column “{1}”, or the column of counts is no number."), new("请使用模型结果中的列名。", "Use the names of the model's result."));

    public static readonly Problem NotLower = new("COM-031", 409,
        new("{0} 不低于模型所用数据的级别（{1}），或其输入已不在目录中。", "{0} is not below the level of what the model is given ({1}), or one of its inputs is not in the catalogue."), new("请选择更低的级别；级别相同则不需要规则。", "Choose a lower one; for the same level no rule is needed."));

    public static readonly Problem LoweringOpen = new("COM-032", 409,
        new("该列已有规则“{0}”（{1}）。", "The column has the rule “{0}” ({1}) already."), new("请先处理或撤回该规则。", "See to that one, or take it back."));

    public static readonly Problem LoweringState = new("COM-033", 409,
        new("规则“{0}”目前是：{1}。", "The rule “{0}” is: {1}."), new("请刷新页面；需要时重新提出。", "Load the page anew; propose it again where it is needed."));

    public static readonly Problem LoweringBureau = new("COM-034", 403,
        new("降低级别由主管部门的数据工程师批准。", "That a level is lowered is approved by an engineer of the bureau."), new("请等待批准。", "Wait for their approval."));

    public static readonly Problem LoweringSelf = new("COM-035", 403,
        new("提出人不能批准自己的规则；批准须由另一位登录的人员作出。", "Whoever proposed a rule does not approve it; another person does, signed in as themselves."), new("请由另一位数据工程师登录后处理。", "Let another engineer sign in and decide."));

    public static readonly Problem LoweringLapsed = new("COM-036", 409,
        new("规则“{0}”已失效：提出后模型或其输入已变化。", "The rule “{0}” has lapsed: the model or what it is given has changed since."), new("请核对现在的语句，再重新提出。", "Look at the statement as it is now, then propose it again."));

    public static readonly Problem OwnJob = new("COM-037", 409,
        new("命名空间“{0}”的作业由本平台自己记录，不接收外来事件。", "Jobs of the namespace “{0}” are this city's own; no event from elsewhere tells of them."), new("请使用来源系统自己的命名空间。", "Use the namespace of the system that ran the job."));

    public static readonly Problem OwnTable = new("COM-044", 409,
        new("表“{0}”由本平台的模型“{1}”计算，外来作业不能是它的来源。", "Table {0} is computed by this city's model {1}; no job from elsewhere writes it."), new("请使用该作业实际写入的数据集。", "Name the dataset that the job writes."));

    public static readonly Problem NoColumnOfSet = new("COM-041", 404,
        new("“{1}”没有列“{0}”。", "“{1}” has no column “{0}”."), new("请使用它的列名，如：{2}。", "Use one of its columns: {2}."));

    public static readonly Problem NoSet = new("COM-023", 404,
        new("没有数据集“{0}”。", "There is no dataset “{0}”."), new("请使用资源代码、模型名或表名。", "Use a resource's code, a model's name or a table's."));

    public static readonly Problem Keyless = new("COM-038", 400,
        new("模型“{0}”没有主键，不能追到一行。", "Model “{0}” has no key; no row of it can be traced."), new("请在文件开头写明 key，再运行。", "Say its key in the head of the file, then run it."));

    public static readonly Problem KeyMissing = new("COM-039", 400,
        new("缺少主键的值：{0}。", "The key is not whole; missing: {0}."), new("请给出主键的每一列：?{1}", "Give every column of the key: ?{1}"));

    public static readonly Problem RangeTurned = new("COM-042", 400,
        new("范围的起点“{0}”不在终点“{1}”之前，其中没有任何值。", "The range begins at “{0}”, which is not before its end “{1}”: no value lies in it."), new("终点本身不含在内，请对调或改正；没有启动运行。", "The end itself is left out; exchange or correct them. Nothing was started."));

    public static readonly Problem NeverBuilt = new("COM-043", 409,
        new("模型“{0}”还没有成功运行过，没有可检查的行。", "Model “{0}” was never computed; there are no rows to test."), new("请先运行模型。", "Run it first."));

    public static readonly Problem BadRange = new("COM-040", 400,
        new("“{0}”不是增量列“{1}”（{2}）的值。", "“{0}” is no value of the incremental column “{1}” ({2})."), new("请按该列的类型填写，如日期 2026-01-31；没有启动运行。", "Write it as that column has it, a day like 2026-01-31; nothing was started."));
}
