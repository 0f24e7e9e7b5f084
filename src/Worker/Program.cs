// The process in which a user's SQL runs and dies: one per query, without secrets, behind limits it cannot lift.
// In: lines of JSON on standard input (setup, parse, prepare, then run, describe or count). Out: one line of JSON each. It knows no policy: it gets parsed trees and finished views.
using System.Text.Json;
using System.Text.Json.Nodes;
using Lizhou.Lake;
using Lizhou.Worker;

Sandbox? engine = null;
while (await Console.In.ReadLineAsync() is { } line)
{
    var ask = JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { MaxDepth = 1024 })!.AsObject();
    JsonObject answer;
    try
    {
        answer = (string)ask["do"]! switch
        {
            "setup" => SetUp(ask.Deserialize<Setup>(JsonSerializerOptions.Web)!),
            "parse" => new() { ["tree"] = engine!.Parse((string)ask["sql"]!) },
            "prepare" => new() { ["tree"] = engine!.Prepare((string)ask["tree"]!) },
            "describe" => new() { ["columns"] = engine!.Describe(Views(ask)) },
            "count" => new() { ["rows"] = engine!.Count(Views(ask)) },
            _ => Ran(engine!.Run(Views(ask), (string?)ask["select"], (string?)ask["where"], (long)ask["most"]!, (string)ask["out"]!, (string?)ask["keys"], (string?)ask["hidden"] ?? "")),
        };
    }
    catch (Exception refused)
    {
        // The parent decides what of it may be shown.
        answer = new() { ["error"] = refused.Message, ["kind"] = Sandbox.KindOf(refused) };
    }

    await Console.Out.WriteLineAsync(answer.ToJsonString());
}

JsonObject SetUp(Setup setup)
{
    engine = new Sandbox(setup.Memory, setup.Threads, setup.Files, setup.Keys is null ? [setup.Out] : [setup.Out, setup.Keys]);
    Limits.Apply(setup);
    return new() { ["ready"] = true };
}

static IEnumerable<string> Views(JsonObject ask) => ask["views"]!.AsArray().Select(v => (string)v!);

static JsonObject Ran((long Rows, JsonArray Columns) result) => new() { ["rows"] = result.Rows, ["columns"] = result.Columns };
