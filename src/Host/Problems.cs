// The answers of the house itself, where no module got as far as refusing.
using Lizhou.Kernel;

namespace Lizhou.Host;

internal static class Problems
{
    public static readonly Problem SignInFirst = new(
        "HST-401", 401, new("请先登录。", "Nobody is signed in."), new("请登录后重试。", "Sign in and try again."));

    public static readonly Problem Forbidden = new(
        "HST-403", 403, new("您无权执行此操作。", "You may not do this."), new("如确需使用，请联系系统管理员。", "If you need it, ask your system administrator."));

    public static readonly Problem NotFound = new(
        "HST-404", 404, new("没有这个地址或对象。", "There is no such address or object."), new("请检查地址或编号。", "Check the address or the id."));

    public static readonly Problem NotUnderstood = new(
        "HST-400", 400, new("无法理解该请求。", "The request could not be understood."), new("请对照接口文档检查请求。", "Check the request against the API description."));

    public static readonly Problem TooLarge = new(
        "HST-413", 413, new("请求内容过大，没有处理。", "The request is too large; nothing was taken."), new("请分几次发送，或减小内容。", "Send it in parts, or make it smaller."));

    public static readonly Problem Failed = new(
        "HST-500", 500, new("系统出现异常。", "Something went wrong on our side."), new("请稍后重试；如再次出现，请提供追踪号。", "Try again in a moment; if it happens again, tell us the tracking id."));

    public static readonly Problem OnlyHere = new(
        "HST-001", 403, new("此操作只能在服务器本机进行。", "This can be done only on the machine itself."),
        new("请在服务器上运行 ./lizhou backup。", "Run ./lizhou backup on the machine."));

    public static readonly Problem NoKeys = new(
        "HST-002", 422, new("{0} 中没有 lake-seal 密钥。", "There is no lake-seal key in {0}."),
        new("请给出原城市数据目录下的 keys 目录。", "Give the keys folder of the city the backup came from."));

    public static readonly Problem BadUpkeep = new(
        "HST-003", 422, new("数据湖维护的设置有误：{0}。", "The settings of the lake's upkeep are wrong: {0}."),
        new("计划应为五段 cron 表达式或 -，天数与小时数不小于 1。", "A schedule is five cron fields or -, days and hours are at least 1."));

    public static readonly Problem NoUpkeep = new(
        "HST-004", 404, new("没有名为 {0} 的维护任务。", "There is no upkeep task {0}."),
        new("可用：flush、compact、expire、sweep、verify。", "There are flush, compact, expire, sweep and verify."));

    public static readonly Problem NoServerCertificate = new(
        "HST-007", 422, new("https 地址需要服务器证书：{0}。", "An https address needs a server certificate: {0}."),
        new("请用 --certificate 给出含证书和私钥的 PEM 文件。", "Give a PEM file with certificate and key by --certificate."));

    public static readonly Problem FolderTaken = new(
        "HST-005", 409, new("数据目录 {0} 正被另一个进程使用。", "Another process is using the data folder {0}."),
        new("请等它结束或先停止它，或用 --data 指定另一个目录。", "Wait until it ends, stop it, or name another folder with --data."));

    public static readonly Problem AddressTaken = new(
        "HST-006", 409, new("地址 {0} 已被占用。", "The address {0} is in use."), new("请用 --urls 指定另一个地址。", "Name another one with --urls."));

    public static readonly Problem DiskFull = new(
        "HST-009", 507, new("磁盘空间不足，没有保存。", "The disk is full; nothing was saved."),
        new("请管理员清理数据目录所在的磁盘后重试；已确认的数据没有丢失。", "Have space freed on the disk of the data folder, then try again; nothing acknowledged was lost."));

    public static readonly Problem StateLocked = new(
        "HST-019", 503, new("状态库正被另一个程序长时间占用，没有保存。", "Another program holds the state database; nothing was saved."),
        new("请稍后重试；如反复出现，请管理员检查是否有备份或查询工具打开了状态库。", "Try again in a moment; if it happens again, have somebody look for a backup or a tool that has it open."));

    public static readonly Problem FolderClosed = new(
        "HST-008", 422, new("数据目录 {0} 不能写入：{1}", "The data folder {0} cannot be written: {1}"),
        new("请检查该目录的权限、磁盘是否只读或已满，或用 --data 指定另一个目录。", "Check its permissions and whether its disk is read-only or full, or name another folder with --data."));

    public static readonly Problem AlteredBackup = new(
        "HST-010", 422, new("备份中有 {1} 个文件与记录不符或缺失：{0}；没有恢复。", "{1} files of the backup are not what was kept, or missing: {0}; nothing was restored."),
        new("请改用另一份备份，或从原城市的数据目录取回这些文件。", "Use another backup, or fetch those files from the data folder of the city itself."));

    public static readonly Problem BackupInside = new(
        "HST-011", 422, new("备份目录 {0} 在数据目录之内。", "The folder {0} is within the data folder."),
        new("请备份到数据目录之外，最好在另一块磁盘上。", "Back up to a place outside it, best on another disk."));

    public static readonly Problem BackupClosed = new(
        "HST-012", 422, new("备份目录 {0} 不能写入：{1}", "The folder {0} cannot be written: {1}"),
        new("请检查路径和权限，或指定另一个目录。", "Check the path and its permissions, or name another folder."));

    public static readonly Problem NotListening = new(
        "HST-013", 422, new("不能在地址 {0} 上监听：{1}", "The address {0} cannot be listened on: {1}"),
        new("请用 --urls 给出本机的地址和有权使用的端口。", "Name an address of this machine and a port you may use with --urls."));

    public static readonly Problem StateClosed = new(
        "HST-014", 503, new("状态库打不开：{0}", "The state database cannot be opened: {0}"),
        new("请检查 --state 的连接串、数据库是否运行，以及账号的权限。", "Check the connection string of --state, that the database runs, and what its user may do."));

    public static readonly Problem NoCity = new(
        "HST-015", 404, new("目录 {0} 里没有城市数据。", "The folder {0} holds no city."),
        new("请检查 --data；新城市由 ./lizhou serve 或 ./lizhou sample 建立。用 PostgreSQL 的城市须先启动。", "Check --data; serve or sample makes a new city. One whose state is in PostgreSQL must be running."));

    public static readonly Problem FolderOfOthers = new(
        "HST-016", 422, new("目录 {0} 里是别的文件，没有城市数据。", "The folder {0} holds other files and no city."),
        new("数据目录会改为仅本用户可读；请用 --data 指定一个新的或空的目录。", "A data folder is closed to all others; name a new or empty one with --data."));

    public static readonly Problem HalfwayIn = new(
        "HST-017", 403, new("登录尚未完成：{0}。", "The sign-in is not complete: {0}."), new("请先在页面 {1} 完成，程序请调用 {2}。", "Complete it on the page {1}; programs call {2}."));

    public static readonly Problem BadRequest = new(
        "HST-018", 400, new("请求有误：{0}", "The request is not valid: {0}"), new("请按提示修改后重试。", "Correct it as told and try again."));

    public static readonly Problem NoCharset = new(
        "HST-020", 415, new("不能按字符集“{0}”读取请求。", "The request cannot be read in the charset “{0}”."),
        new("JSON 须为 UTF-8；表单可用 UTF-8、GBK 或 GB18030，并在 Content-Type 中写明。", "JSON is UTF-8; a form is UTF-8, GBK or GB18030, as its Content-Type says."));

    public static readonly Problem Damaged = new(
        "HST-021", 400, new("字段“{0}”的内容不是有效的 {1} 文本。", "The field “{0}” holds bytes that are no text in {1}."),
        new("请用 UTF-8 发送，或在 Content-Type 中写明所用字符集，如 charset=gbk。", "Send it as UTF-8, or name the charset in Content-Type, e.g. charset=gbk."));

    /// <summary>What a session waits for (<see cref="Kernel.Web.HalfwayIn"/>), told to one whom a route turned away for it.</summary>
    public static Problem OfHalfway(string waits)
    {
        var (what, page, route) = waits switch
        {
            "code" => (new Text("需要双因素认证", "the second factor is to be proven"), "/second-factor", "POST /api/v1/session/code"),
            "enrol" => (new Text("需要先绑定双因素认证", "a second factor is to be enrolled"), "/second-factor", "POST /api/v1/second-factor"),
            _ => (new Text("需要先修改初始密码", "the first password is to be changed"), "/change-password", "POST /api/v1/password"),
        };
        return HalfwayIn.With(what, page, route) with { Link = page };
    }

    public static Problem Of(int status) => status switch
    {
        401 => SignInFirst,
        403 => Forbidden,
        404 => NotFound,
        413 => TooLarge,
        507 => DiskFull,
        >= 500 => Failed with { Status = status },
        _ => NotUnderstood with { Status = status },
    };
}
