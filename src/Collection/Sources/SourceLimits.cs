// The city's settings for sources (section Sources of the configuration, e.g. the environment variable Sources__UploadBytes).
using System.Globalization;

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

    /// <summary>When offices are open on a working day, city time: what the work calendar counts as worked.</summary>
    public string OfficeHours { get; init; } = "08:30-12:00 14:00-17:30";

    /// <summary>The same, read.</summary>
    public IReadOnlyList<(TimeOnly Opens, TimeOnly Closes)> Office =>
        [.. OfficeHours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split('-')).Select(h => (Time(h[0]), Time(h[1])))];

    /// <summary>Whether so many bytes more would take of what must remain: state and evidence are written there too, and a full disk could not even be told.</summary>
    public bool Short(string folder, long more = 0) => new DriveInfo(folder).AvailableFreeSpace - more < KeepFree;

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}
