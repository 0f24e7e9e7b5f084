// Puts the house together: services of every module, schema, routes, pages, the local door.
using System.Data.Common;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Lizhou.Host.Keeping;
using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Kernel.Web;
using Lizhou.Ui;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Lizhou.Host;

internal static class City
{
    /// <summary>Builds the host and brings its schema up to date; the caller starts and stops it.</summary>
    /// <param name="urls">Addresses to listen on; null for the local door alone.</param>
    /// <param name="quiet">Whether only warnings are logged, as a command wants it.</param>
    /// <param name="change">Last word on the services, for tests; null for none.</param>
    public static async Task<WebApplication> Build(
        Settings settings, string? urls, bool quiet, CancellationToken stop, Action<IServiceCollection>? change = null)
    {
        var folder = FolderLock.Take(settings.Data);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Lizhou.Host", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls([]);
        var bounds = builder.Configuration.GetSection("Doors").Get<DoorBounds>() ?? new();
        builder.WebHost.ConfigureKestrel(kestrel => Doors.Open(kestrel, settings, bounds, urls));
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true);
        // What a command prints on its standard output is its answer, which programs read.
        builder.Services.Configure<ConsoleLoggerOptions>(c => c.LogToStandardErrorThreshold = quiet ? LogLevel.Trace : LogLevel.None);
        builder.Logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var services = builder.Services;
        services.AddSingleton(_ => folder); // By a function, so that the city lets go of it in the end.
        services.AddKernel(settings);
        var subscriptions = new Subscriptions(services);
        foreach (var module in Modules.All)
        {
            module.Services(services, settings);
            module.Subscribe(subscriptions);
        }

        services.AddSingleton(subscriptions);
        services.AddSingleton(new Rooms([.. Modules.All.Select(m => m.Assembly).Distinct()], [.. Modules.All.SelectMany(m => m.Menu)]));
        services.AddLocalization();
        services.AddRazorComponents();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)); // Chinese as itself, not as numbers: a third of the bytes.
        services.AddHttpContextAccessor();
        services.AddAntiforgery();
        services.AddExceptionHandler<FailureAnswers>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true); // What could not be read is told with its field (FailureAnswers).
        services.AddOpenApi(o =>
        {
            o.CreateSchemaReferenceId = SchemaName;
            o.AddSchemaTransformer<ConditionSchema>();
        });
        services.AddRateLimiter();
        services.AddAuthentication();
        services.AddAuthorizationBuilder().SetDefaultPolicy(HalfwayIn.Policy);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, NoteRefusals>();
        services.AddDataProtection().SetApplicationName("Lizhou").PersistKeysToFileSystem(new(OwnerFile.Folder(settings.Keys)));
        services.AddCascadingAuthenticationState();
        services.AddResponseCompression(c => c.EnableForHttps = true);

        change?.Invoke(services);
        var app = builder.Build();
        app.Services.GetRequiredService<FolderLock>();
        app.Services.GetRequiredService<UpkeepSettings>(); // wrong ones are told before anything is made
        await Prepare(app, stop);
        Pipeline(app);
        return app;
    }

    /// <summary>A record is named after its module in the interface document, one inside another after that too: every use case has its own <c>Request</c>, and two modules have limits.</summary>
    private static string? SchemaName(JsonTypeInfo json) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(json) is { } name ? $"{Module(json.Type)}{json.Type.DeclaringType?.Name}{name}" : null;

    private static string Module(Type type) => type.Namespace?.Split('.') is ["Lizhou", var module and not ("Kernel" or "Contracts"), ..] ? module : "";

    private static async Task Prepare(WebApplication app, CancellationToken stop)
    {
        var state = app.Services.GetRequiredService<StateStore>();
        try
        {
            await using var connection = await state.Open(stop);
        }
        catch (Exception closed) when (closed is DbException or SocketException or TimeoutException)
        {
            throw new ProblemException(Problems.StateClosed.With(closed.Message), closed);
        }

        await SchemaScripts.Apply(state, typeof(Module).Assembly, stop);
        foreach (var module in Modules.All)
        {
            await SchemaScripts.Apply(state, module.Assembly, stop);
            await module.Start(app.Services, stop);
        }
    }

    private static void Pipeline(WebApplication app)
    {
        app.UseProxies();
        app.UseHeaders();
        app.UseLanguages();
        app.UseFailures();
        app.UseResponseCompression();
        app.MapStaticAssets();
        app.UseBounds();
        app.UseCharsets();
        app.UseLocalOperator();
        app.UseAuthentication();
        app.UseRateLimiter(); // Once it is known who asks: people behind one address do not use up each other's share.
        app.UseAuthorization();
        app.UseStrangersBound();
        app.UseAntiforgery();
        foreach (var module in Modules.All)
        {
            module.Routes(app);
        }

        var rooms = app.Services.GetRequiredService<Rooms>();
        app.MapRazorComponents<App>().AddAdditionalAssemblies([.. rooms.Pages]);
    }
}
