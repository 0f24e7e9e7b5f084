// Where a delivery goes to: exactly one of its members. In: what the form or API says. Refuses what cannot be one.
using System.Text.Json.Serialization;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Deliveries.Files;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Deliveries;

/// <summary>A file that waits here to be fetched.</summary>
/// <param name="KeepDays">How long it waits.</param>
/// <param name="Certificate">The receiver's X.509 certificate (PEM, RSA) to which the file is encrypted; null: not encrypted.</param>
internal sealed record FileTarget(RowFormat Format, int KeepDays = 7, string? Certificate = null);

/// <summary>A web address that is told what changed.</summary>
/// <param name="Url">https; http only where the operator allows it.</param>
/// <param name="All">Whether the rows there are now are sent too; else only what comes.</param>
internal sealed record HookTarget(string Url, bool All = false);

[JsonConverter(typeof(JsonStringEnumConverter<TableKind>))]
internal enum TableKind
{
    PostgreSql,

    /// <summary>And MariaDB.</summary>
    MySql,
}

[JsonConverter(typeof(JsonStringEnumConverter<TableTls>))]
internal enum TableTls
{
    Off,
    Required,

    /// <summary>The certificate must be the host's own.</summary>
    Verified,
}

/// <summary>A table of the receiver's database that is kept as the grant shows the rows.</summary>
/// <param name="Schema">Null: the user's own (PostgreSQL), the database's (MySQL).</param>
internal sealed record TableTarget(TableKind Kind, string Host, int Port, string Database, string User, string Table, string? Schema = null, TableTls Tls = TableTls.Required);

internal sealed record Target(FileTarget? File = null, HookTarget? Hook = null, TableTarget? Table = null)
{
    private const int LongestName = 63;
    private const int LongestAddress = 1000;

    public DeliveryWay Way => Table is not null ? DeliveryWay.Push : Hook is not null ? DeliveryWay.Subscription : DeliveryWay.File;

    /// <summary>In a few words, without secrets: the path of a web address often is one.</summary>
    public string Where => this switch
    {
        { Table: { } table } => $"{table.Kind} {table.Host}:{table.Port}/{table.Database} {table.Schema}{(table.Schema is null ? "" : ".")}{table.Table}",
        { Hook: { } hook } => Uri.TryCreate(hook.Url, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : "—",
        { File: { } file } => $"{file.Format}{(file.Certificate is null ? "" : " · CMS")}",
        _ => "—",
    };

    /// <summary>As it is kept: of the receiver's certificate its block alone, nothing of what stood beside it.</summary>
    public Target Kept() => File?.Certificate is { } pem ? this with { File = File with { Certificate = Enveloped.Alone(pem) } } : this;

    /// <summary>The host that is connected to; null for none.</summary>
    public string? Host => Table?.Host ?? (Hook is null ? null : new Uri(Hook.Url).IdnHost);

    public IEnumerable<Fault> Check(DateTimeOffset now, bool plainHooks)
    {
        if (new object?[] { File, Hook, Table }.Count(t => t is not null) != 1)
        {
            yield return new("target", new("请选择一种交付方式", "choose exactly one way"));
        }

        if (File is { KeepDays: < 1 or > 90 })
        {
            yield return new("keepDays", new("应为 1 至 90 天", "must be 1 to 90 days"));
        }

        if (File?.Certificate is { } pem && Enveloped.Fault(pem, now) is { } fault)
        {
            yield return new("certificate", fault);
        }

        if (Hook is { Url.Length: > LongestAddress } far)
        {
            yield return new("url", new Text("有 {0} 个字符，最长 {1} 个", "has {0} characters, {1} at most").With(far.Url.Length, LongestAddress));
        }
        else if (Hook is { } hook && !IsAddress(hook.Url, plainHooks))
        {
            yield return new("url", plainHooks ? new("应为 https 或 http 地址，且不带用户名和口令", "must be an https or http address without user or password") : new("应为 https 地址，且不带用户名和口令", "must be an https address without user or password"));
        }

        foreach (var wrong in Table is null ? [] : Check(Table))
        {
            yield return wrong;
        }
    }

    private static IEnumerable<Fault> Check(TableTarget target)
    {
        if (Uri.CheckHostName(target.Host?.Trim('[', ']') ?? "") == UriHostNameType.Unknown)
        {
            yield return new("host", new("不是主机名或地址", "is no name or address of a host"));
        }

        if (target.Port is < 1 or > 65_535)
        {
            yield return new("port", new("应为 1 至 65535", "must be 1 to 65,535"));
        }

        foreach (var (field, name) in new[] { ("database", target.Database), ("user", target.User) }.Where(n => !IsName(n.Item2)))
        {
            yield return new(field, new($"应为 1 至 {LongestName} 字，不含控制字符", $"must be 1 to {LongestName} characters without control characters"));
        }

        foreach (var (field, name) in new[] { ("table", target.Table), ("schema", target.Schema ?? "public") }.Where(n => !IsPlain(n.Item2)))
        {
            yield return new(field, new($"应为 1 至 {LongestName} 字，不含引号、分号、反斜杠和控制字符，不以 lizhou_ 开头", $"must be 1 to {LongestName} characters without quotes, semicolons, backslashes and control characters, and not begin with lizhou_"));
        }
    }

    private static bool IsAddress(string text, bool plain) =>
        text is not null && Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (plain && url.Scheme == Uri.UriSchemeHttp))
        && url.UserInfo.Length == 0 && url.HostNameType is not (UriHostNameType.Unknown or UriHostNameType.Basic);

    private static bool IsName(string? name) => name is { Length: > 0 and <= LongestName } && !name.Any(char.IsControl);

    /// <summary>Names are quoted where they are used; one like this is a slip or worse, and no tool of the receiver reads it well.</summary>
    private static bool IsPlain(string? name) => IsName(name) && name!.IndexOfAny(['"', '\'', '`', ';', '\\']) < 0 && !name.StartsWith("lizhou_", StringComparison.OrdinalIgnoreCase);
}
