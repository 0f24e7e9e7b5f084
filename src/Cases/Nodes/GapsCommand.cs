// `lizhou cases gaps`: the classes and places nobody would answer for; a page for people and programs, all of them as CSV. Ends with 1 while there are any.
using System.CommandLine;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;

namespace Lizhou.Cases.Nodes;

internal static class GapsCommand
{
    public static Command Make(IHostCalls host)
    {
        var @class = new Option<string?>("--class") { Description = "A class or the beginning of one. 事件分类" };
        var place = new Option<string?>("--place") { Description = "A node and all below it. 节点" };
        var size = new Option<int>("--size") { Description = "How many. 条数", DefaultValueFactory = _ => 50 };
        size.Validators.Add(r => CommandOutput.Range(r, 1, 200));
        var csv = new Option<FileInfo?>("--csv") { Description = "Write all of them there. 导出全部" };
        var json = CommandOutput.JsonOption();
        var command = new Command("gaps", "List every class and place without an answering node. 列出无人承接的分类与地点") { @class, place, size, csv, json };
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            using var client = await host.Client(stop);
            var query = $"class={Uri.EscapeDataString(parsed.GetValue(@class) ?? "")}&place={Uri.EscapeDataString(parsed.GetValue(place) ?? "")}";
            var told = await CommandOutput.Answer(await client.GetAsync($"api/v1/case-duties/gaps/pairs?{query}&size={parsed.GetValue(size)}", stop), stop);
            if (parsed.GetValue(csv) is { } file)
            {
                await File.WriteAllBytesAsync(file.FullName, await client.GetByteArrayAsync($"api/v1/case-duties/gaps/csv?{query}", stop), stop);
            }

            var lines = told["gaps"]!["items"]!.AsArray().Select(g => $"{g!["class"]} {g["className"]}  {g["place"]} {g["placeName"]}  {g["what"]}");
            CommandOutput.Print(parsed.GetValue(json), told, string.Join('\n', lines.Append($"缺口 gaps {told["gaps"]!["total"]}；全部 all {told["open"]} / {told["pairs"]}")));
            return told["gaps"]!["total"]!.GetValue<long>() == 0 ? 0 : 1;
        }));
        return command;
    }
}
