// In: a grant and a format. Out: a file that waits to be fetched, encrypted to the receiver where they gave a certificate, with a signed manifest of what it is.
// The gate writes it, so it holds what the data API would answer; the evidence with the rows' digest stands before the file does.
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;
using Lizhou.Sharing.Grants;
using Lizhou.Sharing.Requests;

namespace Lizhou.Sharing.Deliveries.Files;

internal sealed class MakeFile(IRowGate gate, IChangeGate changes, FileShelf shelf, IStatementSigner signer, TimeProvider clock) : IDeliver
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public DeliveryWay Way => DeliveryWay.File;

    public async Task<Result<bool>> Hand(Handover task, CancellationToken stop)
    {
        var (grant, target, run) = (task.Grant, task.Delivery.Target.File!, task.Run);
        if (run.Cause != RunCause.Hand && task.Delivery.Cursor is { } last)
        {
            var counted = await changes.Count(new(grant.Resource, grant.Purpose, grant.Id, last), task.Actor, stop);
            if (counted is { Refused: false, Value.Counts.Sum: 0 })
            {
                return false;
            }
        }

        var folder = shelf.Begin(run.Id);
        var path = Path.Combine(folder, FileShelf.Content);
        var written = await Write(task, target, path, stop);
        if (written.Refused)
        {
            Directory.Delete(folder, recursive: true);
            return written.Problem!;
        }

        var (rows, now) = (written.Value, clock.GetUtcNow());
        var (bytes, digest) = (new FileInfo(path).Length, target.Certificate is null ? rows.Digest : await Digest(path, stop));
        var name = $"{grant.Number}-{now.InCity():yyyyMMdd-HHmm}.{target.Format.ToString().ToLowerInvariant()}{(target.Certificate is null ? "" : ".p7m")}";
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                file = name, bytes, sha256 = digest, encrypted = target.Certificate is not null, content = new { format = target.Format.ToString().ToLowerInvariant(), rows = rows.Rows, bytes = rows.Bytes, sha256 = rows.Digest },
                grant = grant.Number, purpose = grant.Purpose, resource = grant.ResourceCode, delivery = task.Delivery.Number, run = run.Id, made = now, snapshot = rows.Snapshot, evidence = rows.Evidence,
                items = rows.Items.Select(i => new { column = i.Item.Column, name = i.Item.Name, mask = i.Mask?.ToString() }), changes = HoldToGranted.OtherWay(grant, DeliveryWay.Api) is null ? rows.Cursor : null,
            },
            Json);
        await Durably(Path.Combine(folder, FileShelf.Manifest), manifest, stop);
        await Durably(Path.Combine(folder, FileShelf.Signature), signer.Sign(manifest), stop);
        shelf.Finish(run.Id, folder);
        await task.Reach(new(new(rows.Rows, 0, 0), null, rows.Snapshot, rows.Cursor, bytes, digest, rows.Evidence) { Taken = false, File = name, KeepUntil = now.AddDays(target.KeepDays) });
        return true;
    }

    private async Task<Result<RowFile>> Write(Handover task, FileTarget target, string path, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17, FileOptions.Asynchronous);
        var to = target.Certificate is null ? file : Enveloped.Open(target.Certificate, file);
        var written = await gate.Write(new RowAsk(task.Grant.Resource, task.Grant.Purpose) { Grant = task.Grant.Id }, target.Format, to, task.Actor, stop);
        if (to != file)
        {
            await to.DisposeAsync();
        }

        if (!written.Refused)
        {
            file.Flush(flushToDisk: true);
        }

        return written;
    }

    private static async Task Durably(string path, byte[] bytes, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await file.WriteAsync(bytes, stop);
        file.Flush(flushToDisk: true);
    }

    private static async Task<string> Digest(string path, CancellationToken stop)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
    }
}
