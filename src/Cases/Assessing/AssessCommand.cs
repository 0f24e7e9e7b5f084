// `lizhou cases assess`: scores and figures of units, posts, areas or classes, as a table for people or as JSON for programs.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Spectre.Console;

namespace Lizhou.Cases.Assessing;

internal static class AssessCommand
{
    public static Command Make(IHostCalls host)
    {
        var by = new Option<AssessBy>("--by") { Description = "Unit, Post, Area, Class or Kind. 评价对象", DefaultValueFactory = _ => AssessBy.Unit };
        var from = CommandOutput.Day("--from", "First day of the period, yyyy-MM-dd. 起始日");
        var to = CommandOutput.Day("--to", "Last day. 截止日");
        by.AcceptOnlyFromAmong(Enum.GetNames<AssessBy>());
        var asOf = new Option<DateTimeOffset?>("--as-of")
        {
            Description = "Only what was known by then counts: a moment such as 2026-11-30T08:00, of the city where it names no zone. 统计时点",
            CustomParser = told => Moment(told),
        };
        var json = CommandOutput.JsonOption();
        var command = new Command("assess", "Scores and figures of the assessment. 综合评价") { by, from, to, asOf, json };
        command.Subcommands.Add(SchemeCommand.Make(host));
        command.SetAction((parsed, stop) => CommandOutput.Guarded(parsed.GetValue(json), async () =>
        {
            var query = string.Join('&', new (string Name, string? Value)[]
            {
                ("by", $"{parsed.GetValue(by)}"), ("from", parsed.GetValue(from)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("to", parsed.GetValue(to)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("asOf", parsed.GetValue(asOf)?.ToString("O", CultureInfo.InvariantCulture)),
            }.Where(p => p.Value is { Length: > 0 }).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            using var client = await host.Client(stop);
            var told = await CommandOutput.Answer(await client.GetAsync($"api/v1/cases/assessment?{query}", stop), stop);
            if (parsed.GetValue(json))
            {
                CommandOutput.Print(json: true, told, "");
                return 0;
            }

            var table = new Table { Border = TableBorder.Simple }.AddColumns("对象 subject", "得分 score", "结案率 closed %", "按期结案率 in time %");
            foreach (var subject in told["subjects"]!.AsArray().Append(told["all"]))
            {
                string Value(string name) => $"{subject!["metrics"]!.AsArray().First(m => m!["name"]!.GetValue<string>() == name)!["value"] ?? "—"}";
                table.AddRow(Markup.Escape($"{subject!["name"]}"), subject["scored"] is { } scored ? $"{scored["points"]} / {scored["judged"]}" : "—", Value("closed"), Value("closed-in-time"));
            }

            AnsiConsole.Write(table);
            return 0;
        }));
        return command;
    }

    private static DateTimeOffset? Moment(ArgumentResult told)
    {
        var word = told.Tokens is [var one] ? one.Value : "";
        var moment = Clock.Read(word);
        if (moment is null)
        {
            told.AddError(new Kernel.Text("--as-of 应为时刻，例如 2026-11-30T08:00，不是“{0}”。", "--as-of is a moment such as 2026-11-30T08:00, not “{0}”.").With(word).ToString());
        }

        return moment;
    }
}
