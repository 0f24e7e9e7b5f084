// The house's rooms in the order of the data. A call goes down this list only; the other way is a fact.
using Lizhou.Catalog;
using Lizhou.Collection;
using Lizhou.Host.Keeping;
using Lizhou.Identity;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Ledger;
using Lizhou.Organisation;
using Lizhou.Policy;
using Lizhou.Sample;
using Lizhou.Sharing;

namespace Lizhou.Host;

internal static class Modules
{
    public static readonly IReadOnlyList<Module> All =
    [
        new LakeModule(),
        new LedgerModule(),
        new PolicyModule(),
        new OrganisationModule(),
        new IdentityModule(),
        new CatalogModule(),
        new CollectionModule(),
        new SharingModule(),
        new SampleModule(),
        new KeepingModule(),
    ];
}
