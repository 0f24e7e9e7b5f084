// `lizhou serve` runs the city; every other verb is a command that speaks to it. Without a verb: serve.
using System.CommandLine;
using Lizhou.Host;

var root = new RootCommand("丽州 Lizhou: a city's data platform and brain. 县域数据底座与城市大脑。");
var data = new Option<string>("--data") { Description = "The folder that holds everything. 数据目录", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LIZHOU_DATA") ?? "data", Recursive = true };
root.Options.Add(data);
root.Subcommands.Add(Serve.Command(data));
var host = new HostCalls(data);
foreach (var command in Modules.All.SelectMany(m => m.Commands(host)))
{
    root.Subcommands.Add(command);
}

var parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
host.Data = parsed.GetValue(data)!;
if (parsed.Errors.Count > 0)
{
    await parsed.InvokeAsync();
    return 2;
}

return await parsed.InvokeAsync();
