using Lizhou.Kernel;

namespace Lizhou.Cases;

internal static class Problems
{
    public static readonly Problem NoCase = new("CAS-001", 404,
        new("没有事件“{0}”。", "There is no case “{0}”."), new("请核对事件号；只能看到与本单位或本人值班有关的事件。", "Check its number; you see cases that concern your unit or your duty only."));

    public static readonly Problem WrongState = new("CAS-002", 409,
        new("事件现在是“{0}”，不能“{1}”。", "The case is: {0}; it cannot be: {1}."), new("请刷新后按页面上的按钮办理。", "Load the page again and use its buttons."));

    public static readonly Problem NotYours = new("CAS-003", 403,
        new("“{1}”由{0}办理。", "“{1}” is for the {0}."), new("请由值班表上的单位或承办单位办理。", "Leave it to the unit on the duty list, or the one that handles the case."));

    public static readonly Problem Guarded = new("CAS-004", 409,
        new("不能“{0}”：{1}", "“{0}” is not open: {1}"), new("请先满足条件。", "Meet the condition first."));

    public static readonly Problem Missing = new("CAS-005", 400,
        new("“{0}”须填写“{1}”。", "“{0}” needs: {1}."), new("请补充后再提交。", "Fill it in, then send it again."));

    public static readonly Problem WrongField = new("CAS-006", 400,
        new("“{0}”填写有误：{1}", "“{0}” is not valid: {1}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem Stale = new("CAS-007", 409,
        new("事件刚被别人办理过。", "Somebody else has just acted on it."), new("请刷新后再办理。", "Load it again, then act."));

    public static readonly Problem WrongTime = new("CAS-008", 400,
        new("发生时间不能晚于现在，也不能早于上一步。", "The time is later than now, or earlier than the step before."), new("请改正发生时间，或留空。", "Correct the time, or leave it out."));

    public static readonly Problem NoPlace = new("CAS-009", 400,
        new("没有地点“{0}”。", "There is no place “{0}”."), new("请选择节点登记中的镇街、村社或该村社的网格。", "Choose a town, a village or a grid of that village of the register of nodes."));

    public static readonly Problem Bureau = new("CAS-010", 403,
        new("由主管部门维护。", "The bureau keeps it."), new("请联系主管部门。", "Ask the bureau."));

    public static readonly Problem BadFlow = new("CAS-011", 400,
        new("流程有误（第 {0} 行）：{1}", "The flow is not valid (line {0}): {1}"), new("{2}", "{2}"));

    public static readonly Problem NoFlow = new("CAS-012", 404,
        new("没有流程版本 {0}。", "There is no version {0} of the flow."), new("请从版本列表选择。", "Choose from the list of versions."));

    public static readonly Problem NotThere = new("CAS-013", 409,
        new("流程版本 {0} 没有状态“{1}”。", "Version {0} of the flow has no state “{1}”."), new("请先把事件办到两个版本共有的状态。", "Take the case to a state that both versions have."));

    public static readonly Problem BadClass = new("CAS-014", 400,
        new("分类填写有误：{0}", "The class is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem BadDuty = new("CAS-015", 400,
        new("值班安排有误：{0}", "The duty is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem NotReporter = new("CAS-016", 403,
        new("只有数据专员和主管部门可以登记事件。", "Stewards and the bureau register cases."), new("请联系值班人员。", "Ask who is on duty."));

    public static readonly Problem Overtaken = new("CAS-017", 409,
        new("别人刚刚修改过。", "Somebody else has just changed it."), new("请刷新后再保存。", "Load it again, then save."));

    public static readonly Problem BadChannel = new("CAS-018", 400,
        new("接报渠道填写有误：{0}", "The channel is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem NoKey = new("CAS-019", 403,
        new("没有有效的渠道密钥（api_key）。", "There is no key of a channel that counts (api_key)."), new("请由主管部门在“接报渠道”生成密钥。", "Let the bureau make a key on the page of channels."));

    public static readonly Problem NoForm = new("CAS-020", 400,
        new("报送内容须为表单，不超过 64 KB。", "What is sent is to be a form of at most 64 KB."), new("请用 application/x-www-form-urlencoded 或 multipart/form-data 报送。", "Send application/x-www-form-urlencoded or multipart/form-data."));

    public static readonly Problem NoClass = new("CAS-021", 404,
        new("没有事件分类“{0}”。", "There is no class “{0}”."), new("请从 services 中选择。", "Choose one of services."));

    public static readonly Problem NoPhoto = new("CAS-022", 400,
        new("这不是可用的照片。", "This is no photo that can be used."), new("请上传 JPEG、PNG 或 WebP 照片，不超过 10 MB、5000 万像素，最多 3 张。", "Send JPEG, PNG or WebP of at most 10 MB and 50 million pixels, three at most."));

    public static readonly Problem NotTheReporter = new("CAS-095", 403,
        new("只有上报人能评价。", "Only who reported it rates it."), new("请用上报后得到的网址打开本页。", "Open this page by the address you got when you reported it."));

    public static readonly Problem NotToRate = new("CAS-096", 409,
        new("现在不能评价：事件尚未办结，或已评价过。", "It cannot be rated now: it is not settled yet, or it was rated."), new("请在办结后评价一次。", "Rate it once, when it is settled."));

    public static readonly Problem WrongPhoto = new("CAS-097", 400,
        new("第 {0} 张照片不可用：{1}。", "Photo {0} cannot be used: {1}."), new("它可能已损坏、不完整或是空文件。请换成 JPEG、PNG 或 WebP 照片，不超过 10 MB、5000 万像素，最多 3 张。", "It may be damaged, cut off or empty. Send JPEG, PNG or WebP of at most 10 MB and 50 million pixels, three at most."));

    public static readonly Problem BadMap = new("CAS-041", 400,
        new("映射文件有误（第 {0} 行第 {1} 列）：{2}", "The map is not valid (line {0}, column {1}): {2}"), new("请改正后重试；写法见 docs/cookbook/move-cases.md。", "Correct it, then try again; docs/cookbook/move-cases.md tells how."));

    public static readonly Problem LacksColumn = new("CAS-042", 422,
        new("日志没有映射所写的列：{0}。", "The log lacks columns that the map names: {0}."), new("请核对列名；日志现有：{1}", "Check their names; the log has: {1}"));

    public static readonly Problem NoLog = new("CAS-043", 400,
        new("请求应先带映射（map），再带一个日志文件。", "The request brings the map first, then one log."), new("请用 ./lizhou cases import 日志 --map 映射。", "Use ./lizhou cases import LOG --map MAP."));

    public static readonly Problem BadXes = new("CAS-044", 422,
        new("“{0}”不是可读的 XES 日志（第 {1} 行）：{2}", "“{0}” is no XES log that can be read (line {1}): {2}"), new("请核对日志的导出，或导出为 CSV。", "Check how it was exported, or export it as CSV."));

    public static readonly Problem Importing = new("CAS-045", 409,
        new("另一个日志正在导入。", "Another log is being imported."), new("请等它完成后再试。", "Wait until it is done, then try again."));

    public static readonly Problem FewCases = new("CAS-070", 409,
        new("已办结且有分类的事件只有 {0} 件，不足 {1} 件，或只有一种分类，不能训练。", "There are {0} settled cases with a class, fewer than {1}, or of one class only: nothing can be learned."), new("积累更多办结事件后再训练。", "Train again once more cases are settled."));

    public static readonly Problem BadModel = new("CAS-074", 409,
        new("推荐模型版本 {0} 的文件缺失、损坏或不是本系统训练的，已拒用。", "The file of model version {0} is missing, damaged or not the one that was trained here: it is not used."), new("上一个完好的版本继续有效；请重新训练，或从备份恢复文件。", "The last good version stays in force; train again, or restore the file from a backup."));

    public static readonly Problem NoModel = new("CAS-075", 404,
        new("没有可用的推荐模型。", "No model is in force."), new("请由主管部门在“智能推荐”训练。", "Let the bureau train one on the page of the recommendation."));

    public static readonly Problem NoStream = new("CAS-071", 406,
        new("这是不结束的消息流。", "This is a stream that does not end."), new("请用 Accept: text/event-stream 订阅，或改用 GET /api/v1/cases。", "Follow it with Accept: text/event-stream, or use GET /api/v1/cases."));

    public static readonly Problem ManyFollow = new("CAS-072", 503,
        new("实时订阅已满。", "Too many follow already."), new("请稍后再试；刷新页面仍可看到最新情况。", "Try again later; loading the page again shows the same."));

    public static readonly Problem OwnScheme = new("CAS-060", 409,
        new("考核方案草稿 {0} 由本人保存，不能自己发布。", "You made draft {0} of the schemes and cannot publish it."), new("请由主管部门另一人核对后发布。", "Let another person of the bureau look at it and publish it."));

    public static readonly Problem BadScheme = new("CAS-061", 400,
        new("考核方案有误（第 {0} 行）：{1}", "The scheme is not valid (line {0}): {1}"), new("{2} 现行版本仍然有效。", "{2} The version in force stays."));

    public static readonly Problem OwnLine = new("CAS-062", 403,
        new("只能看到本单位的评价。", "You see the assessment of your own unit only."), new("请按责任单位查看；其他对象请联系主管部门。", "Look by unit; ask the bureau for others."));

    public static readonly Problem NoMetric = new("CAS-063", 404,
        new("没有指标或方案“{0}”。", "There is no figure or scheme “{0}”."), new("请从综合评价页面选择。", "Choose one on the page of the assessment."));

    public static readonly Problem BadAppeal = new("CAS-064", 400,
        new("申诉填写有误：{0}", "The appeal is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem NotTheirs = new("CAS-065", 403,
        new("只有主办过该事件的单位可以申诉。", "Only a unit that led the case appeals."), new("请由主办单位的数据专员申诉。", "Leave it to the steward of that unit."));

    public static readonly Problem AppealWaits = new("CAS-066", 409,
        new("同样的申诉正在等待裁定。", "The same appeal waits already."), new("请等待裁定。", "Wait for its decision."));

    public static readonly Problem NoAppeal = new("CAS-067", 404,
        new("没有这件申诉。", "There is no such appeal."), new("请从申诉列表选择。", "Choose from the list of appeals."));

    public static readonly Problem AppealDecided = new("CAS-068", 409,
        new("不能再次裁定：这件申诉已有裁定。", "The appeal is decided already."), new("请刷新后查看结果。", "Load the page again to see how."));

    public static readonly Problem OwnAppeal = new("CAS-069", 403,
        new("不能裁定自己的申诉。", "Nobody decides an appeal of their own."), new("请由另一人裁定。", "Leave it to somebody else."));

    public static readonly Problem Consulting = new("CAS-081", 409,
        new("事件正在会商。", "A consultation on the case is open already."), new("请在现有会商中办理，或先结束它。", "Use the one that is open, or end it first."));

    public static readonly Problem NoConsultation = new("CAS-082", 409,
        new("事件没有正在进行的会商。", "No consultation on the case is open."), new("请先由派遣员或督查发起会商。", "Let a dispatcher or supervisor call one."));

    public static readonly Problem NoMember = new("CAS-083", 403,
        new("只有参会单位才能提交会商意见。", "Only units called to the consultation give an opinion."), new("请由参会单位的数据专员提交。", "Let a steward of such a unit give it."));

    public static readonly Problem NotAssignable = new("CAS-084", 409,
        new("事件现在是“{0}”，结论不能派遣任务。", "The case is: {0}; a conclusion cannot hand out tasks now."), new("请在待派遣或处置中下结论，或只写文字结论。", "Conclude while it is to be dispatched or being handled, or in words alone."));

    public static readonly Problem LargeReport = new("CAS-073", 413,
        new("上报内容超过 64 KB。", "A report has at most 64 KB."), new("请精简内容；照片请用 media 给出地址。", "Shorten it; give a photo's address as media."));

    public static readonly Problem BadTable = new("CAS-051", 422,
        new("派单目录第 {0} 行有误：{1}", "The dispatch table is not valid (line {0}): {1}"), new("请改正后重试；两行重叠时请写不同的优先级。原目录继续有效。", "Correct it, then try again; rows that overlap need different priorities. The table in force stays."));

    public static readonly Problem NoSchemes = new("CAS-076", 404,
        new("没有考核方案版本 {0}。", "There is no version {0} of the schemes."), new("请在“考核方案”查看版本。", "See the versions on the page of the schemes."));

    public static readonly Problem OldSchemes = new("CAS-077", 409,
        new("版本 {0} 不比已发布的版本新。", "Version {0} is not newer than one that was published."), new("请下载后重新上传为新草稿。", "Download it and upload it as a new draft."));

    public static readonly Problem NoTable = new("CAS-052", 404,
        new("没有派单目录版本 {0}。", "There is no version {0} of the dispatch table."), new("请在“派单目录”查看版本。", "See the versions on the page of the dispatch table."));

    public static readonly Problem SecondLook = new("CAS-053", 409,
        new("派单目录草稿 {0} 由本人起草，不能自己发布。", "You made draft {0} of the dispatch table and cannot publish it."), new("请由主管部门另一人核对后发布。", "Let another person of the bureau look at it and publish it."));

    public static readonly Problem OldTable = new("CAS-054", 409,
        new("版本 {0} 不比已发布的版本 {1} 新。", "Version {0} is not newer than version {1}, which was published."), new("请据此另起草稿。", "Start a new draft from it."));

    public static readonly Problem OtherDraft = new("CAS-110", 403,
        new("草稿 {0} 由{1}起草，由其本人修改。", "Draft {0} is {1}'s to change."), new("请据此另起草稿。", "Start a draft of your own from it."));

    public static readonly Problem OtherRows = new("CAS-111", 409,
        new("草稿 {0} 在您打开页面后有改动。", "Draft {0} has changed since you opened the page."), new("请刷新，核对后再操作。", "Load the page again and look at it."));

    public static readonly Problem NothingBack = new("CAS-112", 409,
        new("草稿 {0} 没有可以撤回的改动。", "Draft {0} has no change to take back."), new("只能撤回最近 50 次改动。", "The last 50 changes can be taken back."));

    public static readonly Problem NotProposed = new("CAS-055", 422,
        new("派单目录（版本 {0} 第 {1} 行）建议派给{2}，改派其他单位须说明理由。", "The dispatch table (version {0}, line {1}) proposes {2}; another unit needs a reason."), new("请填写理由，或选择建议的单位。", "Give a reason, or choose the unit proposed."));

    public static readonly Problem BadDutyList = new("CAS-056", 422,
        new("值班表第 {0} 行有误：{1}", "The duty list is not valid (line {0}): {1}"), new("请改正后重试。现行值班表不受影响。", "Correct it, then try again. The list in force stays."));

    public static readonly Problem LongPeriod = new("CAS-057", 400,
        new("时段超过 {0} 天。", "The period is of more than {0} days."), new("请选择较短的时段。", "Choose a shorter one."));

    public static readonly Problem NothingToTry = new("CAS-058", 409,
        new("没有可推演的派单目录。", "There is no dispatch table to try."), new("请选择一个版本或草稿，或上传派单目录、值班表。", "Choose a version or draft, or upload a table or a duty list."));

    public static readonly Problem BadPeer = new("CAS-085", 400,
        new("上下级联络有误：{0}", "The link to another level is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem BadLevelKey = new("CAS-086", 401,
        new("联络编号或签名无效。", "The link or its signature does not count."), new("请与对方核对联络编号和密钥。", "Compare link and key with the other end."));

    public static readonly Problem NoLevelForm = new("CAS-087", 400,
        new("这不是有效的上下级文书：{0}。", "This is no form between levels: {0}."), new("请按接口说明发送，不超过 64 KB。", "Send it as the API tells, at most 64 KB."));

    public static readonly Problem OtherContent = new("CAS-088", 409,
        new("序号 {0} 已收到另一内容。", "Number {0} has come with another content."), new("同一序号只能重发同一内容。", "Send the same content again, or the next number."));

    public static readonly Problem LevelGap = new("CAS-089", 409,
        new("前面的文书尚未收到，已暂存。", "An earlier form has not come; this one is kept until it has."), new("请补发前面的文书。", "Send the earlier ones."));

    public static readonly Problem OutOfPlace = new("CAS-090", 409,
        new("现在不能“{0}”。", "It is not the turn of: {0}."), new("请按往来次序办理，如先办结再评价。", "Keep the order, e.g. what is rated is done first."));

    /// <summary>One of <see cref="BadPeer"/> that many say.</summary>
    public static Problem NoPeer => BadPeer.With(new Text("没有这个联络，或它已停用", "there is no such link, or it has ended"));

    public static readonly Problem TooOften = new("CAS-100", 429,
        new("上下级报送过于频繁。", "Too much has come from there."), new("请按 Retry-After 稍后重发；已签收的不必重发。", "Send it again after Retry-After; what was receipted need not be sent again."));

    public static readonly Problem NoPart = new("CAS-101", 400,
        new("没有文书列出这张照片，或分段有误。", "No form names this photo, or its part is not valid."), new("请先发送列出照片的文书，再按分段从回执的位置续传。", "Send the form that names it first, then its parts from where the receipt stands."));

    public static readonly Problem OtherPhoto = new("CAS-102", 422,
        new("收到的照片与文书所列摘要不符。", "The photo is not the one the form names."), new("请在新的文书中重新列出照片。", "Name it in another form."));

    public static readonly Problem NoCode = new("CAS-103", 409,
        new("编码对照中没有{0}。", "The crosswalk has no {0}."), new("请在“省市县联动”选择本地分类与地点归档，或补充编码对照。", "Choose class and place on the page of levels, or add them to the crosswalk."));

    public static readonly Problem BadCode = new("CAS-104", 400,
        new("编码对照第 {0} 行有误：{1}。", "The crosswalk is not valid (line {0}): {1}."), new("请改正后再保存；原对照继续有效。", "Correct it, then save it again; the one before stays."));

    public static readonly Problem NothingToFile = new("CAS-105", 409,
        new("这件事件已归档，或对方没有报送事件。", "It is a case here already, or the other end told of none."), new("请刷新后查看。", "Load the page again."));

    public static readonly Problem SecondThread = new("CAS-130", 409,
        new("事件“{0}”与此联络已有未办结的往来。", "“{0}” is under way with this link already."), new("请在已有的往来中办理；重复的可以退回。", "Go on in the thread there is; return what is there twice."));

    public static readonly Problem NoNewerFlow = new("CAS-107", 409,
        new("随程序提供的流程没有更新。", "The program brings no newer flow."), new("现行流程不必更换。", "Keep the one in force."));

    public static readonly Problem ManyPhotos = new("CAS-106", 429,
        new("尚未收完的照片已满。", "Too much of photos is under way."), new("请等待在传的照片收完。", "Wait until those under way are whole."));

    public static readonly Problem ManyReports = new("CAS-120", 429,
        new("一分钟内提交了多次，这一次没有提交。", "Much was sent within a minute; this was not taken."), new("填写的文字仍在下面。请等一分钟再提交；照片须重新选择。", "What you wrote is still below. Wait a minute, then send it again; choose photos anew."));

    public static readonly Problem OtherAct = new("CAS-140", 409,
        new("这个 key 已用于“{0}”，这一次没有办理。", "This key was used for: {0}. Nothing was done this time."), new("另一动作请用另一个 key。", "Give another act another key."));

    /// <summary>The same, of a field of the input, as the caller spells it.</summary>
    public static Problem At(this Problem problem, string field) => problem with { Field = field };
}
