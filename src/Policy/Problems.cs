using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Policy;

internal static class Problems
{
    public static readonly Problem NoSuchResource = new(
        "POL-001", 404, new("没有这条已发布的数据目录。", "There is no such published resource."), new("请在数据目录中查找。", "Look it up in the catalogue."));

    public static readonly Problem NoRight = new(
        "POL-002", 403,
        new("您的岗位不能查看业务数据。", "Your post may not read business data."),
        new("数据专员可以查看本单位的数据；管理员岗位不看业务数据。", "Stewards read their own unit's data; administrators read none."));

    public static readonly Problem OtherUnit = new(
        "POL-003", 403,
        new("这是其他单位的数据，您所在单位没有获得授权。", "This is another unit's data and your unit holds no grant for it."),
        new("一律经平台交换：请向数源单位申请共享，获得授权后再取用。", "No grant, no exchange: ask its source unit to share it, and take it under the grant."));

    public static readonly Problem NotCollected = new(
        "POL-004", 404, new("该目录还没有归集到数据。", "Nothing has been collected for this resource yet."), new("先为它归集一个批次。", "Collect a batch for it first."));

    public static readonly Problem NoGrant = new(
        "POL-005", 404, new("没有编号为 {0} 的授权，或它不属于您的单位。", "There is no grant {0}, or it is not your unit's."), new("一律经平台交换：请在“我的授权”中查看有效的授权，或重新申请。", "No grant, no exchange: see your unit's grants, or request one."));

    public static readonly Problem GrantRevoked = new(
        "POL-006", 403, new("授权 {0} 已被撤销。", "Grant {0} was revoked."), new("请向数源单位了解原因，需要时重新申请。", "Ask the source unit why, and request anew if needed."));

    public static readonly Problem GrantExpired = new(
        "POL-007", 403, new("授权 {0} 已于 {1} 到期。", "Grant {0} expired at {1}."), new("请申请续期。", "Ask for its renewal."));

    public static readonly Problem GrantNotYet = new(
        "POL-008", 403, new("授权 {0} 自 {1} 起生效。", "Grant {0} begins at {1}."), new("请在生效后使用。", "Use it from then on."));

    public static readonly Problem OtherPurpose = new(
        "POL-009", 403, new("授权 {0} 只能用于“{1}”。", "Grant {0} is for “{1}” only."), new("用途不同须另行申请。", "Another use needs a request of its own."));

    public static readonly Problem NoLabel = new(
        "POL-010", 403, new("该目录的数据为 {0} 级，高于您的安全标记。", "This resource holds data of level {0}, above your security label."),
        new("请联系安全管理员核定您的安全标记。", "Ask the security administrator about your label."));

    public static readonly Problem NothingLeft = new(
        "POL-011", 403, new("该目录没有可以向您提供的信息项。", "No item of this resource may be shown to you."), new("请申请需要的信息项。", "Request the items you need."));

    public static readonly Problem BrokenGrant = new(
        "POL-043", 403, new("授权 {0} 的封签不符，可能被直接改动，已停止提供数据。", "Grant {0} does not fit its seal; it may have been tampered with. It gives nothing."),
        new("请安全管理员核查数据库；撤销该授权后重新申请。", "The security administrator must look into the database; revoke the grant and request it anew."));

    public static readonly Problem NoSuchColumn = new(
        "POL-012", 400, new("没有信息项“{0}”，或它不向您提供。", "There is no item “{0}”, or it is not shown to you."), new("请按目录中的列名填写。", "Use the column names of the catalogue."));

    public static readonly Problem BadCursor = new(
        "POL-013", 400, new("翻页标记无效，或与本次的筛选、排序不符。", "The page mark is not valid, or belongs to another filter or order."), new("请从第一页重新开始。", "Begin again with the first page."));

    public static readonly Problem BrokenRules = new(
        "POL-014", 503, new("访问策略第 {0} 版的封签不符，可能被直接改动，已停止提供数据。", "Version {0} of the policy does not fit its seal; it may have been tampered with. No data is shown."),
        new("请安全管理员核查后重新保存策略。", "The security administrator must check and save the policy anew."));

    public static readonly Problem RulesMissing = new(
        "POL-044", 503, new("访问策略第 {0} 版不在库中，可能被直接删除，已停止提供数据。", "Version {0} of the policy is not in the database; it may have been deleted past the program. No data is shown."),
        new("请安全管理员核查数据库和台账后重新发布策略。", "The security administrator must look into the database and the ledger and publish the policy anew."));

    public static readonly Problem RulesForgotten = new(
        "POL-045", 503, new("无法确认访问策略的现行版本：keys/policy-rules.txt 缺失或被改动，已停止提供数据。", "Which version of the policy is the newest is not known: keys/policy-rules.txt is gone or was changed. No data is shown."),
        new("请安全管理员核查后重新发布策略。", "The security administrator must look into it and publish the policy anew."));

    public static readonly Problem SnapshotGone = new(
        "POL-015", 410, new("快照 {0} 已不可用。", "Snapshot {0} is no longer there."), new("请从第一页重新开始。", "Begin again with the first page."));

    public static readonly Problem NoMoment = new(
        "POL-036", 400, new("“{0}”不是时间，也不是快照号。", "“{0}” is neither a moment nor the number of a snapshot."), new("请写成 2026-11-30T08:00 或快照号。", "Write 2026-11-30T08:00, or a number."));

    public static readonly Problem NothingThen = new(
        "POL-035", 410, new("没有 {0} 的数据：当时还没有数据，或快照已清理。", "There is nothing of {0}: there were no data yet, or the snapshot is no longer kept."), new("请选择较近的时间。", "Choose a later moment."));

    public static readonly Problem WithdrawnSince = new(
        "POL-037", 410, new("“{0}”当时的数据中有此后撤销的批次，不再展示。", "“{0}” held rows then that have been withdrawn since; they are shown no more."),
        new("请选择该批次入库之前或撤销之后的时间。", "Choose a moment before that batch came, or after it was withdrawn."));

    public static readonly Problem RulesChanged = new(
        "POL-016", 409, new("策略已有第 {0} 版，您编辑的不是最新版。", "There is version {0} of the policy by now; yours began with an older one."), new("请载入最新版后再改。", "Load the newest version and change that."));

    public static readonly Problem BadRules = new(
        "POL-017", 400, new("策略有误：{0}", "The policy is not valid: {0}"), new("请按提示修改；先试算再保存。", "Correct it as told; try it before saving."));

    public static readonly Problem NoReason = new(
        "POL-018", 400, new("请写明理由。", "The reason is missing."), new("理由会出现在版本列表和存证中。", "It stands in the list of versions and in the evidence."));

    public static readonly Problem NoIdNumber = new(
        "POL-041", 400, new("公民身份号码无效。", "It is no valid citizen number."), new("请核对 18 位号码后重试。", "Check its 18 characters and try again."));

    public static readonly Problem BadDelay = new(
        "POL-042", 400, new("延迟告知须写明法定事由、法律条款和 {0} 年以内的截止日期。", "A lawful delay needs its ground, the article of the law, and a day within {0} years."), new("请补全后重试。", "Fill them in and try again."));

    public static readonly Problem NotOneSelect = new(
        "POL-020", 400, new("只能执行一条 SELECT 查询：{0}", "Only one SELECT can be run: {0}"), new("请检查语句；修改、导入、设置等语句一律不执行。", "Check the statement; nothing that writes, loads or sets is run."));

    public static readonly Problem ForbiddenFunction = new(
        "POL-021", 400, new("不允许使用函数“{0}”。", "The function “{0}” is not allowed."), new("可用函数见查询页的说明。", "The query page lists what may be used."));

    public static readonly Problem NotAllowed = new(
        "POL-022", 400, new("语句中的“{0}”不允许使用。", "“{0}” is not allowed in a query."), new("请改用普通的 SELECT。", "Use a plain SELECT."));

    public static readonly Problem UnknownTable = new(
        "POL-023", 400, new("没有名为“{0}”的表，或它不向您提供。", "There is no table “{0}”, or it is not shown to you."), new("请使用数据目录中的表名。", "Use the table names of the catalogue."));

    public static readonly Problem TooDeep = new(
        "POL-024", 400, new("语句过长或嵌套过深。", "The statement is too long or too deeply nested."), new("语句最长 20000 个字符。", "At most 20,000 characters."));

    public static readonly Problem TooSlow = new(
        "POL-025", 422, new("查询超过 {0} 秒，已终止。", "The query took more than {0} seconds and was ended."), new("请缩小范围或先汇总。", "Ask for less, or aggregate first."));

    public static readonly Problem Cancelled = new(
        "POL-026", 409, new("查询已取消。", "The query was cancelled."), new("可以重新执行。", "Run it again if you like."));

    public static readonly Problem EngineRefused = new(
        "POL-027", 400, new("引擎不能执行该语句：{0}", "The engine cannot run it: {0}"), new("请检查列名、类型和取值。", "Check names, types and values."));

    public static readonly Problem WorkerDied = new(
        "POL-028", 422, new("查询超出内存或其他限制，已终止。", "The query went beyond its memory or another limit and was ended."), new("请缩小范围或先汇总。", "Ask for less, or aggregate first."));

    public static readonly Problem NoResult = new(
        "POL-029", 404, new("没有这次查询的结果，或它已过期、权限已变化。", "There is no result of that query; it has expired, or the rights have changed."), new("请重新执行查询。", "Run it again."));

    public static readonly Problem Busy = new(
        "POL-030", 429, new("正在执行的查询过多。", "Too many queries are running."), new("请稍后再试。", "Try again in a moment."));

    public static readonly Problem NoFormat = new(
        "POL-033", 400, new("format 不能为“{0}”。", "format cannot be “{0}”."), new("可用：{1}。", "There are {1}."));

    public static readonly Problem ViewChanged = new(
        "POL-031", 409, new("授权的信息项、脱敏方式或范围已变化，不能在原来的基础上给出变更。", "The grant shows other items, masks or rows than before; changes cannot be told on top of that."),
        new("请重新获取全部数据，再从新的位置继续。", "Take everything anew and go on from there."));

    public static readonly Problem AboveLabel = new(
        IChangeGate.AboveLabel, 403, new("授权 {0} 中的信息项高于取数方的安全标记（{2}）：{1}。", "Grant {0} holds items above the label ({2}) of the one who takes them: {1}."),
        new("请安全管理员在“程序安全标记”（人员在“账号管理”）核定标记；或以 select 只取标记以内的信息项。", "Ask the security administrator for a label (page “Labels of programs”, for people “Accounts”); or name in select the items within the label."));

    public static readonly Problem Fickle = new(
        "POL-032", 400, new("模型中不能使用“{0}”：每次结果都不同。", "A model cannot use “{0}”: it gives something else each time."),
        new("请改用数据中的日期或编号。", "Use a date or a number of the data instead."));
}
