// Every refusal of the catalogue, with its stable code.
using Lizhou.Kernel;

namespace Lizhou.Catalog;

internal static class Problems
{
    public static readonly Problem NotFound = new(
        "CAT-001", 404, new("目录中没有该资源：{0}", "The catalogue has no such resource: {0}"), new("请核对资源代码，或在数据目录中查询。", "Check the code, or search the catalogue."));

    public static readonly Problem OtherUnit = new(
        "CAT-002", 403, new("只能维护本单位的目录。", "Only the catalogue of your own unit is yours to keep."), new("请由数源单位的人员办理，或联系大数据局。", "Ask its source unit, or the data bureau."));

    public static readonly Problem Faulty = new(
        "CAT-003", 422, new("目录内容有误：{0}", "The entry is not right: {0}"), new("请按提示修改后重新保存。", "Correct it as told and save again."));

    public static readonly Problem CodeTaken = new(
        "CAT-004", 409, new("资源代码已被使用：{0}", "The resource code is taken: {0}"), new("请换一个顺序码，或留空由系统分配。", "Choose another serial, or leave it empty to be given one."));

    public static readonly Problem WrongState = new(
        "CAT-005", 409, new("当前状态“{0}”下不能“{1}”。", "In state {0} one cannot {1}."), new("请刷新页面，按当前环节办理。", "Reload the page and act on its present state."));

    public static readonly Problem BureauOnly = new(
        "CAT-006", 403, new("此环节由主管部门办理。", "This step is the bureau's."), new("请等待大数据局审核。", "Wait for the bureau's review."));

    public static readonly Problem ReasonMissing = new(
        "CAT-007", 400, new("请填写理由。", "A reason is required."), new("退回和停用须说明理由，编制人会看到。", "Returning and retiring need a reason; the author will read it."));

    public static readonly Problem StillUsed = new(
        "CAT-008", 409, new("仍有业务在使用该资源：{0}", "The resource is still used: {0}"), new("请先停止这些归集或使用，再停用目录。", "Stop these uses first, then retire it."));

    public static readonly Problem Stale = new(
        "CAT-009", 409, new("该资源刚被他人修改。", "Somebody else has just changed this resource."), new("请刷新页面，核对后重做。", "Reload, look, and do it again."));

    public static readonly Problem Secret = new(
        "CAT-010", 422, new("涉密信息不得进入本系统。", "Secret material must not enter this system."), new("请按保密规定处理，勿在此登记。", "Handle it under the secrecy rules; do not register it here."));

    public static readonly Problem NothingChanged = new(
        "CAT-011", 409, new("内容与已发布版本相同，没有变更。", "Nothing differs from the published version."), new("请修改后再提交。", "Change something first."));

    public static readonly Problem IdTaken = new(
        "CAT-012", 409, new("标识已用于另一个资源：{0}", "The id belongs to another resource: {0}"), new("请换一个标识，或留空。", "Use another id, or none."));

    public static readonly Problem ClassFaulty = new(
        "CAT-013", 422, new("分类不正确：{0}", "The class is not right: {0}"), new("类 1 位、项 3 位、目 6 位，细目更长，上级须已登记。", "One digit, three, six, or more; its parent must be registered."));

    public static readonly Problem VersionMissing = new(
        "CAT-014", 404, new("没有第 {0} 版。", "There is no version {0}."), new("请在版本列表中选择。", "Choose one of the listed versions."));

    public static readonly Problem NoSuchElement = new(
        "CAT-015", 422, new("没有启用的数据元“{0}”。", "No data element {0} is in force."), new("请从数据元列表中选择。", "Choose one from the register of data elements."));

    public static readonly Problem BelowElement = new(
        "CAT-033", 422, new("信息项“{0}”为 {1}，低于其数据元“{2}”的级别 {3}。", "Item {0} is {1}, below the level of its data element {2}, {3}."),
        new("请提高该项的级别（重新绑定即按数据元提高），或改绑其他数据元。模型的列可由两人批准的规则降级。", "Raise its level (binding it again does), or bind it to another element. A column of a model is lowered by a rule that two persons approve."));

    public static readonly Problem GivenToAll = new(
        "CAT-034", 422, new("无条件共享的资源含有 {1} 个 L3 级及以上的信息项：{0}。", "A resource shared without condition has {1} items of level L3 or above: {0}."),
        new("请改为有条件共享；确须无条件共享的，由主管部门在发布意见中写明理由。", "Share it under conditions; where it must be without, the bureau says why in its opinion on publication."));

    public static readonly Problem ContractFaulty = new(
        "CAT-020", 422, new("合约第 {0} 行第 {1} 列：{2}", "The contract, line {0}, column {1}: {2}"), new("请改正该处后重新导入。", "Correct that place and import again."));

    public static readonly Problem ContractUnfit = new(
        "CAT-021", 422, new("合约的 {0}：{1}", "The contract's {0}: {1}"), new("请改正该键后重新导入。", "Correct that key and import again."));

    public static readonly Problem SheetUnreadable = new(
        "CAT-030", 422, new("不能读取工作簿：{0}", "The workbook cannot be read: {0}"), new("请使用下载的模板填写，保存为 xlsx。", "Fill the template in and save it as xlsx."));

    public static readonly Problem SheetFaulty = new(
        "CAT-031", 422, new("工作簿有 {0} 处错误，未导入任何内容。", "The workbook has {0} faults; nothing was imported."), new("请按逐行提示改正后重新导入。", "Correct them line by line and import again."));

    public static readonly Problem LevelBusy = new(
        "CAT-032", 409, new("该资源正在变更，不能单独设定级别。", "The entry is being changed; its level cannot be set beside that."), new("请在正在编制的版本里设定级别，或待其发布后再办理。", "Set the level in the version being worked on, or wait until it is published."));
}
