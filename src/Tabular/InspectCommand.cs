// `inspect FILE…`: tells how each file is written, or writes its clean table. Exit code 0 fine, 1 refused, 2 wrong call.
// Clean tables are RFC 4180 (comma, double quotes, CRLF) in UTF-8, with a header line where the file has a header.
using System.CommandLine;
using System.Text.Json;
using Lizhou.Tabular.Writers;
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
        var folder = new Option<string?>("--out") { Description = "Folder for clean tables, named as their sources. 输出文件夹" };
        var json = new Option<bool>("--json") { Description = "One JSON document for machines. 输出 JSON" };
        var sheet = new Option<string?>("--sheet") { Description = "Sheet of a workbook. 工作表" };
        var entry = new Option<string?>("--entry") { Description = "Entry of a zip. 压缩包内的文件" };
        var path = new Option<string?>("--path") { Description = "Dotted path to the rows of a JSON document. JSON 中数组的位置" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, utf-16le, utf-16be, gb18030, big5, windows-1252. 编码" };
        var delimiter = new Option<string?>("--delimiter") { Description = "What stands between cells (\\t for a tab). 分隔符" };
        var quote = new Option<string?>("--quote") { Description = "The quote character, or nothing for none. 引号" };
        var header = new Option<int?>("--header") { Description = "Number of header rows. 表头行数" };
        var skip = new Option<int?>("--skip") { Description = "Records before the header. 表头前的行数" };
        var table = new Option<int>("--table") { Description = "Which table of a file to write, from 1. 第几个表", DefaultValueFactory = _ => 1 };
        var strict = new Option<bool>("--no-repair") { Description = "Leave out rows with a certain repair too. 不采用建议的改法" };
        var command = new Command("inspect", "Tell how files are written: encoding, dialect, header, types, oddities. 查看文件的编码、格式、表头、类型与异常")
        {
            files, form, folder, json, sheet, entry, path, encoding, delimiter, quote, header, skip, table, strict,
        };
        header.Validators.Add(r => Range(r, r.GetValueOrDefault<int?>(), 0, 9));
        table.Validators.Add(r => Range(r, r.GetValueOrDefault<int>(), 1, 10_000));
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

    internal sealed record Request(string[] Files, bool AsCsv, string? Folder, bool Json, int Table, bool Repair, IColumnarFiles? Columnar, Hints Hints);

    private static void Range(System.CommandLine.Parsing.OptionResult result, int? value, int from, int to)
    {
        if (value < from || value > to)
        {
            result.AddError($"{result.Option.Name}: {from}–{to}");
        }
    }

    /// <summary>Does what was asked; answers the exit code.</summary>
    internal static async Task<int> Run(Request ask, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (ask.AsCsv && ask.Files.Length > 1 && ask.Folder is null)
        {
            await error.WriteLineAsync("多个文件请用 --out 指定输出文件夹。 Several files need --out DIR.");
            return 2;
        }

        if (ask.Folder is not null)
        {
            Directory.CreateDirectory(ask.Folder);
        }

        var answers = new Answer[ask.Files.Length];
        await Parallel.ForAsync(0, ask.Files.Length, stop, (i, _) =>
        {
            answers[i] = One(ask.Files[i], ask);
            return ValueTask.CompletedTask;
        });
        Report(ask, answers, output, error);
        return answers.Any(a => a.Problem is not null) ? 1 : 0;
    }

    private sealed record Answer(string File, Inspection? Found, Problem? Problem, long Written = 0, long LeftOut = 0, long Repaired = 0);

    private static Answer One(string file, Request ask)
    {
        var found = Inspector.Inspect(file, ask.Hints, ask.Columnar);
        if (found.Refused)
        {
            return new(file, null, found.Problem);
        }

        if (!ask.AsCsv)
        {
            var refused = found.Value.Tables.Count > 0 && found.Value.Tables.All(t => t.Problem is not null) ? found.Value.Tables[0].Problem : null;
            return new(file, found.Value, refused);
        }

        try
        {
            return Write(file, found.Value, ask);
        }
        catch (ProblemException e)
        {
            return new(file, found.Value, e.Problem);
        }
        catch (IOException e)
        {
            return new(file, found.Value, Problems.Unreadable.With(Path.GetFileName(file), Faults.Why(e)));
        }
    }

    private static Answer Write(string file, Inspection found, Request ask)
    {
        var chosen = found.Tables.Where(t => t.Problem is null || Empty(t)).ElementAtOrDefault(ask.Table - 1);
        if (chosen is null)
        {
            return new(file, found, found.Tables.FirstOrDefault(t => t.Problem is not null)?.Problem ?? Problems.NoSuchSheet.With(Path.GetFileName(file), ask.Table, found.Tables.Count));
        }

        var target = ask.Folder is null ? null : Path.Combine(ask.Folder, NameOf(file));
        using var to = target is null ? Console.OpenStandardOutput() : File.Create(target);
        using var csv = new CsvWriter(to);
        using var reader = RowReader.Open(file, chosen.Shape, ask.Columnar);
        if (chosen.Shape.HeaderRows > 0 || chosen.Shape.Format != Format.Csv)
        {
            csv.Write(chosen.Shape.Columns.Select(c => c.Name));
        }

        long written = 0, left = 0, repaired = 0;
        while (reader.Next() is { } row)
        {
            var cells = row.Fault is null ? row.Cells : ask.Repair ? row.Fault.Repair : null;
            if (cells is null)
            {
                left++;
                continue;
            }

            repaired += row.Fault is null ? 0 : 1;
            written++;
            csv.Write(cells);
        }

        return new(file, found, chosen.Problem, written, left, repaired);
    }

    /// <summary>The clean table of an empty file is empty; it is written, and said.</summary>
    private static bool Empty(TableInspection table) => table.Problem?.Code == Problems.Empty.Code;

    /// <summary>A source's own name; .csv is put behind other kinds of names, so that two sources never share one.</summary>
    private static string NameOf(string file) =>
        Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? Path.GetFileName(file) : Path.GetFileName(file) + ".csv";

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
            else if (answer.LeftOut + answer.Repaired > 0)
            {
                error.WriteLine($"{answer.File}: {new Text("写出 {0} 行，其中 {1} 行按建议改正；{2} 行有错，未写出。", "{0} rows written, {1} of them repaired; {2} faulty rows left out.").With(answer.Written, answer.Repaired, answer.LeftOut)}");
            }
        }

        if (ask.Folder is not null)
        {
            error.WriteLine(new Text("{0} 个文件，{1} 个被拒绝。", "{0} files, {1} refused.").With(answers.Length, answers.Count(a => a.Problem is not null)));
        }
    }
}
