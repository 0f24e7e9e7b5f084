using Lizhou.Catalog.Search;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Standards;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Catalog;

/// <summary>数据目录: resources, items, classes, versions, contracts, search.</summary>
public sealed class CatalogModule : Module
{
    private static readonly Text Group = new("数据目录", "Catalogue");

    public override IEnumerable<MenuEntry> Menu =>
    [
        new(Group, new("目录查询", "Data catalogue"), "/catalog", Roles.Data, 20),
        new(Group, new("目录编制", "New resource"), "/catalog/new", Roles.Data, 20),
        new(Group, new("目录审核", "Reviews"), "/catalog/reviews", Roles.Data, 20),
        new(Group, new("批量导入", "Import"), "/catalog/import", Roles.Data, 20),
        new(Group, new("分类登记", "Class registry"), "/catalog/classes", Roles.Data, 20),
    ];

    public override void Services(IServiceCollection services, Settings settings)
    {
        services.AddSingleton<Register>().AddScoped<LevelHints>();
        services.AddSingleton<ListTable>();
        services.AddSingleton<ICatalog, PublishedCards>();
        services.AddSingleton<Lizhou.Contracts.Ledger.IEvidenceNames, NameResources>();
        services.AddSingleton<ICatalogBulk, PublishInBulk>();
        services.AddScoped<IElementUse, ElementUse>();
        services.AddSingleton<ILevels, SetLevel>();
        services.AddScoped<BindItems>().AddScoped<ItemElements>();
        services.AddScoped<IWorkbenchCard, WorkbenchCatalog>();
    }

    public override void Subscribe(Subscriptions on)
    {
        on.On<ColumnsProposed, ProposeItems>();
        on.On<UnitRenamed, FollowUnitRenamed>();
    }

    public override void Routes(IEndpointRouteBuilder routes)
    {
        ResourceRoutes.Map(routes);
        ClassRoutes.Map(routes);
    }
}
