// `inspect FILE…`: tells how each file is written, or writes its clean tables. Exit code 0 fine, 1 refused, 2 wrong call (a file that is not there is one).
// Clean tables are RFC 4180 (comma, double quotes, CRLF) in UTF-8, with a header line where the file has a header.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Kernel.CommandLine;
using Spectre.Console;
using Text = Lizhou.Kernel.Text;

namespace Lizhou.Tabular;

/// <summary>The verb of the command line; the host adds it to its root.</summary>
public static class InspectCommand
{
    /// <summary>Makes the command, with its options and its action.</summary>
    /// <param name="columnar">Makes a reader of Parquet files that may read the folders given; null: there is none.</param>
    public static Command Create(Func<IEnumerable<string>, IColumnarFiles>? columnar = null)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files to inspect. 要查看的文件", Arity = ArgumentArity.OneOrMore };
        var form = new Option<string?>("--as") { Description = "Write the clean table instead: csv. 输出清洗后的表" };
        form.AcceptOnlyFromAmong("csv");
        var folder = new Option<string?>("--out") { Description = "Folder for clean tables, named as their sources. Never a source's own. 输出文件夹" };
        var json = new Option<bool>("--json") { Description = "One JSON document for machines. 输出 JSON" };
        var sheet = new Option<string?>("--sheet") { Description = "Sheet of a workbook. 工作表" };
        var entry = new Option<string?>("--entry") { Description = "Entry of a zip. 压缩包内的文件" };
        var path = new Option<string?>("--path") { Description = "Dotted path to the rows of a JSON document. JSON 中数组的位置" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, utf-16le, utf-16be, gb18030, big5, windows-1252. 编码" };
        var delimiter = new Option<string?>("--delimiter") { Description = "What stands between cells, 1 to 4 characters (\\t for a tab). 分隔符" };
        var quote = new Option<string?>("--quote") { Description = "The quote character, or nothing for none. 引号" };
        var header = new Option<int?>("--header") { Description = "Number of header rows. 表头行数" };
        var skip = new Option<int?>("--skip") { Description = "Records before the header. 表头前的行数" };
        var table = new Option<int?>("--table") { Description = "Which table of a file to write, from 1; without it each into --out, the first to standard output. 第几个表" };
        var strict = new Option<bool>("--no-repair") { Description = "Leave out rows with a certain repair too. 不采用建议的改法" };
        var command = new Command("inspect", "Tell how files are written: encoding, dialect, header, types, oddities. 查看文件的编码、格式、表头、类型与异常")
        {
            files, form, folder, json, sheet, entry, path, encoding, delimiter, quote, header, skip, table, strict,
        };
        skip.Validators.Add(r => CommandOutput.Range(r, 0, int.MaxValue));
        header.Validators.Add(r => CommandOutput.Range(r, 0, 9));
        table.Validators.Add(r => CommandOutput.Range(r, 1, 10_000));
        delimiter.Validators.Add(r => CommandOutput.Range(r, 1, 4, o => o.GetValueOrDefault<string?>()?.Replace("\\t", "\t", StringComparison.Ordinal).Length));
        quote.Validators.Add(r => CommandOutput.Range(r, 0, 1, o => o.GetValueOrDefault<string?>()?.Length));
        command.SetAction((parsed, stop) => Run(
            new Request(
                parsed.GetValue(files)!,
                parsed.GetValue(form) is not null || parsed.GetValue(folder) is not null,
                parsed.GetValue(folder),
                parsed.GetValue(json),
                parsed.GetValue(table),
                !parsed.GetValue(strict),
                columnar?.Invoke(parsed.GetValue(files)!.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!).Distinct()),
                new Hints
                {
                    Encoding = parsed.GetValue(encoding), Delimiter = parsed.GetValue(delimiter)?.Replace("\\t", "\t", StringComparison.Ordinal), Quote = parsed.GetValue(quote),
                    HeaderRows = parsed.GetValue(header), PreambleRows = parsed.GetValue(skip), Sheet = parsed.GetValue(sheet), Entry = parsed.GetValue(entry), Path = parsed.GetValue(path),
                }),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            stop));
        return command;
    }

    internal sealed record Request(string[] Files, bool AsCsv, string? Folder, bool Json, int? Table, bool Repair, IColumnarFiles? Columnar, Hints Hints);

    /// <summary>Does what was asked; answers the exit code.</summary>
    internal static async Task<int> Run(Request ask, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (ask.AsCsv && ask.Files.Length > 1 && ask.Folder is null)
        {
            await error.WriteLineAsync("多个文件请用 --out 指定输出文件夹。 Several files need --out DIR.");
            return 2;
        }

        var answers = await Each(ask.Files, file => One(file, ask), stop);
        if (ask.AsCsv)
        {
            if (WriteClean.Clash(ask.Files, answers.SelectMany(a => a.Targets)) is { } clash)
            {
                await error.WriteLineAsync(clash.ToString());
                return 2;
            }

            if (ask.Folder is not null)
            {
                Directory.CreateDirectory(ask.Folder);
            }

            answers = await Each(answers, answer => Write(answer, ask), stop);
        }

        Report(ask, answers, output, error);
        return answers.Any(a => a.Problem?.Code == Problems.NotFound.Code) ? 2 : answers.Any(a => a.Problem is not null) ? 1 : 0;
    }

    /// <param name="Targets">The clean tables to write; none when only looked at or refused.</param>
    private sealed record Answer(string File, Inspection? Found, Problem? Problem)
    {
        public List<CleanTarget> Targets { get; init; } = [];

        public CleanRows Rows { get; init; } = new();
    }

    private static async Task<TTo[]> Each<TFrom, TTo>(TFrom[] all, Func<TFrom, TTo> work, CancellationToken stop)
    {
        var done = new TTo[all.Length];
        await Parallel.ForAsync(0, all.Length, stop, (i, _) =>
        {
            done[i] = work(all[i]);
            return ValueTask.CompletedTask;
        });
        return done;
    }

    private static Answer One(string file, Request ask)
    {
        var found = Inspector.Inspect(file, ask.Hints, ask.Columnar);
        if (found.Refused)
        {
            return new(file, null, found.Problem);
        }

        if (found.Value.Tables.Count == 0)
        {
            return new(file, found.Value, found.Value.Skipped.Count == 0 ? Problems.Empty.With(Path.GetFileName(file)) : Problems.NoTables.With(Path.GetFileName(file), string.Join(", ", found.Value.Skipped.Take(10))));
        }

        if (!ask.AsCsv)
        {
            return new(file, found.Value, found.Value.Tables.All(t => t.Problem is not null) ? found.Value.Tables[0].Problem : null);
        }

        var plan = WriteClean.Plan(found.Value, ask.Folder, ask.Table);
        return plan.Refused ? new(file, found.Value, plan.Problem) : new(file, found.Value, plan.Value.Select(t => t.Table.Problem).FirstOrDefault(p => p is not null)) { Targets = plan.Value };
    }

    private static Answer Write(Answer answer, Request ask)
    {
        try
        {
            return answer with { Rows = answer.Targets.Aggregate(new CleanRows(), (rows, target) => rows + WriteClean.Write(target, ask.Repair, ask.Columnar)) };
        }
        catch (ProblemException e)
        {
            return answer with { Problem = e.Problem };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return answer with { Problem = Problems.Unreadable.With(Path.GetFileName(answer.File), Faults.Why(e)) };
        }
    }

    private static void Report(Request ask, Answer[] answers, TextWriter output, TextWriter error)
    {
        if (ask.Json)
        {
            var documents = answers.Select(a => a.Found is null ? InspectReport.Refused(a.File, a.Problem!) : InspectReport.Of(a.Found, a.Problem)).ToList();
            (ask.AsCsv && ask.Folder is null ? error : output).WriteLine(JsonSerializer.Serialize<object>(documents.Count == 1 ? documents[0] : documents, InspectReport.Options));
            return;
        }

        foreach (var answer in answers)
        {
            if (answer.Problem is not null)
            {
                error.WriteLine($"{answer.File}: {answer.Problem}");
            }
            else if (!ask.AsCsv)
            {
                InspectReport.Show(answer.Found!, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }));
            }
            else
            {
                Wrote(ask, answer, error);
            }
        }

        if (ask.Folder is not null)
        {
            error.WriteLine(new Text("{0} 个文件，{1} 个被拒绝；写出 {2} 个表。", "{0} files, {1} refused; {2} tables written.").With(answers.Length, answers.Count(a => a.Problem is not null), answers.Where(a => a.Problem is null).Sum(a => a.Targets.Count)));
        }
    }

    private static void Wrote(Request ask, Answer answer, TextWriter error)
    {
        var rows = answer.Rows;
        if (rows.LeftOut + rows.Repaired > 0)
        {
            error.WriteLine($"{answer.File}: {new Text("写出 {0} 行，其中 {1} 行按建议改正；{2} 行有错，未写出。", "{0} rows written, {1} of them repaired; {2} faulty rows left out.").With(rows.Written, rows.Repaired, rows.LeftOut)}");
        }

        foreach (var refused in answer.Found!.Tables.Where(t => t.Problem is not null))
        {
            error.WriteLine($"{answer.File}: {refused.Problem}");
        }

        if (ask.Table is null && WriteClean.Readable(answer.Found) is { Count: var all } && all > answer.Targets.Count)
        {
            error.WriteLine($"{answer.File}: {new Text("共 {0} 个表，这里只写出第 1 个；用 --table 2 取另一个，或用 --out 目录写出全部。", "There are {0} tables; this is only the first. Ask for another with --table 2, or for all with --out DIR.").With(all)}");
        }
    }
}
