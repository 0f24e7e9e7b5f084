// In: who looks. Out: for engineers and system administrators, the upkeep whose last run failed or found damage.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;

namespace Lizhou.Host.Keeping;

internal sealed class WorkbenchUpkeep(ShowLake show) : IWorkbenchCard
{
    private static readonly Text Room = new("运行维护", "Operations");

    public Task<IReadOnlyList<WorkbenchCounter>> Counters(Actor actor, CancellationToken stop) => Task.FromResult<IReadOnlyList<WorkbenchCounter>>([]);

    public async Task<IReadOnlyList<WorkbenchTask>> Tasks(Actor actor, CancellationToken stop) => MaySee(actor)
        ? [.. (await show.Tasks(stop)).Where(t => t.Good == false).Select(t => new WorkbenchTask($"{t.Outcome}", Room, UpkeepWords.Failed(t.Task), KeepingModule.Page, null))]
        : [];

    public IReadOnlyList<QuickEntry> Entries(Actor actor) => MaySee(actor) ? [new(new("数据湖维护", "Lake upkeep"), KeepingModule.Page)] : [];

    private static bool MaySee(Actor actor) => actor.Has(Roles.Engineer) || actor.Has(Roles.SystemAdministrator);
}

internal static class UpkeepWords
{
    public static Text Failed(UpkeepTask task) => new($"{Of(task).Zh}未正常完成", $"{Of(task).En} did not end well");

    public static Text Of(UpkeepTask task) => task switch
    {
        UpkeepTask.Flush => new("缓冲落盘", "Flush of the buffer"),
        UpkeepTask.Compact => new("小文件合并", "Compaction"),
        UpkeepTask.Expire => new("快照过期", "Snapshot expiry"),
        UpkeepTask.Sweep => new("清理无主文件", "Sweep of orphaned files"),
        _ => new("完整性校验", "Verification"),
    };

    public static Text Meaning(UpkeepTask task) => task switch
    {
        UpkeepTask.Flush => new("把小额推送暂存的行写成文件", "Rows of small pushes become files"),
        UpkeepTask.Compact => new("把同一张表的多个小文件合并成一个", "Many small files of a table become one"),
        UpkeepTask.Expire => new("超过保留期的快照不再可读，其批次不能再撤销", "Snapshots past their time can no longer be read, nor their batches undone"),
        UpkeepTask.Sweep => new("删除任何快照都不再引用的文件", "Files that no snapshot shows are deleted"),
        _ => new("逐字节核对文件、目录与台账", "Every byte of files, catalog and ledger is compared with what was written"),
    };
}
