// In: a small file sent by a form. Out: its text, whatever encoding a spreadsheet wrote it in; of more than its kind may have, enough to be refused.
using Lizhou.Tabular.Encodings;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Cases;

internal static class UploadText
{
    /// <summary>Bytes of a character in UTF-8, at most.</summary>
    private const int Widest = 4;

    /// <param name="most">Characters a text of its kind may have.</param>
    public static async Task<string> Read(IFormFile? file, int most, CancellationToken stop)
    {
        if (file is null)
        {
            return "";
        }

        await using var from = file.OpenReadStream();
        var held = new byte[(int)Math.Min(file.Length, (most + 1L) * Widest)];
        return WholeText.Read(held.AsMemory(0, await from.ReadAtLeastAsync(held, held.Length, throwOnEndOfStream: false, stop)));
    }
}
