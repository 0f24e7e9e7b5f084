// In: spans of time. Out: how they are spread. Pure.
namespace Lizhou.Cases.Measuring;

internal sealed class Spans
{
    private const int Decimals = 6; // of an hour: some milliseconds
    private readonly List<long> ticks = [];

    public long Total { get; private set; }

    public long Count => ticks.Count;

    public void Add(TimeSpan span)
    {
        ticks.Add(span.Ticks);
        Total += span.Ticks;
    }

    public Spread Spread()
    {
        ticks.Sort();
        return ticks.Count == 0 ? new(0, null, null, null, null) : new(ticks.Count, Quantile(0.5), Quantile(0.9), Hours((double)Total / ticks.Count), Hours(ticks[^1]));
    }

    private double Quantile(double p)
    {
        var place = (ticks.Count - 1) * p;
        var (below, part) = ((int)place, place - (int)place);
        return Hours(below + 1 < ticks.Count ? ticks[below] + ((ticks[below + 1] - ticks[below]) * part) : ticks[below]);
    }

    private static double Hours(double ticks) => Math.Round(ticks / TimeSpan.TicksPerHour, Decimals);
}
