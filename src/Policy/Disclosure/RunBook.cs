// In: files of persons told of, as they are written and merged. Out: the state remembers each with the digest of its bytes, so that one changed or taken away is found.
using System.Data.Common;
using System.Runtime.CompilerServices;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;

namespace Lizhou.Policy.Disclosure;

internal sealed class RunBook(StateStore state)
{
    public const string Folder = "disclosures";

    public IReadOnlySet<string> Names() => Now(async () =>
    {
        await using var connection = await Open();
        return await connection.Rows(null, $"SELECT name FROM policy_people_run", r => r.GetString(0), CancellationToken.None).ToHashSetAsync(StringComparer.Ordinal);
    });

    /// <summary>In one transaction. Called where files are written, which is no place to wait asynchronously.</summary>
    /// <param name="added">Names and digests.</param>
    /// <param name="gone">Names of those merged into another.</param>
    public void Change(IReadOnlyCollection<(string Name, string Digest)> added, IReadOnlyCollection<string> gone) => Now(async () =>
    {
        await using var connection = await Open();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var (name, digest) in added)
        {
            await connection.Execute(transaction, $"INSERT INTO policy_people_run (name, digest) VALUES ({name}, {digest}) ON CONFLICT (name) DO NOTHING");
        }

        foreach (var name in gone)
        {
            await connection.Execute(transaction, $"DELETE FROM policy_people_run WHERE name = {name}");
        }

        await transaction.CommitAsync();
        return true;
    });

    public static async IAsyncEnumerable<KeptFile> All(DbConnection state, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (name, digest) in state.Rows(null, $"SELECT name, digest FROM policy_people_run ORDER BY name", r => (r.GetString(0), r.GetString(1)), stop))
        {
            yield return new(Path.Combine(Folder, name), digest, Needed: true);
        }
    }

    private Task<DbConnection> Open() => state.Open(CancellationToken.None);

    private static T Now<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
