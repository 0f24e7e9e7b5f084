using System.CommandLine;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Lake;
using Lizhou.Quality.Board;
using Lizhou.Quality.Conflicts;
using Lizhou.Quality.Files;
using Lizhou.Quality.Gates;
using Lizhou.Quality.Kept;
using Lizhou.Quality.Tickets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality;

/// <summary>数据质量: rules, one-scan states, scores, tickets, the quality gate.</summary>
public sealed class QualityModule : Module
{
    private static readonly Text Group = new("数据治理", "Governance");

    public override void Services(IServiceCollection services, Settings settings) => services.AddTickets().AddConflicts().AddBoard().AddKept();

    public override void Routes(IEndpointRouteBuilder routes)
    {
        TicketRoutes.Map(routes);
        GateRoutes.Map(routes);
        ConflictRooms.Map(routes);
        BoardRooms.Map(routes);
        KeptRooms.Map(routes);
    }

    public override void Subscribe(Subscriptions on)
    {
        TicketRooms.Subscribe(on);
        ConflictRooms.Subscribe(on);
        KeptRooms.Subscribe(on);
    }

    public override IEnumerable<MenuEntry> Menu => [BoardRooms.Entry(Group), KeptRooms.Entry(Group), .. TicketRooms.Menu(Group), ConflictRooms.Entry(Group)];

    public override IEnumerable<Command> Commands(IHostCalls host) => [CheckCommand.Create(ParquetFiles.Alone, TimeProvider.System), TicketCommands.All(host), RuleCommands.All(host)];
}
