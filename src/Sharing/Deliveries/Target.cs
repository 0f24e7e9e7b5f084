// Where a delivery goes to: exactly one of its members. In: what the form or API says. Refuses what cannot be one.
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Lizhou.Sharing.Deliveries.Files;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Deliveries;

/// <summary>A file that waits here to be fetched.</summary>
/// <param name="KeepDays">How long it waits.</param>
/// <param name="Certificate">The receiver's X.509 certificate (PEM, RSA) to which the file is encrypted; null: not encrypted.</param>
internal sealed record FileTarget(RowFormat Format, int KeepDays = 7, string? Certificate = null);

internal sealed record Target(FileTarget? File = null)
{
    public DeliveryWay Way => DeliveryWay.File;

    /// <summary>In a few words, without secrets.</summary>
    public string Where => File is { } file ? $"{file.Format}{(file.Certificate is null ? "" : " · CMS")}" : "—";

    public IEnumerable<Fault> Check(DateTimeOffset now)
    {
        if (File is null)
        {
            yield return new("target", new("请选择一种交付方式", "choose one way"));
        }

        if (File is { KeepDays: < 1 or > 90 })
        {
            yield return new("keepDays", new("应为 1 至 90 天", "must be 1 to 90 days"));
        }

        if (File?.Certificate is { } pem && Enveloped.Fault(pem, now) is { } fault)
        {
            yield return new("certificate", fault);
        }
    }
}
