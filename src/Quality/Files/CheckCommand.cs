// `check FILE`: every cell that breaks a rule, with line, column, value, reason and what it should be. Rules come from a file or are found in the data.
// Works without a city. Exit code 0 checked, 1 refused, 2 wrong call (a file that is not there is one).
using System.CommandLine;
using System.Globalization;
using Lizhou.Kernel;
using Lizhou.Kernel.CommandLine;
using Lizhou.Quality.Rules;
using Lizhou.Tabular;

namespace Lizhou.Quality.Files;

internal static class CheckCommand
{
    /// <param name="columnar">Makes a reader of Parquet files that may read the folders given.</param>
    public static Command Create(Func<IEnumerable<string>, IColumnarFiles>? columnar, TimeProvider clock)
    {
        var file = new Argument<string>("FILE") { Description = "The file to check, of any kind inspect reads. 要检查的文件" };
        var suggest = new Option<bool>("--suggest") { Description = "Find rules in the data and apply the sure ones. 从数据里找规则，采用有把握的" };
        var rules = new Option<string?>("--rules") { Description = "A YAML file of rules to check by. 规则文件（YAML）" };
        var sure = new Option<double>("--confidence") { Description = "How sure a found rule must be to be applied, 0 to 1. 采用规则所需的把握", DefaultValueFactory = _ => CheckTable.Sure };
        var rulesOut = new Option<string?>("--rules-out") { Description = "Write the applied rules to this YAML file, to be changed and used again. 把采用的规则写入文件" };
        var form = new Option<string?>("--as") { Description = "Write the mended table instead: csv. 输出改正后的表" };
        form.AcceptOnlyFromAmong("csv");
        var target = new Option<string?>("--out") { Description = "Where the mended table goes; without it standard output. 改正后的表写到哪里" };
        var json = new Option<bool>("--json") { Description = "One JSON document for machines. 输出 JSON" };
        var table = new Option<int>("--table") { Description = "Which table of the file, from 1. 第几个表", DefaultValueFactory = _ => 1 };
        var sheet = new Option<string?>("--sheet") { Description = "Sheet of a workbook. 工作表" };
        var entry = new Option<string?>("--entry") { Description = "Entry of a zip. 压缩包内的文件" };
        var encoding = new Option<string?>("--encoding") { Description = "The encoding, when it is guessed wrongly. 编码" };
        var delimiter = new Option<string?>("--delimiter") { Description = "What stands between cells (\\t for a tab). 分隔符" };
        var header = new Option<int?>("--header") { Description = "Number of header rows. 表头行数" };
        var command = new Command("check", "Check a file by rules, or find the rules in it; without a city. 按规则检查文件，或从文件里找规则")
        {
            file, suggest, rules, sure, rulesOut, form, target, json, table, sheet, entry, encoding, delimiter, header,
        };
        sure.Validators.Add(r =>
        {
            if (r.Tokens is [var given, ..] && !(double.TryParse(given.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1))
            {
                r.AddError("--confidence: 0–1，数 a number");
            }
        });
        table.Validators.Add(r => CommandOutput.Range(r, 1, 10_000));
        header.Validators.Add(r => CommandOutput.Range(r, 0, 9));
        command.SetAction((parsed, stop) => Run(
            new Request(parsed.GetValue(file)!, parsed.GetValue(suggest), parsed.GetValue(rules), parsed.GetValue(sure), parsed.GetValue(rulesOut), parsed.GetValue(form) is not null || parsed.GetValue(target) is not null, parsed.GetValue(target), parsed.GetValue(json), parsed.GetValue(table), new Hints
            {
                Sheet = parsed.GetValue(sheet), Entry = parsed.GetValue(entry), Encoding = parsed.GetValue(encoding), HeaderRows = parsed.GetValue(header),
                Delimiter = parsed.GetValue(delimiter)?.Replace("\\t", "\t", StringComparison.Ordinal),
            }),
            columnar?.Invoke([Path.GetDirectoryName(Path.GetFullPath(parsed.GetValue(file)!))!]),
            clock.GetUtcNow(), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, stop));
        return command;
    }

    internal sealed record Request(string File, bool Suggest, string? Rules, double Sure, string? RulesOut, bool AsCsv, string? Out, bool Json, int Table, Hints Hints);

    internal static async Task<int> Run(Request ask, IColumnarFiles? columnar, DateTimeOffset now, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (!ask.Suggest && ask.Rules is null)
        {
            return await Refused(ask, Problems.NoRulesAsked, 2, output, error);
        }

        if (!File.Exists(ask.File) || (ask.Rules is not null && !File.Exists(ask.Rules)))
        {
            return await Refused(ask, Problems.NoFile.With(File.Exists(ask.File) ? ask.Rules : ask.File), 2, output, error);
        }

        if (Targets(ask) is { } clash)
        {
            return await Refused(ask, clash, 2, output, error);
        }

        var title = new Text("检查", "checking").ToString();
        var grid = await CommandProgress.Run(ask.Json || ask.AsCsv, title, told => Task.Run(() => TableFile.Read(ask.File, ask.Table, ask.Hints, columnar, rows => told(rows, rows, "")), stop));
        var found = grid.Refused ? grid.Problem! : await Checked(ask, grid.Value, now, stop);
        if (found.Refused)
        {
            return await Refused(ask, found.Problem!, 1, output, error);
        }

        try
        {
            return await Report(ask, grid.Value, found.Value, output, error, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await Refused(ask, Problems.CannotWrite.With(e.Message), 1, output, error);
        }
    }

    private static async Task<Result<Checked>> Checked(Request ask, Grid grid, DateTimeOffset now, CancellationToken stop)
    {
        if (ask.Rules is null)
        {
            return CheckTable.Suggest(grid, ask.Sure, now);
        }

        var rules = RuleFile.Read(await File.ReadAllTextAsync(ask.Rules, stop), Path.GetFileName(ask.Rules));
        if (rules.Refused)
        {
            return rules.Problem!;
        }

        var given = CheckTable.Apply(grid, rules.Value, now);
        return given.Refused || !ask.Suggest ? given : CheckTable.Together([.. given.Value.Rules, .. CheckTable.Suggest(grid, ask.Sure, now).Rules]);
    }

    private static async Task<int> Report(Request ask, Grid grid, Checked found, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (ask.RulesOut is not null)
        {
            await File.WriteAllTextAsync(ask.RulesOut, RuleFile.Write(found.Rules.Where(r => r.Applied).Select(r => (r.Found.Rule, (string?)CheckReport.Note(r)))), stop);
        }

        if (ask.AsCsv)
        {
            MendedTable.Write(grid, found, ask.Out);
        }

        var profile = ask.Suggest ? ProfileTable.Run(grid) : null;
        var told = ask.AsCsv && ask.Out is null ? error : output;
        if (ask.Json)
        {
            await told.WriteLineAsync(CheckReport.Json(ask.File, grid, found, profile));
        }
        else if (ask.AsCsv)
        {
            await error.WriteLineAsync(CheckReport.Summary(grid, found).ToString());
        }
        else
        {
            CheckReport.Show(grid, found, profile, told);
        }

        return 0;
    }

    /// <summary>Nothing is written over the file that is read, nor two things to one place.</summary>
    private static Problem? Targets(Request ask)
    {
        string?[] all = [ask.File, ask.Rules, ask.RulesOut, ask.Out];
        var paths = all.OfType<string>().Select(Path.GetFullPath).ToList();
        return paths.GroupBy(p => p, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice ? Problems.OverSource.With(twice.Key) : null;
    }

    private static async Task<int> Refused(Request ask, Problem problem, int code, TextWriter output, TextWriter error)
    {
        await (ask.Json ? output : error).WriteLineAsync(ask.Json ? CheckReport.Refused(ask.File, problem) : string.Create(CultureInfo.InvariantCulture, $"{ask.File}: {problem}"));
        return code;
    }
}
