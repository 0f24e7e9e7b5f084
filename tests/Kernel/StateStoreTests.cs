namespace Lizhou.Kernel.Tests;

public sealed class StateStoreTests
{
    [Fact]
    public async Task Every_opening_commits_with_a_full_flush_also_one_from_the_pool()
    {
        await using var state = await TemporaryState.Start((_, _) => { });
        for (var opening = 0; opening < 3; opening++)
        {
            await using var one = await state.State.Open();
            await using var two = await state.State.Open();
            foreach (var connection in new[] { one, two })
            {
                Convert.ToInt64(await connection.Scalar(null, $"PRAGMA synchronous")).ShouldBe(2);
                Convert.ToInt64(await connection.Scalar(null, $"PRAGMA busy_timeout")).ShouldBe(5000);
            }
        }
    }
}
