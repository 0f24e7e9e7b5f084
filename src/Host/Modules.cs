// The house's rooms in the order of the data. A call goes down this list only; the other way is a fact.
using Lizhou.Cases;
using Lizhou.Catalog;
using Lizhou.Collection;
using Lizhou.Computing;
using Lizhou.Host.Keeping;
using Lizhou.Identity;
using Lizhou.Kernel;
using Lizhou.Lake;
using Lizhou.Ledger;
using Lizhou.Organisation;
using Lizhou.Policy;
using Lizhou.Quality;
using Lizhou.Sample;
using Lizhou.Sharing;
using Lizhou.Standards;

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
        new StandardsModule(),
        new CatalogModule(),
        new CollectionModule(),
        new QualityModule(),
        new ComputingModule(),
        new SharingModule(),
        new CasesModule(),
        new SampleModule(),
        new KeepingModule(),
    ];
}
