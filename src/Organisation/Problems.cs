// Every refusal of the organisation.
using Lizhou.Kernel;

namespace Lizhou.Organisation;

internal static class Problems
{
    public static readonly Problem NoSuchUnit = new(
        "ORG-001", 404, new("没有这个机构。", "There is no such unit."), new("请从机构列表中选择。", "Choose one from the list of units."));

    public static readonly Problem CodeTaken = new(
        "ORG-002", 409, new("统一社会信用代码 {0} 已属于“{1}”。", "The credit code {0} already belongs to {1}."), new("请核对代码，或修改已有机构。", "Check the code, or change the unit that has it."));

    public static readonly Problem BadCode = new(
        "ORG-003", 400, new("统一社会信用代码 {0} 校验未通过。", "The credit code {0} fails its check (GB 32100)."),
        new("请对照登记证书核对；确为登记机关所发的，请填写“代码例外说明”。", "Compare it with the certificate; if it was really issued so, say why in the note on the code."));

    public static readonly Problem Circle = new(
        "ORG-004", 409, new("上级机构不能是自己或自己的下级。", "A unit cannot stand under itself."), new("请选择其他上级机构。", "Choose another unit above."));

    public static readonly Problem StillInUse = new(
        "ORG-005", 409, new("“{0}”还有 {1} 个启用的下级机构、{2} 个信息系统，不能停用。", "{0} still has {1} active units below and {2} systems; it cannot be closed."),
        new("请先停用或划转它们。", "Close or move these first."));

    public static readonly Problem StillPeopled = new(
        "ORG-017", 409, new("“{0}”还有 {1} 名在岗人员、{2} 个启用的账号，不能停用。", "{0} still has {1} people in office and {2} active accounts; it cannot be closed."),
        new("请先在“人员岗位”中按该机构筛选，逐一标记离岗或调出（其账号随之停用或调出）；其余账号由系统管理员在“账号管理”中停用。", "Under People and posts, filtered by this unit, mark each as left or move them (their accounts follow); other accounts are disabled by the system administrator under Accounts."));

    public static readonly Problem ChangedMeanwhile = new(
        "ORG-006", 409, new("内容已被他人修改。", "Someone else changed this meanwhile."), new("请刷新后在最新内容上修改。", "Reload and make your change on the current state."));

    public static readonly Problem NameTaken = new(
        "ORG-007", 409, new("“{0}”在该机构中已存在。", "{0} already exists in this unit."), new("请换一个名称，或修改已有的。", "Choose another name, or change the one that exists."));

    public static readonly Problem NotYours = new(
        "ORG-008", 403, new("您只能维护本单位的内容。", "You may only change what belongs to your own unit."), new("请联系该单位的数据专员或大数据局。", "Ask the steward of that unit or the bureau."));

    public static readonly Problem UnitsAreBureaus = new(
        "ORG-019", 403, new("机构信息由大数据局维护，各单位不能处理对它的反映。", "Units are kept by the bureau: no unit settles what is reported about one."), new("请等待大数据局处理；需要补充说明的，请联系大数据局。", "Wait for the bureau, and tell it what you know of the matter."));

    public static readonly Problem NoSuchEntry = new(
        "ORG-009", 404, new("没有这条记录。", "There is no such entry."), new("它可能已被移除，请返回列表。", "It may have been removed; go back to the list."));

    public static readonly Problem NoTable = new(
        "ORG-010", 422, new("文件缺少列“{0}”。", "The file has no column {0}."), new("请使用导入模板，不要改动表头。", "Use the template and leave its header as it is."));

    public static readonly Problem BadRows = new(
        "ORG-011", 422, new("{0} 行有误，未导入任何数据。", "{0} rows are wrong; nothing was imported."), new("请按每行提示修改后重新导入。", "Correct them as told, row by row, and import again."));

    public static readonly Problem TooMany = new(
        "ORG-012", 413, new("一次最多导入 {0} 行。", "At most {0} rows can be imported at once."), new("请分成几个文件导入。", "Split the file."));

    public static readonly Problem NumberTaken = new(
        "ORG-013", 409, new("工号 {0} 已属于他人。", "The staff number {0} belongs to someone else."), new("请核对工号，或修改已有人员。", "Check the number, or change the person who has it."));

    public static readonly Problem ReportedAlready = new(
        "ORG-014", 409, new("您已反映过这条信息，正在等待处理。", "You reported this entry already; it waits for its keeper."), new("可在“信息修正”中查看进展。", "See under Corrections how far it is."));

    public static readonly Problem NotMended = new(
        "ORG-015", 409, new("“{0}”自反映以来没有改动。", "{0} has not been changed since it was reported."), new("请先修改信息，再标记为已修正；无需修改的，请选择不予修正并说明理由。", "Change it first and then settle the report; where nothing is to be changed, decline with the reason."));

    public static readonly Problem AdministratorsPerson = new(
        "ORG-018", 403,
        new("该人员持有三员账号，其姓名、机构和在岗状态只能由安全管理员变更。", "This person holds the account of one of the three administrators: their name, unit and state are changed by the security administrator alone."),
        new("请联系安全管理员；账号停用或移交后，由本单位照常维护。", "Ask the security administrator; once the account is disabled or another's, their unit keeps them as usual."));

    public static readonly Problem Faulty = new(
        "ORG-016", 400, new("填写有误：{0}", "Not filled in right: {0}"), new("请按提示修改。", "Correct it as told."));
}
