using Lizhou.Kernel;
using Lizhou.Kernel.Data;
using Lizhou.Tabular;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Lake;

/// <summary>The warehouse's storage: files, snapshots, engine. Knows tables and rows, no domain.</summary>
public sealed class LakeModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        var folders = new[] { Warehouse.DataFolder(settings.Lake), settings.Originals, settings.Uploads, settings.Work };
        services.AddSingleton(_ => new Engine(new EngineOptions(folders, Path.Combine(settings.Lake, "temp"))));
        services.AddSingleton<IColumnarFiles>(s => new ParquetFiles(s.GetRequiredService<Engine>, Path.Combine(settings.Work, "unpacked"), settings.Lake));
        services.AddSingleton(new LakePlace(settings.Lake, Path.Combine(settings.Keys, "lake-seal")));
        services.AddSingleton(s => s.GetRequiredService<LakePlace>().Opened ?? throw new InvalidOperationException("The lake is opened when the modules start."));
    }

    public override async Task Start(IServiceProvider services, CancellationToken stop)
    {
        var place = services.GetRequiredService<LakePlace>();
        place.Opened = await Warehouse.Open(
            services.GetRequiredService<StateStore>(), services.GetRequiredService<Engine>(), place.Folder, place.SealKey(),
            services.GetRequiredService<TimeProvider>(), stop);
    }
}

/// <summary>Where this lake is, and the lake once it is open.</summary>
internal sealed class LakePlace(string folder, string keyFile) : IAsyncDisposable
{
    public string Folder => folder;

    public Warehouse? Opened { get; set; }

    /// <summary>The installation's own secret, made at the first start.</summary>
    public byte[] SealKey() => OwnerFile.Key(keyFile);

    public ValueTask DisposeAsync() => Opened?.DisposeAsync() ?? ValueTask.CompletedTask;
}
