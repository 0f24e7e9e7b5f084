// In: time. Out: the files of persons told of are few and large, so that a search stays short however many answers were given.
using Lizhou.Kernel.Jobs;

namespace Lizhou.Policy.Disclosure;

internal sealed class MergePeople(PeopleTold people) : IRounds
{
    public Task<int> Look(CancellationToken stop) => Task.Run(() => people.Merge(stop), stop);
}
