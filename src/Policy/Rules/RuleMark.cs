// In: the versions of the rules as they are kept. Out: which of them are not there that must be: versions are numbered without gaps, and the newest number is remembered in a sealed file beside the keys,
// so that a version taken out of the database does not bring the one before it back into force. What is missing is answered for with the next publication, which says so in the ledger.
// The file follows the commit: after a crash it may name the version before, never one that is not there.
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Lizhou.Contracts.Ledger;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Policy.Rules;

internal sealed class RuleMark(PolicyKeys keys, Settings settings)
{
    private readonly Lock one = new();
    private (DateTime Written, Mark Mark)? read;

    /// <param name="Newest">Number of the newest version there ever was; 0 for none.</param>
    /// <param name="Answered">Versions that are missing and were answered for.</param>
    internal sealed record Mark(long Newest, IReadOnlyList<long> Answered);

    /// <summary>Null where the file is gone, or is not the one this installation wrote: then nobody can say which version is the newest.</summary>
    public Mark? Read()
    {
        lock (one)
        {
            // A decision asks each time; the file is read where it was written since, also by another host.
            var written = File.GetLastWriteTimeUtc(Path(settings));
            if (read is not { } known || known.Written != written)
            {
                read = Kept() is { } mark ? (written, mark) : null;
            }

            return read?.Mark;
        }
    }

    /// <summary>Versions that must be there and are not, the newest first; null where the mark itself is gone.</summary>
    public async Task<IReadOnlyList<long>?> Missing(DbConnection connection, DbTransaction? transaction, CancellationToken stop)
    {
        if (Read() is not { } mark)
        {
            return null;
        }

        var (newest, count) = await connection.Rows(transaction, $"SELECT coalesce(max(version), 0), count(*) FROM policy_rules", r => (r.GetInt64(0), r.GetInt64(1)), stop).FirstAsync(stop);
        if (newest >= mark.Newest && count == newest)
        {
            return [];
        }

        var there = await connection.Rows(transaction, $"SELECT version FROM policy_rules", r => r.GetInt64(0), stop).ToHashSetAsync(cancellationToken: stop);
        return [.. Versions(Math.Max(newest, mark.Newest)).Where(v => !there.Contains(v) && !mark.Answered.Contains(v))];
    }

    /// <summary>After the commit of a version.</summary>
    /// <param name="missing">What was missing before it and is answered for with it.</param>
    public void Raise(long version, IReadOnlyList<long> missing)
    {
        lock (one)
        {
            var known = Read() ?? new(0, []);
            Write(new(Math.Max(known.Newest, version), [.. known.Answered.Union(missing).Order()]));
        }
    }

    /// <summary>Before the first version there is nothing to remember; a state of before there was a mark gets one at the first start, and the ledger says from which version on.</summary>
    public async Task Begin(StateStore state, ILedger ledger, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        var newest = await Newest(connection, stop);
        if (!File.Exists(Path(settings)))
        {
            if (newest > 0)
            {
                await ledger.Append(Actor.System, new("policy.remembered", $"v{newest}", Evidence.Done), stop);
            }

            Write(new(newest, []));
        }
        else if (Read() is { } known && newest > known.Newest)
        {
            Raise(newest, []); // A crash came between the version and its mark.
        }
    }

    /// <summary>Sets the mark to what was restored.</summary>
    public static async Task Restored(DbConnection state, Settings settings, CancellationToken stop)
    {
        if (File.Exists(Path(settings)))
        {
            var mark = new RuleMark(new(settings), settings);
            mark.Write(new(await Newest(state, stop), mark.Read()?.Answered ?? []));
        }
    }

    private static string Path(Settings settings) => System.IO.Path.Combine(settings.Keys, "policy-rules.txt");

    private static IEnumerable<long> Versions(long newest)
    {
        for (var version = newest; version > 0; version--)
        {
            yield return version;
        }
    }

    private static async Task<long> Newest(DbConnection connection, CancellationToken stop) =>
        Convert.ToInt64(await connection.Scalar(null, $"SELECT coalesce(max(version), 0) FROM policy_rules", stop), CultureInfo.InvariantCulture);

    private void Write(Mark mark)
    {
        var text = JsonSerializer.Serialize(mark);
        OwnerFile.Folder(settings.Keys);
        OwnerFile.Write(Path(settings), $"{text}\n{keys.Seal("mark", text)}\nThe newest version of the policy. Do not delete: without this file nobody can say which it is.\n");
        lock (one)
        {
            read = (File.GetLastWriteTimeUtc(Path(settings)), mark);
        }
    }

    private Mark? Kept() =>
        File.Exists(Path(settings)) && File.ReadAllText(Path(settings)).Split('\n') is [var text, var seal, ..] && keys.Fits("mark", text, seal) ? JsonSerializer.Deserialize<Mark>(text) : null;
}
