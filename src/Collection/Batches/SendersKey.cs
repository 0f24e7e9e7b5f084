// In: the header Idempotency-Key of a call. Out: the sender's key; null for none. Refuses what is too long or not plain characters: keys are kept, compared and shown.
using Lizhou.Collection.Sources;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Collection.Batches;

internal static class SendersKey
{
    private const int Longest = 200;

    public static Result<string?> Of(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length > Longest || key.Any(c => c is < '!' or > '~') ? SourceProblems.BadKey : key.Length > 0 ? key : null;
    }

    /// <summary>As it is kept: apart from the keys the program gives itself, and from those of other units.</summary>
    public static string Kept(Guid unit, string key) => $"api:{unit:D}:{key}";
}
