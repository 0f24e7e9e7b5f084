// In: a batch landed, or a model was computed or its run undone. Out: deliveries that follow changes of its resource are due; twice told is as good as once.
using Lizhou.Contracts.Collection;
using Lizhou.Contracts.Computing;
using Lizhou.Kernel;
using Lizhou.Kernel.Events;

namespace Lizhou.Sharing.Deliveries;

internal sealed class FollowLanded(StateStore state, TimeProvider clock) : IHandle<BatchLanded>, IHandle<ModelBuilt>
{
    public Task Handle(BatchLanded fact, Guid delivery, CancellationToken stop) => Due(state, fact.Resource, clock.GetUtcNow(), stop);

    public Task Handle(ModelBuilt fact, Guid delivery, CancellationToken stop) => Due(state, fact.Model, clock.GetUtcNow(), stop);

    public static async Task Due(StateStore state, Guid resource, DateTimeOffset now, CancellationToken stop)
    {
        await using var connection = await state.Open(stop);
        await connection.Execute(
            null,
            $"""
             UPDATE sharing_delivery SET wanted_at = {now.ToStored()}, next_at = CASE WHEN failures = 0 THEN {now.ToStored()} ELSE next_at END
             WHERE on_change = 1 AND state = 'Active' AND granted IN (SELECT id FROM sharing_grant WHERE resource = {resource.ToString("D")})
             """,
            stop);
    }
}
