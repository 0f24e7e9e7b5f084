// In: an answer as JSON has it. Out: the same as JSON or XML, as GeoReport v2 says: a list in XML holds elements of its name in the singular; refusals are a list of code and description.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lizhou.Cases.Intake.Open311;

internal static class Answer
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="root">Of the document, and of each thing in a list: <c>services/service</c>.</param>
    public static IResult Of(string format, JsonNode body, string root, int status = StatusCodes.Status200OK)
    {
        if (format == "json")
        {
            return TypedResults.Text(body.ToJsonString(Json), "application/json; charset=utf-8", statusCode: status);
        }

        var names = root.Split('/');
        var top = Element(names[0], body, names[^1]);
        return TypedResults.Text(new XDeclaration("1.0", "utf-8", null) + "\n" + top.ToString(SaveOptions.None), "text/xml; charset=utf-8", statusCode: status);
    }

    public static IResult Refused(string format, Problem problem) =>
        Of(format, new JsonArray(new JsonObject { ["code"] = $"{problem.Status}", ["description"] = $"{problem.Code}: {problem.What} {problem.Todo}" }), "errors/error", problem.Status);

    private static XElement Element(string name, JsonNode? value, string each) => value switch
    {
        JsonArray many => new XElement(name, many.Select(one => Element(each, one, each))),
        JsonObject one => new XElement(name, one.Select(p => Element(p.Key, p.Value, p.Key.TrimEnd('s')))),
        null => new XElement(name),
        _ => new XElement(name, string.Concat(value.ToString().Where(XmlConvert.IsXmlChar))),
    };
}
