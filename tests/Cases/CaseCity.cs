// In: nothing. Out: the real host with three units and their stewards; cases that are reported and acted on by its usual door.
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Cases.Tests;

public class CaseCity : County, IAsyncLifetime
{
    public static readonly Guid Cleaning = Guid.Parse("01930000-0000-7000-8000-00000000000a");
    public static readonly Guid Water = Guid.Parse("01930000-0000-7000-8000-00000000000b");

    /// <summary>Of the bureau, that does every duty.</summary>
    public HttpClient Bureau { get; private set; } = null!;

    public HttpClient Cleaner { get; private set; } = null!;

    public HttpClient Plumber { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Open();
        using (var scope = Services.CreateScope())
        {
            var root = Guid.Parse("01930000-0000-7000-8000-000000000001");
            (await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register(
                [new(root, "113307843077566033", "模拟市", null, true), new(Cleaning, "11330600MB1573660P", "模拟环卫中心", root, true), new(Water, "11332500MB1601924J", "模拟水务局", root, true)],
                [], Actor.System, default)).Problem.ShouldBeNull();
        }

        await SignIn();
        Services.GetRequiredService<Acting.DeskBook>().Forget(); // It keeps the units it knows for a second.
    }

    /// <summary>Ends the program and starts it again on the same folder.</summary>
    public async Task Reopen()
    {
        await Close();
        await Open();
        await SignIn();
    }

    public async Task<string> Report(string words = "路边有一堆垃圾", string? key = null, string? @class = "0102") =>
        (await Json(await Bureau.PostAsJsonAsync("/api/v1/cases", new { words, place = "330784001", @class, address = "解放路 1 号", name = "钱女士", phone = "13800000000", key }))).GetProperty("number").GetString()!;

    public Task<HttpResponseMessage> Act(HttpClient who, string number, string act, object? fields = null, long? revision = null, string? key = null) =>
        who.PostAsJsonAsync($"/api/v1/cases/{number}/acts", new { act, fields = fields ?? new { }, revision, key });

    /// <summary>The same as a form with photos.</summary>
    /// <param name="fields">Parts of the form beside act and key.</param>
    public async Task<HttpResponseMessage> ActWith(HttpClient who, string number, string act, byte[][] photos, string? key = null, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Prepend(("act", act)).Concat(key is null ? [] : [("key", key)]))
        {
            form.Add(new StringContent(value), name);
        }

        foreach (var (i, photo) in photos.Index())
        {
            form.Add(new ByteArrayContent(photo) { Headers = { ContentType = new("image/jpeg") } }, "photos", $"{i}.jpg");
        }

        return await who.PostAsync(new Uri($"/api/v1/cases/{number}/acts", UriKind.Relative), form);
    }

    /// <summary>Takes it as far as being handled by the cleaners.</summary>
    public async Task<string> Dispatched()
    {
        var number = await Report();
        await Json(await Act(Bureau, number, "accept", new { @class = "0102" }));
        await Json(await Act(Bureau, number, "file"));
        await Json(await Act(Bureau, number, "dispatch", new { unit = Cleaning }));
        return number;
    }

    public async Task<JsonElement> Detail(string number, HttpClient? who = null) => await Json(await (who ?? Bureau).GetAsync(new Uri($"/api/v1/cases/{number}", UriKind.Relative)));

    /// <summary>Another person of the bureau than the one of the county.</summary>
    public async Task<HttpClient> Colleague()
    {
        var login = $"second-{Guid.NewGuid().ToString()[..8]}";
        var (_, first) = await Account(login, "模拟同事", Roles.Engineer);
        using var newcomer = await SignedIn(login, first);
        (await newcomer.PostAsJsonAsync("/api/v1/password", new { old = first, @new = "Changed-by-test-1" })).EnsureSuccessStatusCode();
        return await SignedIn(login, "Changed-by-test-1");
    }

    private async Task SignIn() => (Bureau, Cleaner, Plumber) = (await As(Roles.Engineer), await AsStewardOf(Cleaning), await AsStewardOf(Water));

    /// <summary>The command line, as a process of its own on the folder of this city: how it ended and what it said.</summary>
    public async Task<(int Exit, string Said)> Command(params string[] words)
    {
        using var command = Process.Start(new ProcessStartInfo("dotnet", [CrashTests.HostDll, .. words, "--data", Data]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (said, complained) = (command.StandardOutput.ReadToEndAsync(), command.StandardError.ReadToEndAsync());
        await command.WaitForExitAsync();
        return (command.ExitCode, await said + await complained);
    }

    public static string State(JsonElement detail) => detail.GetProperty("case").GetProperty("state").GetString()!;
}

public sealed class PostgresCaseCity : CaseCity
{
    public PostgresCaseCity()
    {
        var state = Servers.Postgres();
        Change = usual => usual with { State = state };
    }
}
