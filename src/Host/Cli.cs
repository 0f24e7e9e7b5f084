// The verbs of `lizhou`: the host's own, and every module's in data order.
using System.CommandLine;
using System.CommandLine.Help;
using Lizhou.Lake;
using Lizhou.Tabular;

namespace Lizhou.Host;

internal static class Cli
{
    public static Command Root(out HostCalls host, out Option<string> data)
    {
        var root = new Command("lizhou", "丽州 Lizhou: a city's data platform and brain. 县域数据底座与城市大脑。");
        data = new Option<string>("--data")
        {
            Description = "The folder that holds everything. 数据目录",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LIZHOU_DATA") ?? "data",
            Recursive = true,
        };
        root.Options.Add(new HelpOption());
        VersionOption version = new();
        version.Validators.Clear(); // beside --data too
        root.Options.Add(version);
        root.Options.Add(data);
        root.Subcommands.Add(Serve.Command(data));
        root.Subcommands.Add(Docs.Command(root));
        root.Subcommands.Add(Docs.PathCommand());
        root.Subcommands.Add(InspectCommand.Create(ParquetFiles.Alone));
        var calls = host = new HostCalls(data);
        foreach (var command in Modules.All.SelectMany(m => m.Commands(calls)))
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
