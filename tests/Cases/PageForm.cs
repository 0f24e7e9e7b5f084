// In: a page, and what somebody fills into one of its forms. Out: the answer to it, as a browser without scripts sends it.
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Lizhou.Cases.Tests;

internal static partial class PageForm
{
    /// <param name="name">Of the form on the page.</param>
    /// <param name="files">By the name of their field, file name and bytes.</param>
    public static async Task<(HttpResponseMessage Answer, string Page)> Send(HttpClient who, string path, string name, IEnumerable<(string Name, string Value)> fields, params (string Field, string File, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (field, value) in (await Hidden(who, path, name)).Concat(fields))
        {
            form.Add(new StringContent(value), field);
        }

        foreach (var (field, file, bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes) { Headers = { ContentType = new("image/jpeg") } }, field, file);
        }

        var answer = await who.PostAsync(new Uri(path, UriKind.Relative), form);
        return (answer, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>What the page itself puts into the form: the proof that it is ours, the form's name, the key of this drawing.</summary>
    public static async Task<List<(string Name, string Value)>> Hidden(HttpClient who, string path, string name)
    {
        var page = await who.GetStringAsync(new Uri(path, UriKind.Relative));
        var drawn = page.Split("<form").Skip(1).Select(f => f.Split("</form>")[0]).First(f => f.Contains($"value=\"{name}\"", StringComparison.Ordinal));
        return [.. Field().Matches(drawn).Select(m => (m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value))).Where(f => f.Item1 is not ("X" or "Y"))];
    }

    /// <summary>As application/x-www-form-urlencoded: each value in an encoding, percent signs for every byte.</summary>
    public static string Percent(string text, Encoding encoding) => string.Concat(encoding.GetBytes(text).Select(b => $"%{b:X2}"));

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Field();
}
