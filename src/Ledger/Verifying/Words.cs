// What a check says about what it found.
using Lizhou.Kernel;

namespace Lizhou.Ledger.Verifying;

internal static class Words
{
    public static readonly Text Missing = new("缺失：第 {0} 至 {1} 条不在台账中", "Gap: entries {0} to {1} are missing");
    public static readonly Text Edited = new("篡改：第 {0} 条的内容与其哈希不符", "Edit: entry {0} is not what its hash covers");
    public static readonly Text Rewritten = new("篡改：第 {0} 条及其之前的链已被重写", "Edit: the chain up to entry {0} was rewritten");
    public static readonly Text Misplaced = new("乱序：第 {0} 条原在别处", "Reorder: entry {0} was written at another place");
    public static readonly Text TipGone = new("截断：曾写入的第 {0} 条已不存在", "Truncation: entry {0}, which was written, is gone");
    public static readonly Text SealedGone = new("截断：已封存至第 {0} 条，现仅存至第 {1} 条", "Truncation: sealed up to entry {0}, but the ledger ends at {1}");
    public static readonly Text NotTheSealed = new("篡改：第 {0} 至 {1} 条与第 {2} 批封存的根不符", "Edit: entries {0} to {1} are not those sealed in batch {2}");
    public static readonly Text BatchMissing = new("缺失：第 {0} 批封存不在台账中", "Gap: batch {0} is missing");
    public static readonly Text StatementEdited = new("篡改：第 {0} 批的封存声明与记录不符", "Edit: the statement of batch {0} does not say what is recorded");
    public static readonly Text NotTheOneBefore = new("篡改：第 {0} 批所指的前一批与第 {1} 批不符", "Edit: batch {0} names another batch before it than {1} as it is");
    public static readonly Text BadSignature = new("签名无效：第 {0} 批不是由本系统证书签名", "Signature: batch {0} is not signed by this installation");
    public static readonly Text BadStamp = new("时间戳无效：第 {0} 批", "Time stamp: that of batch {0} is not good");
    public static readonly Text BelowWatermark = new("截断：水位记录有第 {0} 批（共 {1} 条），台账中没有", "Truncation: the watermark names batch {0} ({1} entries in all), which is gone");
    public static readonly Text NotTheWatermark = new("篡改：第 {0} 批与水位记录不符", "Edit: batch {0} is not the one the watermark names");
    public static readonly Text GuardGone = new("守卫缺失：数据库中防止改动台账的触发器 {0} 已被删除或停用；请查明何人所为，再由管理员恢复", "Guard: the trigger {0}, which keeps the ledger append-only in the database, is gone or disabled; find out who did it, then put it back");
    public static readonly Text MarkLost = new(
        "水位缺失：{0} 不在或不可读，而台账已有 {1} 批封存（共 {2} 条）；末尾是否被截去已无从核对。请查明后运行 ./lizhou ledger remember",
        "Memory: {0} is gone or cannot be read, but the ledger has {1} batches ({2} entries); whether its end was cut off cannot be told from it. Find out why, then run ./lizhou ledger remember");
}
