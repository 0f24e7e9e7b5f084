// In: what a batch of entries is. Out: the few lines of JSON that are signed, and back. One that does not read as written here is null.
using System.Text;
using System.Text.Json;

namespace Lizhou.Ledger.Sealing;

/// <summary>What a seal says. Naming the statement before it and the entries in all, it makes a missing batch or a shortened ledger visible.</summary>
/// <param name="Batch">1, 2, 3 … without gaps.</param>
/// <param name="First">First entry in it.</param>
/// <param name="Last">Last entry; as entries have no gaps this is also how many are sealed in all.</param>
/// <param name="Hash">Digest of leaves and nodes: <c>sha256</c> or <c>sm3</c>.</param>
/// <param name="Root">Of the Merkle tree over the entries, hex.</param>
/// <param name="PreviousRoot">Of the batch before; empty for the first.</param>
/// <param name="PreviousStatement">Digest of the statement before, hex; empty for the first.</param>
/// <param name="At">When it was sealed by the installation's own clock; the time stamp says it independently.</param>
/// <param name="Signer">SHA-256 of the signer's certificate (DER), hex.</param>
internal sealed record Statement(
    long Batch, long First, long Last, string Hash, string Root, string PreviousRoot, string PreviousStatement, string At, string Signer)
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true };

    /// <summary>How many entries are sealed when this statement is the last.</summary>
    public long Sealed => Last;

    public byte[] Bytes() => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Form));

    public static Statement? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Statement>(text, Form);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
