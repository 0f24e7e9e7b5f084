// Every refusal of the gates. Codes are stable and never re-used.
using Lizhou.Kernel;

namespace Lizhou.Quality;

internal static partial class Problems
{
    public static readonly Problem Held = new("QUA-301", 422,
        new("质量未达标：批次“{0}”的合格率为 {1}，低于门槛 {2}；待整改 {3} 行。数据已入贴源层，不进入标准层。", "Below the quality gate: {1} of batch “{0}” is good and {2} is asked for; {3} rows are to be mended. It has landed and does not enter the standard layer."),
        new("一律达标后入库：请在工单中下载问题数据，改正后补报，达标后自动准入。若把改正后的整份数据作为新批次报送，其中与本批次相同的行按重复计，本批次不会因此准入：请在工单中选“已在新批次中改正”，填写新批次号。", "No pass, no entry: download the rejected rows by the ticket, mend them and send them back; it is admitted by itself once it passes. Sending the whole corrected file as a new batch does not admit this one, whose rows count as duplicates there: choose “Mended in a new batch” on the ticket and give the new batch's number."));

    public static readonly Problem MendsUndone = new("QUA-304", 422,
        new("批次“{0}”报送的是已撤销批次的整改数据，不进入标准层。", "Batch “{0}” brought mended rows of a batch that was undone since; it does not enter the standard layer."),
        new("请撤销本批次，把数据作为新批次报送。", "Undo it too and send its rows as a batch of their own."));

    public static readonly Problem BadThreshold = new("QUA-302", 400,
        new("门槛有误：{0}", "The threshold is not valid: {0}"), new("请按提示修改。", "Correct it as told."));

    public static readonly Problem NoBatch = new("QUA-303", 404,
        new("没有批次“{0}”的准入结论。", "There is no decision about batch “{0}”."), new("请核对批次号；入库后稍候即有结论。", "Check its number; it is judged a moment after it landed."));
}
