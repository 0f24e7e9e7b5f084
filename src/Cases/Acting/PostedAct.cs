// In: the body of an act, as JSON or as a form with photos. Out: the same act either way: a form's parts are named as JSON's members, those of the act's fields by the fields' names.
// Refuses what can be read as neither, by the field that could not.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Cases.Flows;
using Lizhou.Kernel;
using Lizhou.Kernel.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lizhou.Cases.Acting;

/// <param name="Files">Said to be photos; empty of JSON.</param>
internal sealed record PostedAct(TakeAct.Ask Ask, IReadOnlyList<IFormFile> Files) : IChecked
{
    private static readonly string[] Members = ["act", "revision", "behalf", "at", "key"];

    public IEnumerable<Fault> Check() => Ask.Check();

    public static async ValueTask<PostedAct?> BindAsync(HttpContext http)
    {
        var (request, stop) = (http.Request, http.RequestAborted);
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            if (!request.HasFormContentType)
            {
                return await request.ReadFromJsonAsync<TakeAct.Ask>(options, stop) is { } told ? new(told, []) : null;
            }

            var form = await request.ReadFormAsync(stop);
            return new(Told(form).Deserialize<TakeAct.Ask>(options)!, form.Files);
        }
        catch (Exception unread) when (unread is JsonException or InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new BadHttpRequestException(unread.Message, StatusCodes.Status400BadRequest, unread);
        }
    }

    /// <summary>What the fields of an act were filled in with; of one that is there several times, all, by comma.</summary>
    public static Dictionary<string, string> Fields(IFormCollection form) =>
        form.Where(f => FlowWords.Fields.ContainsKey(f.Key)).ToDictionary(f => f.Key, f => string.Join(',', f.Value.OfType<string>()), StringComparer.Ordinal);

    private static JsonObject Told(IFormCollection form)
    {
        // Parts of other names go on too: a field that no act has is refused by its name, not dropped.
        var fields = form.Where(f => !Members.Contains(f.Key, StringComparer.OrdinalIgnoreCase)).Select(f => KeyValuePair.Create(f.Key, (JsonNode?)string.Join(',', f.Value.OfType<string>())));
        var told = new JsonObject { ["fields"] = new JsonObject(fields) };
        foreach (var member in Members)
        {
            told[member] = form[member].ToString() is { Length: > 0 } value ? value : null;
        }

        return told;
    }
}
