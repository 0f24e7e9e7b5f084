// What tickets and gates bring to the module.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Quality;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;
using Lizhou.Kernel.Jobs;
using Lizhou.Quality.Gates;
using Microsoft.Extensions.DependencyInjection;

namespace Lizhou.Quality.Tickets;

internal static class TicketRooms
{
    public static IServiceCollection AddTickets(this IServiceCollection services) => services
        .AddScoped(s => new TicketsDb(s.GetRequiredService<StateStore>()))
        .AddScoped<Deadlines>().AddScoped<WriteFindings>().AddScoped<FindTickets>().AddScoped<AnswerTicket>().AddScoped<ReportReceived>().AddScoped<CountTickets>().AddScoped<ExportTickets>().AddScoped<SetLimit>()
        .AddScoped<JudgeBatch>().AddScoped<ThreeGates>().AddScoped<TellStanding>().AddScoped<IBatchStandings>(s => s.GetRequiredService<TellStanding>()).AddScoped<SetThreshold>().AddScoped<IQualityGate>(s => s.GetRequiredService<JudgeBatch>())
        .AddScoped<IWorkbenchCard, WorkbenchTickets>().AddRounds<TellOverdue>(TimeSpan.FromMinutes(10));

    public static void Subscribe(Subscriptions on)
    {
        on.On<BatchLanded, FollowBatches>(typeof(AdmissionChanged));
        on.On<BatchUndone, FollowBatches>(typeof(AdmissionChanged));
        on.On<RejectsSettled, FollowBatches>(typeof(AdmissionChanged));
    }

    public static IEnumerable<MenuEntry> Menu(Text group) =>
    [
        new(group, new("质量工单", "Tickets"), "/tickets", Roles.Data, 25),
        new(group, new("整改统计", "Mending figures"), "/tickets/figures", Roles.Data, 25),
        new(group, new("整改时限", "Limits"), "/tickets/limits", Roles.Engineer, 25),
        new(group, new("三个一律", "The three gates"), "/gates", Roles.Data, 25),
    ];
}
