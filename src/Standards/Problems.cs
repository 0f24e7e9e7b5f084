// Every refusal of the register of standards.
using Lizhou.Kernel;

namespace Lizhou.Standards;

internal static class Problems
{
    public static readonly Problem NotFound = new(
        "STD-001", 404, new("数据标准中没有“{0}”。", "The register of standards has no {0}."), new("请从列表中选择，或核对标识。", "Choose one from the list, or check its identifier."));

    public static readonly Problem BureauOnly = new(
        "STD-002", 403, new("数据标准由大数据局维护。", "The standards are the bureau's to keep."), new("请将意见告知大数据局的数据工程师。", "Tell the bureau's engineers what should change."));

    public static readonly Problem CodesFaulty = new(
        "STD-003", 422, new("代码集有 {0} 处错误，未写入任何内容。第一处：{1}", "The code list has {0} faults; nothing was written. The first: {1}"),
        new("请按逐行提示改正后重试。", "Correct them line by line and try again."));

    public static readonly Problem ChangedMeanwhile = new(
        "STD-004", 409, new("内容已被他人修改。", "Someone else changed this meanwhile."), new("请刷新后在最新内容上修改。", "Reload and make your change on the current state."));

    public static readonly Problem NoDraft = new(
        "STD-005", 409, new("“{0}”没有草稿。", "{0} has no draft."), new("请先修改或导入，形成草稿后再发布。", "Change or import something first; that makes a draft."));

    public static readonly Problem NoVersion = new(
        "STD-006", 404, new("没有第 {0} 版。", "There is no version {0}."), new("请在版本列表中选择。", "Choose one of the listed versions."));

    public static readonly Problem CodeTaken = new(
        "STD-007", 409, new("标识“{0}”已被使用。", "The identifier {0} is taken."), new("请换一个标识，或修改已有的。", "Choose another, or change the one that exists."));

    public static readonly Problem NoColumn = new(
        "STD-008", 422, new("文件缺少列“{0}”。", "The file has no column {0}."), new("请使用导入模板，不要改动表头。", "Use the template and leave its header as it is."));

    public static readonly Problem TooMany = new(
        "STD-009", 413, new("最多 {0} 行。", "At most {0} rows."), new("请拆分代码集。", "Split the list."));

    public static readonly Problem NoEditions = new(
        "STD-010", 422, new("没有可用的版次文件：{0}", "There are no editions to read: {0}"),
        new("请提供 zip，每个版次一个名为“年月.json”的文件（如 201607.json），内容为 {{\"代码\":\"名称\"}}。", "Send a zip with a file for each edition, named after its month (201607.json), holding {{\"code\":\"name\"}}."));

    public static readonly Problem EditionTooOld = new(
        "STD-011", 409, new("版次 {0} 不晚于代码集已有的最后变动（{1}）。", "Edition {0} is not later than the list's last change ({1})."),
        new("只能在已有版次之后追加；要整体重来，请新建一个代码集。", "Editions can only be added behind those there are; to begin anew, make another list."));

    public static readonly Problem ElementFaulty = new(
        "STD-012", 422, new("数据元有误：{0}", "The data element is not right: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem RowsFaulty = new(
        "STD-013", 422, new("文件有 {0} 处错误，未写入任何内容。", "The file has {0} faults; nothing was written."), new("请按逐行提示改正后重新导入。", "Correct them line by line and import again."));

    public static readonly Problem NoSuchCode = new(
        "STD-014", 422, new("代码集“{0}”中没有代码 {1}。", "The list {0} has no code {1}."), new("请核对代码；撤销而无接替的，把新代码留空。", "Check the code; where nothing took its place, leave the new code empty."));

    public static readonly Problem SettledAlready = new(
        "STD-015", 409, new("该对照已经处理。", "This line of the crosswalk is settled already."), new("请刷新页面。", "Reload the page."));

    public static readonly Problem ParametersFaulty = new(
        "STD-016", 422, new("参数第 {0} 行：{1}", "Parameters, line {0}: {1}"), new("请改正该行后重新保存。", "Correct that line and save again."));

    public static readonly Problem RuleLength = new(
        "STD-028", 422, new("规则正文应有 1 至 {0} 字，英文、参数和依据各不超过 {0} 字。", "A rule's text has 1 to {0} characters; its English, its parameters and its basis have at most {0} each."), new("请填写或缩短后重新保存。", "Fill it in or shorten it, then save again."));

    public static readonly Problem ParameterMissing = new(
        "STD-029", 422, new("参数缺少：{0}", "Parameters that are missing: {0}"), new("请补上这些行（“键 = 值”）后重新保存。", "Add these lines (key = value) and save again."));

    public static readonly Problem WeightsOff = new(
        "STD-017", 422, new("权重合计为 {0}%，应为 100%。各项：{1}", "The weights sum to {0} %, not 100 %. They are: {1}"), new("请调整第 {2} 行起的权重，使合计恰为 100%。", "Adjust the weights from line {2} on so that they sum to exactly 100 %."));

    public static readonly Problem ListFaulty = new(
        "STD-018", 422, new("代码集有误：{0}", "The code list is not right: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem TreatmentFaulty = new(
        "STD-020", 422, new("标准化处理有误：{0}", "The treatment is not right: {0}"), new("请按提示修改参数。", "Correct its parameter as told."));

    public static readonly Problem NotYourData = new(
        "STD-021", 403, new("“{0}”不由您的单位负责。", "{0} is not your unit's to answer for."), new("标准化处理由数源单位的数据员或大数据局批准。", "Treatments are approved by the source unit's stewards or the bureau."));

    public static readonly Problem TextsOnly = new(
        "STD-022", 422, new("“{0}”是{1}，入库时已按类型转换，无需标准化。", "{0} is {1}; landing has typed it already, there is nothing to standardise."), new("请选择字符类信息项。", "Choose an item of text."));

    public static readonly Problem ValuesHidden = new(
        "STD-023", 403, new("“{0}”的明文对您不可见：{1}", "The values of {0} are not shown to you in clear: {1}"), new("请由可见明文的人员预览。", "Have somebody preview it who may see them."));

    public static readonly Problem NoReason = new(
        "STD-024", 422, new("请填写理由，不超过 500 字。", "A reason is asked for, in at most 500 characters."), new("写明依据，供日后核查。", "Say what it rests on; it is kept as evidence."));

    public static readonly Problem TreatedAlready = new(
        "STD-025", 409, new("“{0}”已有生效的处理。", "{0} has a treatment in force."), new("请先撤回原处理。", "Take that one back first."));

    public static readonly Problem NoTreatment = new(
        "STD-026", 404, new("没有这项生效的处理。", "There is no such treatment in force."), new("请刷新页面。", "Reload the page."));

    public static readonly Problem NoItem = new(
        "STD-027", 404, new("没有已发布的这个信息项。", "There is no such published item."), new("请从资源的数据元页面进入。", "Come from the data elements page of its resource."));

    public static readonly Problem CrosswalkThere = new(
        "STD-019", 409, new("该对照已存在：{0} → {1}（{2}）。", "The crosswalk has this line: {0} → {1} ({2})."), new("请在对照表中查看或处理。", "Look at it, or settle it, in the crosswalk."));
}
