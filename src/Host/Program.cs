// `lizhou serve` runs the city; every other verb is a command that speaks to it. Without a verb: serve.
using System.CommandLine;
using Lizhou.Host;
using Lizhou.Kernel;

var root = Cli.Root(out var host, out var data);
var parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
await using var calls = host;
(host.Data, host.MayFound) = (parsed.GetValue(data)!, parsed.CommandResult.Command.Name == "sample");
if (parsed.CommandResult.Command.Name != "serve")
{
    Languages.SpeakAsTerminal(); // What the city itself writes down is Chinese wherever it is started from.
}

if (parsed.Errors.Count > 0)
{
    await parsed.InvokeAsync();
    return 2;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (ProblemException refusal)
{
    await Console.Error.WriteLineAsync(refusal.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130; // Ctrl-C, as shells count it.
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or HttpRequestException)
{
    await Console.Error.WriteLineAsync($"{Problems.Failed.What} {failure.Message}");
    return 1;
}
