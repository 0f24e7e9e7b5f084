// `lizhou serve` runs the city; every other verb is a command that speaks to it. Without a verb: serve.
using Lizhou.Host;

var root = Cli.Root(out var host, out var data);
var parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
await using var calls = host;
host.Data = parsed.GetValue(data)!;
if (parsed.Errors.Count > 0)
{
    await parsed.InvokeAsync();
    return 2;
}

return await parsed.InvokeAsync();
