// Every refusal of sharing, with its stable code.
using Lizhou.Kernel;

namespace Lizhou.Sharing;

internal static class Problems
{
    public static readonly Problem NoRequest = new(
        "SHR-001", 404, new("没有编号为 {0} 的申请。", "There is no request {0}."), new("请在“我的申请”中查找。", "Look it up among your requests."));

    public static readonly Problem NoUnit = new(
        "SHR-002", 403, new("只有单位的数据专员可以申请共享。", "Only the steward of a unit may ask for data."), new("请由用数单位的数据专员提出。", "Let the steward of the unit that needs it ask."));

    public static readonly Problem Forbidden = new(
        "SHR-003", 403,
        new("“{0}”为不予共享的目录，依据：{1}", "“{0}” is not shared. Legal basis: {1}"),
        new("如认为依据有误，请联系主管部门。", "If you think the basis is wrong, turn to the bureau."));

    public static readonly Problem OwnData = new(
        "SHR-004", 409, new("“{0}”是本单位的数据，不需要申请。", "“{0}” is your own unit's data."), new("请直接查看。", "Look at it directly."));

    public static readonly Problem NoResource = new(
        "SHR-005", 404, new("没有这条已发布的数据目录：{0}", "There is no such published resource: {0}"), new("请在数据目录中查找。", "Look it up in the catalogue."));

    public static readonly Problem Faulty = new(
        "SHR-006", 422, new("申请内容有误：{0}", "The request is not right: {0}"), new("请按提示修改后重新提交。", "Correct it as told and send it again."));

    public static readonly Problem WrongState = new(
        "SHR-007", 409, new("申请处于“{0}”，不能“{1}”。", "The request is in “{0}”; one cannot “{1}” now."), new("请刷新页面，按当前环节办理。", "Reload the page and act on its present state."));

    public static readonly Problem BureauOnly = new(
        "SHR-008", 403, new("此环节由主管部门办理。", "This step is the bureau's."), new("请等待主管部门办理。", "Wait for the bureau."));

    public static readonly Problem ProviderOnly = new(
        "SHR-009", 403, new("此环节由数源单位的数据专员办理。", "This step is the source unit's steward's."), new("请等待数源单位办理。", "Wait for the source unit."));

    public static readonly Problem AskerOnly = new(
        "SHR-010", 403, new("此操作由申请单位办理。", "This act is the requesting unit's."), new("请由申请单位的数据专员办理。", "Let the steward of the requesting unit do it."));

    public static readonly Problem SamePerson = new(
        "SHR-011", 403, new("申请、审查和决定须由不同的人办理。", "Request, review and decision must be three different people's."), new("请由另一位同事办理。", "Let a colleague do it."));

    public static readonly Problem ReasonMissing = new(
        "SHR-012", 400, new("请填写理由。", "A reason is required."), new("不同意、异议和撤销须说明理由，对方会看到。", "Refusals, disputes and revocations need a reason; the other side reads it."));

    public static readonly Problem Stale = new(
        "SHR-013", 409, new("该申请刚被他人办理。", "Somebody else has just acted on it."), new("请刷新页面，核对后重做。", "Reload, look, and do it again."));

    public static readonly Problem Disputed = new(
        "SHR-014", 409, new("该申请已经协调过一次。", "This request was mediated once already."), new("如情况有变，请重新申请。", "If circumstances have changed, make a new request."));

    public static readonly Problem BasketFull = new(
        "SHR-015", 409, new("申请篮最多 {0} 个目录。", "A basket holds at most {0} resources."), new("请先提交已选的申请，或移出不需要的目录。", "Ask for what is in it first, or take out what is not needed."));

    public static readonly Problem AskedAlready = new(
        "SHR-016", 409, new("本单位以同一用途对该目录的申请 {0} 正在办理（{1}）。", "Your unit's request {0} of this resource for the same purpose is under way ({1})."), new("请等待办理结果；需要修改时先撤回该申请。", "Wait for its outcome; to change it, withdraw it first."));

    public static readonly Problem HeldAlready = new(
        "SHR-017", 409, new("本单位已为该用途持有该目录的有效授权 {0}。", "Your unit holds grant {0} of this resource for this purpose already."),
        new("请使用该授权，或为它续期；需要更大的额度时联系主管部门。", "Use it, or renew it; for a larger quota turn to the bureau."));

    public static readonly Problem OtherWay = new(
        "SHR-018", 403, new("授权 {0} 的交付方式为“{1}”，不能以“{2}”取用。", "Grant {0} was given for “{1}”; its rows are not handed over as “{2}”."),
        new("请按授权的方式取用；需要其他方式时重新申请，并选择该交付方式。", "Take them in the way that was granted; for another way make a new request and choose it there."));

    public static readonly Problem TakenAlready = new(
        "SHR-019", 409, new("授权 {0} 的使用频次为“{1}”，本次的数据已经取走。", "Grant {0} is for “{1}”, and the rows of this time were taken already."),
        new("一次取用为一个查询的全部行，带筛选条件的查询也算一次。请等到下一个周期；一次性的授权用完后，或需要更高的频次时，请重新申请。", "One use is all rows of one question, one with a filter too. Wait for the next day, week or month; after a single use, or to take them more often, make a new request."));

    public static readonly Problem OtherUse = new(
        "SHR-024", 409, new("授权 {0} 的使用频次为“{1}”，本次取用已由另一个查询开始（筛选不同，或数据此后有变化）。", "Grant {0} is for “{1}”, and this use began with another question (another filter, or the data changed since)."),
        new("一次取用只回答一个查询：请用首页答复中的 next 继续取完。带筛选条件的查询也算一次取用。", "A use is one question: go on with next of its first page until all is taken. A question with a filter is a use as well."));

    public static readonly Problem BadLimit = new(
        "SHR-070", 422, new("时限有误：{0}。", "The limit is not right: {0}."), new("请按提示修改后重新保存。", "Correct it as told and save it again."));

    public static readonly Problem SecurityOnly = new(
        "SHR-071", 403, new("程序的安全标记由安全管理员核定。", "Labels of programs are the security administrator's."), new("请联系安全管理员。", "Ask the security administrator."));

    public static readonly Problem NoProcess = new(
        "SHR-072", 404, new("没有该程序，或它已失效。", "There is no such program, or it counts no more."), new("请在“程序安全标记”页面查找。", "Look it up on the page of labels."));

    public static readonly Problem NoGrant = new(
        "SHR-020", 404, new("没有编号为 {0} 的授权，或它与您的单位无关。", "There is no grant {0}, or it does not concern your unit."), new("一律经平台交换：请在“我的授权”中查找，或申请共享。", "No grant, no exchange: look it up among your grants, or request the data."));

    public static readonly Problem Ended = new(
        "SHR-021", 409, new("授权 {0} 已终止。", "Grant {0} has ended."), new("需要时请重新申请。", "Request anew if needed."));

    public static readonly Problem NotWider = new(
        "SHR-022", 422, new("续期不能改变用途、信息项和范围。", "A renewal changes neither purpose nor items nor rows."), new("需要改变时请重新申请。", "For a change make a new request."));

    public static readonly Problem NoKey = new(
        "SHR-023", 404, new("授权 {0} 没有该密钥，或它已收回。", "Grant {0} has no such key, or it counts no more."), new("请刷新授权页面，查看有效的密钥。", "Reload the grant's page: it shows those that count."));

    public static readonly Problem BrokenGrant = new(
        "SHR-025", 403, new("授权 {0} 的封签不符，可能被直接改动，已停止提供数据。", "Grant {0} does not fit its seal; it may have been tampered with. It gives nothing."),
        new("请安全管理员核查数据库；撤销该授权后重新申请。", "The security administrator must look into the database; revoke the grant and request it anew."));

    public static readonly Problem OtherKey = new(
        "SHR-030", 403, new("此密钥不属于授权 {0}。", "This key is not of grant {0}."), new("请使用该授权自己的密钥。", "Use the grant's own key."));

    public static readonly Problem BadQuery = new(
        "SHR-031", 400, new("查询参数有误：{0}", "The query is not valid: {0}"), new("请按接口说明修改。", "See the grant's API description."));

    public static readonly Problem QuotaSpent = new(
        "SHR-032", 429, new("授权 {0} 今日的额度已用完：{1}。", "Grant {0} has spent today's quota: {1}."), new("请于次日再用，或联系主管部门调整额度。", "Try tomorrow, or ask the bureau for a larger quota."));

    public static readonly Problem NoFormat = new(
        "SHR-033", 406, new("不提供这种格式：{0}", "There is no such format: {0}"), new("可选 json、csv、ndjson、arrow、parquet、xlsx。", "Choose json, csv, ndjson, arrow, parquet or xlsx."));

    public static readonly Problem QuotaShort = new(
        "SHR-034", 429, new("授权 {0} 今日还可取 {2} 行，这次答复有 {1} 行，没有提供。", "Grant {0} leaves {2} rows today and this answer has {1}; none was handed out."),
        new("请加筛选条件，或以 limit 分页取用；其余次日再取，或联系主管部门调整额度。", "Ask for fewer by a filter or limit, take the rest tomorrow, or ask the bureau for a larger quota."));

    public static readonly Problem WholeOnly = new(
        "SHR-035", 400, new("{0} 格式一次给出全部行，不能分页：{1}", "The format {0} gives all rows at once and has no pages: {1}"),
        new("请去掉该参数，用筛选条件缩小范围；要分页请用 format=json。", "Leave it out and choose rows by a filter, or take pages with format=json."));

    public static readonly Problem NoFile = new(
        "SHR-040", 404, new("没有该交付文件，或它已过保存期。", "There is no such file, or its time has passed."), new("请重新生成。", "Make it again."));

    public static readonly Problem FileGone = new(
        "SHR-041", 410, new("该文件按当时的授权生成，现已不能提供：{0}", "The file was made as the grant stood then and is not handed out any more: {0}"), new("请重新生成。", "Make it again."));

    public static readonly Problem NoDelivery = new(
        "SHR-042", 404, new("没有编号为 {0} 的交付任务，或它与您的单位无关。", "There is no delivery {0}, or it does not concern your unit."), new("请在“交付监控”中查找。", "Look it up among the deliveries."));

    public static readonly Problem GrantOver = new(
        "SHR-043", 409, new("授权 {0} 不在有效期内，不能交付。", "Grant {0} is not in force; nothing is delivered under it."), new("请先续期或重新申请。", "Renew it or request anew."));

    public static readonly Problem WrongDelivery = new(
        "SHR-044", 409, new("交付任务处于“{0}”，不能“{1}”。", "The delivery is “{0}”; one cannot “{1}” now."), new("请刷新页面后重试。", "Reload the page and try again."));

    public static readonly Problem SecretLost = new(
        "SHR-045", 409, new("交付任务 {0} 的口令已无法解开。", "The secret of delivery {0} can no longer be opened."), new("请重新设置该交付任务。", "Set the delivery up anew."));

    public static readonly Problem HookFailed = new(
        "SHR-051", 502, new("接收方未确认：{0}", "The receiver did not acknowledge: {0}"), new("系统会再次发送；接收方应以 2xx 应答。", "It is sent again; the receiver must answer 2xx."));

    public static readonly Problem PushFailed = new(
        "SHR-052", 502, new("未能写入目标库 {0}：{1}", "The target {0} could not be written: {1}"), new("请检查目标库的地址、权限和表结构；系统会再次推送。", "Check address, rights and table; it is pushed again."));

    public static readonly Problem PushRaced = new(
        "SHR-053", 503, new("目标表 {0} 正被另一次推送写入。", "The table {0} is being written by another push."), new("系统会再次推送。", "It is pushed again."));

    public static readonly Problem TableTaken = new(
        "SHR-054", 409, new("目标表 {0} 不由交付任务 {1} 保管：{2}", "The table {0} is not delivery {1}'s to keep: {2}"),
        new("没有改动该表。请换一个表名；确认其中的行不再需要时，也可由接收方删除该表后再推送。", "It was left as it is. Choose another name, or have the receiver drop the table if its rows are not needed."));

    public static readonly Problem NoApplication = new(
        "SHR-060", 404, new("没有该应用，或它不属于您的单位。", "There is no such application, or it is not your unit's."), new("请在“应用”页面查找。", "Look it up on the page of applications."));

    public static readonly Problem NoToken = new(
        "SHR-061", 404, new("没有该令牌，或它已失效。", "There is no such token, or it counts no more."), new("请刷新页面查看有效的令牌。", "Reload the page: it shows those that count."));

    public static readonly Problem BadAddress = new(
        "SHR-050", 422, new("回调地址不可用：{0}", "The address cannot be used: {0}"), new("请填写可从本机访问的 https 地址。", "Give an https address this machine may reach."));
}
