// In: a planned resource, a range of its rows and a stream. Out: the department's CSV with its faults; the same seed writes the same bytes.
using System.Globalization;
using System.Text;

namespace Lizhou.Sample;

internal sealed class SampleFile(Plan plan, Population population, PlannedResource resource, ulong seed)
{
    private const int Block = 1 << 18;
    private readonly (Maker Make, CellDirt Dirt)[] cells = [.. resource.Form.Items.Select(i => (Makers.Of(i.Make), new CellDirt(i)))];
    private readonly double twice = resource.Form.Dirt.GetValueOrDefault("duplicate");

    public Encoding Encoding { get; } = resource.Gb18030 ? CodePagesEncodingProvider.Instance.GetEncoding("GB18030")! : Encoding.UTF8;

    /// <param name="from">First row, 0-based.</param>
    /// <param name="rows">How many; second copies come on top.</param>
    public Injected Write(Stream into, long from, long rows, CancellationToken stop)
    {
        var line = new Line();
        var row = new Row(population, plan, resource.Key, seed, resource.Sequential);
        var injected = new Injected();
        Head(line);
        for (var index = from; index < from + rows; index++)
        {
            var start = line.Length;
            row.Begin(index);
            foreach (var (make, dirt) in cells)
            {
                make(row, line);
                dirt.Apply(row, line, injected);
                line.EndCell();
            }

            line.EndRow();
            var again = row.Dice.Happens(twice);
            if (again)
            {
                line.Repeat(start);
            }

            injected.EndRow(again);
            if (line.Length > Block)
            {
                stop.ThrowIfCancellationRequested();
                Flush(line, into);
            }
        }

        Flush(line, into);
        return injected;
    }

    private void Head(Line line)
    {
        if (resource.Preamble)
        {
            var words = Words.Of.Plan;
            line.Put(string.Format(CultureInfo.InvariantCulture, words.Title, resource.Department.Name, resource.Name, words.Mark));
            line.Put("\n"u8);
            line.Put(string.Format(CultureInfo.InvariantCulture, words.Remark, plan.Last, words.Mark));
            line.Put("\n"u8);
        }

        line.Put(string.Join(',', resource.Form.Items.Select(i => i.Name)));
        line.Put(',');
        line.EndRow();
    }

    private void Flush(Line line, Stream into)
    {
        if (resource.Gb18030)
        {
            into.Write(Encoding.GetBytes(Encoding.UTF8.GetString(line.Written)));
        }
        else
        {
            into.Write(line.Written);
        }

        line.Clear();
    }
}
