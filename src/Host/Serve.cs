// In: a data folder and addresses. Out: a running city, until Ctrl-C.
using System.CommandLine;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;

namespace Lizhou.Host;

internal static class Serve
{
    public static Command Command(Option<string> data)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on. 监听地址", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var state = new Option<string?>("--state") { Description = "PostgreSQL connection string for the state; SQLite in the data folder without it. 状态库" };
        var demo = new Option<bool>("--demo") { Description = "The sample county (模拟): demo people, one-click sign-in on loopback. 示例县" };
        var idle = new Option<int?>("--session-idle") { Description = "Minutes a session lasts without a request; 15 without it, 120 with --demo. 会话空闲超时（分钟）" };
        var longest = new Option<int?>("--session-longest") { Description = "Hours a session lasts in all; 8 without it. 会话最长时间（小时）" };
        var proxies = new Option<string?>("--proxies") { Description = "Addresses of reverse proxies whose X-Forwarded-For, -Proto and Client-Cert are believed, comma-separated. 可信反向代理" };
        var certificate = new Option<string?>("--certificate") { Description = "PEM file with certificate and key of https addresses. 服务器证书" };
        var clients = new Option<bool>("--client-certificates") { Description = "Https addresses ask for a client certificate, a second factor. 请求客户端证书" };
        var authority = new Option<string?>("--client-authority") { Description = "PEM file of authorities whose client certificates count for the account named in them. 客户端证书颁发机构" };
        var command = new Command("serve", "Run the city. 启动服务") { urls, state, demo, idle, longest, proxies, certificate, clients, authority };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = new Settings(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(state), parsed.GetValue(demo),
                Minutes(parsed.GetValue(idle)), Minutes(parsed.GetValue(longest) * 60), parsed.GetValue(proxies))
            {
                Certificate = parsed.GetValue(certificate), ClientCertificates = parsed.GetValue(clients), ClientAuthority = parsed.GetValue(authority),
            };
            await using var city = await City.Build(settings, parsed.GetValue(urls), quiet: false, stop);
            try
            {
                await city.StartAsync(stop);
            }
            catch (IOException taken) when (taken.InnerException is AddressInUseException)
            {
                throw new ProblemException(Problems.AddressTaken.With(parsed.GetValue(urls)));
            }

            Console.WriteLine($"丽州 Lizhou  {parsed.GetValue(urls)}  ({settings.Data})");
            await city.WaitForShutdownAsync(stop);
            return 0;
        });
        return command;
    }

    private static TimeSpan? Minutes(int? minutes) => minutes is > 0 ? TimeSpan.FromMinutes(minutes.Value) : null;
}
