// Delimiter, quote and encoding of the W3C's CSV files against their annotations; the published measure is the F1 score of the dialect.
using Lizhou.Tests.Support;

namespace Lizhou.Tabular.Tests.Scores;

public sealed class DialectTests(ITestOutputHelper output)
{
    [Fact]
    public void Dialects_of_real_files_are_found()
    {
        var set = Shared.Path("csv/w3c_csvw");
        int right = 0, wrong = 0, failed = 0;
        foreach (var line in File.ReadLines(Path.Combine(set, "dialect_annotations.txt")).Skip(2))
        {
            if (line.Split('|') is not [var name, var encoding, var delimiter, var quote, ..] || !File.Exists(Path.Combine(set, "files", name)))
            {
                continue;
            }

            var found = Inspector.Inspect(Path.Combine(set, "files", name));
            if (found.Refused)
            {
                failed++;
                output.WriteLine($"{name}: {found.Problem}");
                continue;
            }

            var shape = found.Value.Tables[0].Shape;
            var wanted = (Encoding: encoding == "utf8" ? "utf-8" : "windows-1252", Delimiter: delimiter switch { "comma" => ",", "tab" => "\t", "space" => " ", "semicolon" => ";", var d => d });
            var same = shape.Encoding == wanted.Encoding && shape.Dialect!.Delimiter == wanted.Delimiter && shape.Dialect.Quote == '"' == (quote == "doublequote");
            right += same ? 1 : 0;
            wrong += same ? 0 : 1;
            if (!same)
            {
                output.WriteLine($"{name}: {shape.Encoding} {shape.Dialect} wanted {wanted}");
            }
        }

        // As CSVsniffer counts: precision over files that got an answer, recall over right + failed.
        double precision = right / (double)(right + wrong), recall = right / (double)(right + failed);
        var f1 = 2 * precision * recall / (precision + recall);
        output.WriteLine($"{right} right, {wrong} wrong, {failed} failed: F1 {f1:F4}, accuracy {right / (double)(right + wrong + failed):F4}");
        f1.ShouldBeGreaterThanOrEqualTo(0.98);
    }
}
