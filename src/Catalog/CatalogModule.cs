using Lizhou.Catalog.Search;
using Lizhou.Contracts.Catalog;
using Lizhou.Kernel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Catalog;

/// <summary>数据目录: resources, items, classes, versions, contracts, search.</summary>
public sealed class CatalogModule : Module
{
    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Register>();
        services.AddSingleton<ListTable>();
        services.AddSingleton<ICatalog, PublishedCards>();
        services.AddSingleton<ICatalogBulk, PublishInBulk>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        ResourceRoutes.Map(routes);
        ClassRoutes.Map(routes);
    }
}
