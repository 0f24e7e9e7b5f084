// Why a table could not be written, in words. In: the failure, and the server's own code where it gave one. Out: a sentence without anything a row held.
using System.Net.Sockets;
using Lizhou.Kernel;

namespace Lizhou.Sharing.Deliveries.Tables;

internal static class PushWords
{
    private static readonly Text Silent = new("连不上该地址和端口（{0}）", "nothing answers at that address and port ({0})");
    private static readonly Text Login = new("用户名或口令不对，或该用户不能从本机登录（{0}）", "wrong user or password, or the user may not sign in from this machine ({0})");
    private static readonly Text Rights = new("该用户没有建表或写表的权限（{0}）", "the user may not make or write the table ({0})");
    private static readonly Text NoDatabase = new("没有这个数据库（{0}）", "there is no such database ({0})");
    private static readonly Text NoSchema = new("没有这个模式（{0}）", "there is no such schema ({0})");
    private static readonly Text Locked = new("目标表被其他程序锁定（{0}）", "another program holds the table ({0})");
    private static readonly Text Unfit = new("表中已有列的类型或长度容不下要写入的值（{0}）", "a column that is there already is too narrow, or of another type ({0})");
    private static readonly Text Full = new("目标库空间不足或连接已满（{0}）", "the server has no room or no connection left ({0})");
    private static readonly Text Answered = new("数据库答复 {0}", "the server answered {0}");
    private static readonly Text Hung = new("对方在应答之前断开了连接：请核对端口和数据库种类", "the other side hung up before it answered: check port and kind of database");
    private static readonly Text Late = new("对方没有按时应答", "the other side did not answer in time");
    private static readonly Text Untrusted = new("TLS 连接未建立：对方不支持，或证书与地址不符、不受信任", "no TLS connection: not offered there, or its certificate is of another name or not trusted");
    private static readonly Text NoTls = new("该数据库服务器没有启用 TLS：请让对方启用；确属同一机房的可信网络时，可在交付任务中选“不加密”", "the server does not offer TLS: have it switched on there, or, in a trusted network alone, choose “Off” in the delivery");
    private static readonly Text Broken = new("连接中断", "the connection broke");

    private static readonly Dictionary<string, Text> Known = new(StringComparer.Ordinal)
    {
        ["28P01"] = Login, ["28000"] = Login, ["AccessDenied"] = Login, ["42501"] = Rights, ["TableAccessDenied"] = Rights, ["DatabaseAccessDenied"] = Rights, ["ColumnAccessDenied"] = Rights,
        ["3D000"] = NoDatabase, ["UnknownDatabase"] = NoDatabase, ["3F000"] = NoSchema, ["55P03"] = Locked, ["LockWaitTimeout"] = Locked, ["40P01"] = Locked, ["LockDeadlock"] = Locked,
        ["22001"] = Unfit, ["22003"] = Unfit, ["42804"] = Unfit, ["DataTooLong"] = Unfit, ["WarningDataOutOfRange"] = Unfit, ["TruncatedWrongValueForField"] = Unfit,
        ["53100"] = Full, ["53300"] = Full, ["TooManyUserConnections"] = Full, ["ConnectionCountError"] = Full, ["RecordFileFull"] = Full, ["UnableToConnectToHost"] = Silent,
    };

    /// <param name="code">SQLSTATE, or MySQL's name of the error; null when no server answered.</param>
    public static Text Of(Exception failure, string? code)
    {
        // MySQL's driver tells so of every connection that came to nothing; the cause beneath it says more.
        var cause = failure.GetBaseException();
        return code is not null && (code != "UnableToConnectToHost" || cause == failure) ? (Known.TryGetValue(code, out var known) ? known : Answered).With(code)
            : cause switch
            {
                SocketException refused => Silent.With(refused.SocketErrorCode),
                EndOfStreamException => Hung,
                TimeoutException or OperationCanceledException => Late,
                System.Security.Authentication.AuthenticationException => Untrusted,
                // The driver tells so in its message alone.
                Npgsql.NpgsqlException npgsql when npgsql.Message.Contains("SSL connection requested", StringComparison.OrdinalIgnoreCase) => NoTls,
                _ => code is null ? Broken : Silent.With(code),
            };
    }
}
