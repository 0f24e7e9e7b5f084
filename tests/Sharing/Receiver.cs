// Somebody else's server that takes messages of subscriptions, and what came.
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lizhou.Sharing.Tests;

internal sealed record Message(string Id, string Time, string Signature, string Text)
{
    private JsonElement Root { get; } = Text.Length > 0 ? JsonDocument.Parse(Text).RootElement : default;

    public string Type => Root.GetProperty("type").GetString()!;

    public JsonElement Data => Root.GetProperty("data");

    public List<string> Changes => [.. Root.GetProperty("data").GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("op").GetString()} {c.GetProperty("row").GetProperty("code").GetString()}").Order(StringComparer.Ordinal)];
}

/// <summary>Somebody else's server; a redirect of it leads to a place that counts who came.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver(WebApplication app) => this.app = app;

    public int Answer { get; set; } = 200;

    public int Redirected { get; private set; }

    public System.Collections.Concurrent.ConcurrentQueue<Message> Got { get; } = new();

    /// <summary>Done when a message has come and is not answered yet; cancelled when its sender is gone.</summary>
    public Func<CancellationToken, Task> Unanswered { get; set; } = _ => Task.CompletedTask;

    public string Url => app.Urls.First() + "/hook";

    public static async Task<Receiver> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new Receiver(builder.Build());
        receiver.app.Map("/hook", receiver.Take);
        receiver.app.Map("/elsewhere", () => receiver.Redirected++);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync();
        Got.Enqueue(new(http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(), http.Request.Headers["webhook-signature"].ToString(), text));
        await Unanswered(http.RequestAborted);
        http.Response.StatusCode = Answer;
        http.Response.Headers.Location = "/elsewhere";
    }
}
