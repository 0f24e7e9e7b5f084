// The typed fields of each way. There is no free connection string: what cannot be said here cannot be asked of a driver.
// Checked when they are entered; secrets are kept apart (Secrets.cs).
using System.Text.Json.Serialization;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;

namespace Lizhou.Collection.Sources;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "way")]
[JsonDerivedType(typeof(UploadSettings), "upload")]
[JsonDerivedType(typeof(FolderSettings), "folder")]
[JsonDerivedType(typeof(PushSettings), "push")]
[JsonDerivedType(typeof(DatabaseSettings), "database")]
[JsonDerivedType(typeof(ApiSettings), "api")]
internal abstract record WaySettings
{
    public virtual IEnumerable<Fault> Check() => [];
}

internal sealed record UploadSettings : WaySettings;

/// <param name="StableSeconds">A file is taken when its size has not changed for so long.</param>
internal sealed record FolderSettings(int StableSeconds = 5) : WaySettings
{
    public override IEnumerable<Fault> Check()
    {
        if (StableSeconds is < 1 or > 3600)
        {
            yield return new("StableSeconds", new("应在 1 到 3600 秒之间", "must be 1 to 3600 seconds"));
        }
    }
}

/// <param name="GroupSeconds">Small pushes of so many seconds become one batch.</param>
internal sealed record PushSettings(int GroupSeconds = 10) : WaySettings
{
    public override IEnumerable<Fault> Check()
    {
        if (GroupSeconds is < 1 or > 3600)
        {
            yield return new("GroupSeconds", new("应在 1 到 3600 秒之间", "must be 1 to 3600 seconds"));
        }
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<DatabaseKind>))]
internal enum DatabaseKind
{
    PostgreSql,
    MySql,
    Sqlite,
}

[JsonConverter(typeof(JsonStringEnumConverter<Tls>))]
internal enum Tls
{
    Off,

    /// <summary>Encrypted; the server's certificate is not checked.</summary>
    Required,

    /// <summary>Encrypted, and the certificate must be valid for the host.</summary>
    Verified,
}

[JsonConverter(typeof(JsonStringEnumConverter<PullMode>))]
internal enum PullMode
{
    /// <summary>All rows, each time.</summary>
    Full,

    /// <summary>Rows whose key is greater than the last one taken.</summary>
    GrowingKey,

    /// <summary>Rows changed since the last time mark, with an overlap for late commits.</summary>
    TimeMark,
}

/// <param name="Host">Null for SQLite.</param>
/// <param name="Database">Name of the database; for SQLite the file's name in the folder for such files.</param>
/// <param name="Schema">Schema of the table; null for SQLite.</param>
/// <param name="Table">Table or view, as the source's own catalogue names it; null until one is chosen.</param>
/// <param name="Mark">The growing key or the time mark.</param>
/// <param name="OverlapMinutes">How far before the last time mark reading starts again.</param>
/// <param name="TimeoutSeconds">Longest time of the statement at the source.</param>
internal sealed record DatabaseSettings(
    DatabaseKind Kind, string? Host, int Port, string Database, string? User, Tls Tls = Tls.Required, string? Schema = null, string? Table = null,
    PullMode Mode = PullMode.Full, string? Mark = null, int OverlapMinutes = 10, int TimeoutSeconds = 1800) : WaySettings
{
    public override IEnumerable<Fault> Check()
    {
        if (Kind != DatabaseKind.Sqlite && (string.IsNullOrWhiteSpace(Host) || Uri.CheckHostName(Host) == UriHostNameType.Unknown))
        {
            yield return new("Host", new("请填写主机名或地址", "must be a host name or address"));
        }

        if (Kind != DatabaseKind.Sqlite && Port is < 1 or > 65535)
        {
            yield return new("Port", new("应在 1 到 65535 之间", "must be 1 to 65535"));
        }

        if (string.IsNullOrWhiteSpace(Database))
        {
            yield return new("Database", new("请填写数据库名", "must be named"));
        }

        if (Mode != PullMode.Full && string.IsNullOrWhiteSpace(Mark))
        {
            yield return new("Mark", new("增量方式需要选择标记列", "an incremental pull needs a column"));
        }

        if (OverlapMinutes is < 0 or > 10080)
        {
            yield return new("OverlapMinutes", new("应在 0 到 10080 分钟之间", "must be 0 to 10080 minutes"));
        }

        if (TimeoutSeconds is < 1 or > 86400)
        {
            yield return new("TimeoutSeconds", new("应在 1 到 86400 秒之间", "must be 1 to 86400 seconds"));
        }
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<Paging>))]
internal enum Paging
{
    /// <summary>One answer holds everything.</summary>
    Single,

    /// <summary>Page number and size.</summary>
    Page,

    /// <summary>Offset and size.</summary>
    Offset,

    /// <summary>The answer names a cursor to send with the next request.</summary>
    Cursor,

    /// <summary>A <c>Link: …; rel="next"</c> header.</summary>
    LinkHeader,

    /// <summary>The answer's body has the next address.</summary>
    NextAddress,
}

/// <param name="Url">The first address, with its fixed parameters.</param>
/// <param name="SecretHeader">The header that carries the secret, e.g. <c>Authorization</c> or <c>X-Api-Key</c>; null when there is none.</param>
/// <param name="Records">Dotted path to the array of records in an answer; empty when the answer is the array.</param>
/// <param name="PageParameter">Parameter of the page number, the offset or the cursor.</param>
/// <param name="SizeParameter">Parameter of the page size; null to send none.</param>
/// <param name="First">Number of the first page.</param>
/// <param name="Next">Dotted path to the cursor or the next address in an answer.</param>
/// <param name="SinceParameter">Parameter that carries the watermark; null to read everything each time.</param>
/// <param name="SinceField">The field of a record whose greatest value is the next watermark.</param>
/// <param name="MostPages">Reading more pages than this is a fault of the source.</param>
/// <param name="PerMinute">Most requests in a minute.</param>
internal sealed record ApiSettings(
    string Url, string? SecretHeader = null, string Records = "", Paging Paging = Paging.Single, string PageParameter = "page", string? SizeParameter = "size",
    int Size = 100, int First = 1, string? Next = null, string? SinceParameter = null, string? SinceField = null, int MostPages = 10_000, int PerMinute = 120,
    int TimeoutSeconds = 60) : WaySettings
{
    public override IEnumerable<Fault> Check()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            yield return new("Url", new("应是 http 或 https 地址，且不含用户名密码", "must be an http or https address without user and password"));
        }

        if (SecretHeader is { } header && (header.Length == 0 || !header.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || header.ToLowerInvariant() is "host" or "content-length" or "transfer-encoding" or "connection"))
        {
            yield return new("SecretHeader", new("应是普通的请求头名称", "must be the name of an ordinary header"));
        }

        if (Records is null)
        {
            yield return new("Records", new("回答本身就是数组时请写空文本", "is empty where the answer is the array itself"));
        }

        if (Paging is Paging.Cursor or Paging.NextAddress && string.IsNullOrWhiteSpace(Next))
        {
            yield return new("Next", new("请填写游标或下一页地址的路径", "needs the path of the cursor or next address"));
        }

        if (Paging is Paging.Page or Paging.Offset or Paging.Cursor && string.IsNullOrWhiteSpace(PageParameter))
        {
            yield return new("PageParameter", new("请填写分页参数名", "needs the name of a parameter"));
        }

        if (SinceParameter is not null && string.IsNullOrWhiteSpace(SinceField))
        {
            yield return new("SinceField", new("增量方式需要取值字段", "an incremental pull needs a field"));
        }

        if (Size is < 1 or > 100_000 || MostPages is < 1 or > 1_000_000 || PerMinute is < 1 or > 6000 || TimeoutSeconds is < 1 or > 600 || First is < 0 or > 1)
        {
            yield return new("Size", new("分页大小、页数、频率或超时超出范围", "size, pages, rate or timeout are out of range"));
        }
    }
}
