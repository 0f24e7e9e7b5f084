// The city's settings for sources (section Sources of the configuration, e.g. the environment variable Sources__UploadBytes).
using System.Globalization;
using Lizhou.Contracts.Collection;
using Lizhou.Kernel;

namespace Lizhou.Collection.Sources;

internal sealed record SourceLimits
{
    /// <summary>Largest upload or pushed file, bytes.</summary>
    public long UploadBytes { get; init; } = 20L << 30;

    /// <summary>Largest body of one push, bytes, unpacked.</summary>
    public long PushBytes { get; init; } = 256L << 20;

    /// <summary>Bodies up to this go through the group-commit path, bytes, as NDJSON.</summary>
    public int SmallPushBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of pushes that may wait for a batch; beyond it pushes are answered 429.</summary>
    public long WaitingBytes { get; init; } = 1L << 30;

    /// <summary>Rows one pull may bring.</summary>
    public long PullRows { get; init; } = 1_000_000_000;

    /// <summary>Bytes one pull may bring.</summary>
    public long PullBytes { get; init; } = 100L << 30;

    /// <summary>Largest single answer of a web interface, bytes, unpacked.</summary>
    public long AnswerBytes { get; init; } = 64L << 20;

    /// <summary>Hosts that may be read: <c>data.example.gov.cn</c> or <c>*.example.gov.cn</c>. Empty: every public host.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Hosts that may be read although they are in a private network: names, addresses or ranges such as <c>10.1.0.0/16</c>. This machine, its link
    /// and reserved addresses are opened only by an address or range of their own, e.g. <c>127.0.0.1</c>.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>Hours after which a file of a push that was never acknowledged is deleted.</summary>
    public int PushKeepHours { get; init; } = 24;

    /// <summary>Free space that must remain on the disk, bytes.</summary>
    public long KeepFree { get; init; } = 1L << 30;

    /// <summary>When offices are open on a working day, city time, where the work calendar has no plan.</summary>
    public string OfficeHours { get; init; } = "08:30-12:00 14:00-17:30";

    /// <summary>The same, read.</summary>
    public IReadOnlyList<OpenHours> Office =>
        [.. OfficeHours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => Hours(h) ?? throw new FormatException($"Hours: {h}"))];

    /// <summary>Spans of a day as people write them, <c>08:30-12:00 13:30-17:30</c>; or the part that is none.</summary>
    internal static (IReadOnlyList<OpenHours> Hours, string? Wrong) Read(string text)
    {
        var hours = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => (Told: h, Read: Hours(h))).ToList();
        var wrong = hours.Find(h => h.Read is null || h.Read.Opens >= h.Read.Closes).Told
            ?? hours.Zip(hours.Skip(1)).FirstOrDefault(h => h.First.Read!.Closes > h.Second.Read!.Opens).Second.Told
            ?? (hours.Count == 0 ? text : null);
        return wrong is null ? ([.. hours.Select(h => h.Read!)], null) : ([], wrong);
    }

    /// <summary>The same settings; asked when the program starts, so that a wrong one is not found at the first use.</summary>
    /// <exception cref="ProblemException">The office hours are not written as such.</exception>
    public SourceLimits Checked() => Read(OfficeHours).Wrong is { } wrong ? throw new ProblemException(SourceProblems.BadHours.With(wrong)) : this;

    /// <summary>Whether so many bytes more would take of what must remain: state and evidence are written there too, and a full disk could not even be told.</summary>
    public bool Short(string folder, long more = 0) => new DriveInfo(folder).AvailableFreeSpace - more < KeepFree;

    private static OpenHours? Hours(string text) =>
        text.Split('-') is [var opens, var closes] && Time(opens) is { } from && Time(closes) is { } until ? new(from, until) : null;

    private static TimeOnly? Time(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
