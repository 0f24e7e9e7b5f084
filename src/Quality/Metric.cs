// What a figure means, once: its numerator and denominator, over which layer and period. Pages, files and answers show this and no words of their own.
using Lizhou.Kernel;

namespace Lizhou.Quality;

/// <param name="Denominator">Null for a count.</param>
/// <param name="Layer">Where what is counted lies.</param>
/// <param name="Period">What the period of the page means for it.</param>
internal sealed record Metric(string Key, Text Name, Text Numerator, Text? Denominator, Text Layer, Text Period)
{
    private static readonly Text Landing = new("贴源层", "landing layer");
    private static readonly Text Tickets = new("质量工单", "tickets");
    private static readonly Text Found = new("按问题所在批次的入库日期", "by the day the batch with the fault landed");
    private static readonly Text Opened = new("按工单签发日期", "by the day the ticket was issued");
    private static readonly Text Now = new("查看时", "as of the look");
    private static readonly Text Landed = new("按批次入库日期", "by the day the batch landed");

    /// <summary>发现</summary>
    public static readonly Metric Faults = new("found", new("发现", "Found"), new("工单中的问题行次（一行有两类问题计两次；接收单位反映的每条计一次）", "Rows with a fault, by kind of fault (a row with two kinds counts twice; each report of a receiver once)"), null, Landing, Found);

    public static readonly Metric Open = new("open", new("待整改", "To be mended"), new("其中尚未整改、撤回、说明，且批次未撤销的", "Of them, neither mended, withdrawn nor explained, and the batch stands"), null, Landing, Found);

    /// <summary>整改</summary>
    public static readonly Metric Mended = new("mended", new("整改", "Mended"), new("其中改正后重新判定合格的", "Of them, corrected and found good on the re-check"), null, Landing, Found);

    /// <summary>整改率</summary>
    public static readonly Metric Rate = new("rate", new("整改率", "Mending rate"), new("整改", "Mended"), new("发现 − 撤回 − 说明 − 批次已撤销", "found − withdrawn − explained − batches undone"), Landing, Found);

    public static readonly Metric Settled = new("settled", new("说明与撤回", "Explained or withdrawn"), new("其中数源单位说明成立或撤回，或规则已撤下的", "Of them, explained with success or withdrawn by the source unit, or of a rule taken out since"), null, Landing, Found);

    public static readonly Metric Undone = new("undone", new("批次已撤销", "Batches undone"), new("其中所在批次已撤销的", "Of them, of batches that were undone"), null, Landing, Found);

    public static readonly Metric Issued = new("tickets", new("工单", "Tickets"), new("签发的工单", "Tickets issued"), null, Tickets, Opened);

    /// <summary>超期</summary>
    public static readonly Metric Overdue = new("overdue", new("超期", "Overdue"), new("其中超过期限仍未整改，或曾经超期的工单", "Of them, past their deadline and not answered, or once so"), null, Tickets, Opened);

    public static readonly Metric GoodShare = new("share", new("合格率", "Share of good rows"), new("入库 + 重复 + 已整改", "accepted + duplicate + mended"), new("入库 + 重复 + 已整改 + 待整改", "accepted + duplicate + mended + to be mended"), Landing, Landed);

    public static readonly Metric Held = new("held", new("未达标批次", "Batches held back"), new("合格率低于门槛、未准入标准层的批次", "Batches below their threshold, not admitted to the standard layer"), null, Landing, Now);

    public static readonly Metric OneSource = new(
        "one-source", new("一数一源率", "One-source rate"), new("只有一个数源单位发布、或已裁定权威来源的信息项", "Items that one unit alone publishes, or whose authority is decided"),
        new("已发布的非主键信息项（同名、同类型、主键相同的计为一项；数据显示主体几乎没有交集的分开计）", "Published items that are no keys (of one name, type and key of their resources count once, apart where the rows show hardly any common subject)"), new("数据目录", "catalogue"), Now);

    public static readonly Metric Collected = new("collected", new("归集行数", "Rows collected"), new("期间内入库批次的入库行数，不含已撤销", "Accepted rows of the batches landed in the period, undone ones left out"), null, Landing, Landed);

    public static readonly Metric Stock = new("stock", new("分层数据量", "Rows by layer"), new("该层各表现有的行数", "Rows the tables of the layer hold"), null, new("各层", "each layer"), Now);

    public static readonly Metric Fresh = new(
        "fresh", new("及时更新率", "Timely updates"), new("在更新周期内入库过的目录", "Entries that landed a batch within their update cycle"), new("更新周期已满一次的已发布目录", "Published entries whose cycle has run at least once"), Landing, Now);

    /// <summary>完整性, 规范性, 准确性 (GB/T 36344).</summary>
    public static readonly Metric Dimension = new(
        "dimension", new("维度合格率", "Share without faults of the dimension"), new("期间内批次的行数 − 该维度的问题行次（不低于 0）", "Rows of the period's batches − rows with a fault of the dimension (not below 0)"),
        new("期间内批次的行数，不含过滤", "rows of the period's batches, filtered ones left out"), Landing, Landed);

    /// <summary>评分</summary>
    public static readonly Metric Score = new("score", new("规则评分", "Score by rules"), new("符合规则的行次（一行按每条规则各计一次）", "Rows that keep the rules (a row counts once for each rule)"), new("判断的行次", "rows judged"), Landing, Now);

    /// <summary>In a sentence.</summary>
    public Text Definition => (Denominator is { } below
        ? new Text("{0} ÷（{1}）。层：{2}；期间：{3}。", "{0} ÷ ({1}). Layer: {2}; period: {3}.").With(Numerator, below, Layer, Period)
        : new Text("{0}。层：{1}；期间：{2}。", "{0}. Layer: {1}; period: {2}.").With(Numerator, Layer, Period));

    /// <summary>0 to 1, four places; null when there is nothing to divide by.</summary>
    public static decimal? Ratio(long part, long whole) => whole <= 0 ? null : Math.Round((decimal)part / whole, 4);
}
