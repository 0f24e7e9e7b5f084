// In: nothing. Out: the real host with a source unit, a receiver and their stewards; resources of the source unit, and batches that come by the usual door.
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Lizhou.Tests;
using Lizhou.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Tests;

public class QualityCity : County, IAsyncLifetime
{
    public static readonly Guid Source = Guid.Parse("01930000-0000-7000-8000-00000000000a");
    public static readonly Guid Receiver = Guid.Parse("01930000-0000-7000-8000-00000000000b");

    private int made;

    public HttpClient Steward { get; private set; } = null!;

    public HttpClient ReceiverSteward { get; private set; } = null!;

    public HttpClient Engineer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Open();
        using (var scope = Services.CreateScope())
        {
            var root = Guid.Parse("01930000-0000-7000-8000-000000000001");
            (await scope.ServiceProvider.GetRequiredService<IUnitsBulk>().Register(
                [
                    new(root, "113307843077566033", "模拟市", null, true), new(Source, "11330600MB1573660P", "模拟民政局", root, true), new(Receiver, "11332500MB1601924J", "模拟人社局", root, true),
                ],
                [], Actor.System, default)).Problem.ShouldBeNull();
        }

        Engineer = await As(Roles.Engineer);
        Steward = await AsStewardOf(Source);
        ReceiverSteward = await AsStewardOf(Receiver);
    }

    /// <summary>A published resource with a key, a name of level L4 and an amount.</summary>
    public Task<ResourceCard> Resource(string? name = null, Guid? unit = null, params ItemCard[] items) => Publish(name ?? $"补贴发放{Interlocked.Increment(ref made)}", unit ?? Source, items.Length > 0 ? items :
    [
        ItemCard.Of("编号", column: "code", key: true, required: true, level: Level.L1), ItemCard.Of("姓名", column: "name", required: true, level: Level.L4),
        ItemCard.Of("金额", ItemType.Money, "amount", level: Level.L1),
    ]);

    private async Task<ResourceCard> Publish(string name, Guid unit, IReadOnlyList<ItemCard> items)
    {
        using var scope = Services.CreateScope();
        var entry = new ResourceEntry { Class = "303001", Name = name, Unit = unit, Summary = "模拟", Format = ResourceFormat.Database, Sharing = SharingKind.Unconditional, Ways = [SharingWay.Api], Cycle = UpdateCycle.Daily, Items = items };
        return (await scope.ServiceProvider.GetRequiredService<ICatalogBulk>().Publish([entry], Actor.System, default)).Value[0];
    }

    /// <summary>Sends rows and waits for the batch to land: its number.</summary>
    public async Task<string> Collect(ResourceCard card, string csv)
    {
        using var form = new MultipartFormDataContent { { new StringContent(card.Code), "resource" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "files", "补贴.csv" } };
        return await Ended(await Json(await Engineer.PostAsync(new Uri("/api/v1/batches", UriKind.Relative), form)));
    }

    /// <summary>Sends mended rows of a batch.</summary>
    public async Task<string> Replay(string batch, string csv)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "mended.csv" } };
        return await Ended(await Json(await Steward.PostAsync(new Uri($"/api/v1/batches/{batch}/replay", UriKind.Relative), form)));
    }

    public async Task Undo(string batch, string reason) =>
        await Json(await Engineer.PostAsJsonAsync($"/api/v1/batches/{batch}/undo", new { confirm = batch, reason }));

    /// <summary>The tickets of a resource, newest first, once there are so many.</summary>
    public async Task<IReadOnlyList<JsonElement>> Tickets(ResourceCard card, int many = 1) =>
        await Wait.For(async () => (await Json(await Engineer.GetAsync(new Uri($"/api/v1/tickets?resource={card.Id}", UriKind.Relative)))).GetProperty("items").EnumerateArray().ToList(), found => found.Count == many);

    /// <summary>The one ticket of a resource, once it is like that.</summary>
    public async Task<JsonElement> Ticket(ResourceCard card, Func<JsonElement, bool> isSo) =>
        (await Wait.For(() => Tickets(card), found => isSo(found[0])))[0];

    public async Task<JsonElement> Detail(string number) => await Json(await Engineer.GetAsync(new Uri($"/api/v1/tickets/{number}", UriKind.Relative)));

    public Task<HttpResponseMessage> Step(HttpClient who, string number, string step, string? words = null, string? batch = null) =>
        who.PostAsJsonAsync($"/api/v1/tickets/{number}/steps", new { step, words, batch });

    public static string State(JsonElement ticket) => ticket.GetProperty("state").GetString()!;

    public static string Number(JsonElement ticket) => ticket.GetProperty("number").GetString()!;

    private async Task<string> Ended(JsonElement batch)
    {
        var number = batch.GetProperty("number").GetString()!;
        await Wait.Until(async () => (await Json(await Engineer.GetAsync(new Uri($"/api/v1/batches/{number}", UriKind.Relative)))).GetProperty("batch").GetProperty("state").GetString() is not ("Received" or "Loading"));
        return number;
    }
}
