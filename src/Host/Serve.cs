// In: a data folder and addresses. Out: a running city, until Ctrl-C.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Host;

internal static class Serve
{
    public static Command Command(Option<string> data)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on. 监听地址", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var state = new Option<string?>("--state") { Description = "PostgreSQL connection string for the state (Host=…;Database=…;Username=…); SQLite in the data folder without it. 状态库" };
        var demo = new Option<bool>("--demo") { Description = "The sample county (模拟): demo people, one-click sign-in on loopback. 示例县" };
        var idle = new Option<int?>("--session-idle") { Description = "Minutes a session lasts without a request; 15 without it, 120 with --demo. 会话空闲超时（分钟）" };
        var longest = new Option<int?>("--session-longest") { Description = "Hours a session lasts in all; 8 without it. 会话最长时间（小时）" };
        var proxies = new Option<string?>("--proxies") { Description = "Addresses of reverse proxies whose X-Forwarded-For, -Proto and Client-Cert are believed, comma-separated. 可信反向代理" };
        var certificate = new Option<string?>("--certificate") { Description = "PEM file with certificate and key of https addresses. 服务器证书" };
        var clients = new Option<bool>("--client-certificates") { Description = "Https addresses ask for a client certificate, a second factor. 请求客户端证书" };
        var authority = new Option<string?>("--client-authority") { Description = "PEM file of authorities whose client certificates count for the account named in them. 客户端证书颁发机构" };
        var command = new Command("serve", "Run the city. 启动服务") { urls, state, demo, idle, longest, proxies, certificate, clients, authority };
        urls.Validators.Add(r => Refuse(r, Doors.Nonsense(r.GetValueOrDefault<string>()), new("应为 http 或 https 地址：本机 IP、localhost 或 *，端口 0–65535。", "an address is http or https, an IP address of this machine, localhost or *, and a port from 0 to 65535.")));
        state.Validators.Add(r => Refuse(r, r.GetValueOrDefault<string?>() is { } told && StateStore.PostgreSql(told) is null ? "" : null, new("应为 PostgreSQL 连接串：Host=…;Database=…;Username=…。", "a PostgreSQL connection string is Host=…;Database=…;Username=….")));
        proxies.Validators.Add(r => Refuse(r, Proxies.Nonsense(r.GetValueOrDefault<string?>()), new("应为 IP 地址，以逗号分隔。", "IP addresses, comma-separated.")));
        idle.Validators.Add(r => CommandOutput.Range(r, 1, 1_440));
        longest.Validators.Add(r => CommandOutput.Range(r, 1, 720));
        command.SetAction(async (parsed, stop) =>
        {
            var settings = new Settings(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(state) is { } told ? StateStore.PostgreSql(told) : null, parsed.GetValue(demo),
                Minutes(parsed.GetValue(idle)), Minutes(parsed.GetValue(longest) * 60), parsed.GetValue(proxies))
            {
                Certificate = parsed.GetValue(certificate), ClientCertificates = parsed.GetValue(clients), ClientAuthority = parsed.GetValue(authority),
            };
            Doors.Try(settings, parsed.GetValue(urls)!);
            await using var city = await City.Build(settings, parsed.GetValue(urls), quiet: false, stop);
            try
            {
                // Not with the signal that ends the program: what runs beside would take it for a failure of its own and print where it stood. The host hears the signal itself.
                await city.StartAsync(CancellationToken.None);
            }
            catch (Exception taken) when (taken is IOException { InnerException: AddressInUseException } or SocketException)
            {
                throw Doors.Refused(parsed.GetValue(urls), taken);
            }

            Console.WriteLine($"丽州 Lizhou  {parsed.GetValue(urls)}  ({settings.Data})");
            await city.WaitForShutdownAsync(stop);
            return 0;
        });
        return command;
    }

    /// <param name="wrong">What is wrong, as told; null when nothing is.</param>
    private static void Refuse(OptionResult result, string? wrong, Text allowed)
    {
        if (wrong is not null)
        {
            result.AddError($"{result.Option.Name} {wrong} {allowed.Zh} {allowed.En}"); // a connection string is not repeated: it holds a password
        }
    }

    private static TimeSpan? Minutes(int? minutes) => minutes is > 0 ? TimeSpan.FromMinutes(minutes.Value) : null;
}
